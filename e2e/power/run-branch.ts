// Runs branch.ts on the faulty disk and reads what it said.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtProgram } from '../plants/built-program.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { type Exit, startUnderShim } from './program.ts'
import type { Ledger, Orders, Report } from './reports.ts'
import type { FaultPlan } from './shim.ts'

/** Compiled once for all the short lives of a campaign. */
export const COMPILED = join(tmpdir(), 'smartqueue-power-compiled')

export interface Life extends Exit {
  readonly reports: readonly Report[]
  readonly errors: string
}

/**
 * @param own - a folder beside the data, for what the program is told
 * @param plan - its folder is the data folder
 */
export async function runBranch(
  own: string,
  orders: Omit<Orders, 'ledger'>,
  known: Ledger,
  plan: FaultPlan,
  root = CHECKOUT,
): Promise<Life> {
  const ledger = join(own, 'ledger.json')
  const ordersFile = join(own, 'orders.json')
  writeFileSync(ledger, JSON.stringify(known))
  writeFileSync(ordersFile, JSON.stringify({ ...orders, ledger } satisfies Orders))
  const words = [await builtProgram(root, 'e2e/power/branch.ts'), plan.folder, ordersFile]
  const program = startUnderShim(words, plan, { ...process.env, NODE_COMPILE_CACHE: COMPILED })
  const exit = await program.ended
  return { ...exit, reports: program.lines.map((line) => JSON.parse(line) as Report), errors: program.errors }
}
