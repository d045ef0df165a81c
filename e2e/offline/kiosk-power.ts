// Pulls the plug of a kiosk again and again, at chosen storage operations, while it prints without the server and hands
// over what it printed. One kiosk lives through all of it; in the end every number it has given must be known.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PrintJob } from '../../kiosk/print-job.ts'
import type { Taken } from '../../kiosk/take-ticket.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { startTcpPrinter, type TcpPrinter } from '../paper/tcp-printer.ts'
import { builtProgram } from '../plants/built-program.ts'
import { CHECKOUT } from '../plants/plant.ts'
import { random } from '../power/clients.ts'
import { type PoweredProgram, startUnderShim } from '../power/program.ts'
import { countOperations, type KillOrder, restoreDurable } from '../power/shim.ts'
import { type BranchBox, openBranchBox } from './branch-box.ts'
import { type FlakyProxy, startFlakyProxy } from './flaky-proxy.ts'
import { papersOn } from './kiosk-box.ts'
import { until } from './until.ts'

const TAPS_EACH_TIME = 3
const SERVICES = ['cash', 'cards', 'loans', 'accounts'] as const
const COMPILED = join(tmpdir(), 'smartqueue-offline-compiled')
/** How often the plug is pulled right after a number was given, before the chosen operation is reached. */
const CUT_AFTER_ANSWER = 0.3
const WHENS = ['before', 'after', 'torn'] as const

export interface Outcome {
  readonly cuts: number
  /** How many storage operations a life without a cut has. */
  readonly operations: number
  readonly acknowledged: number
  readonly papers: number
  readonly failures: readonly string[]
}

interface Given {
  readonly key: string
  readonly serviceId: string
  readonly ticketId: string
  readonly number: string
}

interface Life {
  readonly root: string
  readonly own: string
  readonly folder: string
  readonly branch: BranchBox
  readonly proxy: FlakyProxy
  readonly printer: TcpPrinter
  readonly given: Given[]
  readonly failures: string[]
  readonly draw: () => number
  cutAfterAnswer: number
}

/** Nothing that is asked of a kiosk whose plug was pulled is answered. */
async function ask<Body>(
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: Body } | null> {
  try {
    const response = await fetch(url + path, init)
    return { status: response.status, body: (await response.json()) as Body }
  } catch {
    return null
  }
}

function tap(url: string, serviceId: string, key: string) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  return ask<Taken>(url, '/local/v1/tickets', { method: 'POST', headers, body: JSON.stringify({ serviceId }) })
}

async function start(life: Life, kill: KillOrder | null, code: string | null): Promise<PoweredProgram> {
  const { root, own, folder, proxy, printer } = life
  const plan = { folder, durable: join(own, 'durable'), control: join(own, 'control'), ...(kill && { kill }) }
  return startUnderShim([await builtProgram(root, 'kiosk/host-main.ts')], plan, {
    ...process.env,
    NODE_COMPILE_CACHE: COMPILED,
    KIOSK_PORT: '0',
    KIOSK_DATA_DIR: folder,
    KIOSK_BRANCH_URL: proxy.url,
    KIOSK_PRINTER: printer.address,
    ...(code === null ? {} : { KIOSK_PAIRING_CODE: code }),
  })
}

/** @returns null when its plug was pulled before it was ready */
async function readyUrl(program: PoweredProgram): Promise<string | null> {
  for (let count = 1; ; count += 1) {
    await program.untilLines(count)
    const line = program.lines[count - 1]
    if (line === undefined) return null
    const { msg, url } = JSON.parse(line) as { msg: string; url?: string }
    if (msg === 'the kiosk is ready' && url !== undefined) return url
  }
}

const isOver = ({ child }: PoweredProgram): boolean => child.exitCode !== null || child.signalCode !== null

async function isInContact(url: string): Promise<boolean> {
  const state = await ask<{ link: string; time: object | null }>(url, '/local/v1/state')
  return state === null || (state.body.link === 'up' && state.body.time !== null)
}

async function isHandedOver({ branch, given }: Life): Promise<boolean> {
  const { body } = await (await desk(branch)).get<readonly TicketJson[]>('/api/v1/tickets')
  const known = new Set<string>(body.map(({ ticketId }) => ticketId))
  return given.every(({ ticketId }) => known.has(ticketId))
}

const desks = new WeakMap<BranchBox, ReturnType<BranchBox['pair']>>()
function desk(branch: BranchBox): ReturnType<BranchBox['pair']> {
  const paired = desks.get(branch) ?? branch.pair('caller', 'the desk')
  desks.set(branch, paired)
  return paired
}

async function useKiosk(life: Life, url: string, program: PoweredProgram): Promise<void> {
  const { proxy, given, failures, draw } = life
  await until('the kiosk is in contact, or off', async () => isOver(program) || (await isInContact(url)))
  proxy.cut()
  for (let count = 0; count < TAPS_EACH_TIME; count += 1) {
    const serviceId = SERVICES[Math.floor(draw() * SERVICES.length)] ?? 'cash'
    const key = crypto.randomUUID()
    const answer = await tap(url, serviceId, key)
    if (answer === null) break
    if (answer.status !== 201) failures.push(`a tap was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    else given.push({ ...answer.body.ticket, key, serviceId })
  }
  if (draw() < life.cutAfterAnswer) await program.cut()
  proxy.mend()
  await until('all is handed over, or the plug is pulled', async () => isOver(program) || (await isHandedOver(life)))
}

/** From one start to the next cut. @returns how the program ended and what it did to its disk */
async function live(
  life: Life,
  kill: KillOrder | null,
  code: string | null,
): Promise<{ isCut: boolean; count: number }> {
  const { own, folder, failures, proxy, draw } = life
  proxy.mend()
  const program = await start(life, kill, code)
  const url = await readyUrl(program)
  if (url !== null) await useKiosk(life, url, program)
  const isCut = isOver(program)
  if (!isCut) await program.cut()
  const { code: exit, signal } = await program.ended
  if (signal !== 'SIGKILL') failures.push(`the kiosk ended with ${exit ?? signal}: ${program.errors.slice(0, 400)}`)
  const count = countOperations(join(own, 'control')).total
  // In every third cut some of what was not synced had reached the disk nonetheless.
  restoreDurable(join(own, 'durable'), folder, draw() < 0.33 ? () => draw() < 0.5 : undefined)
  return { isCut, count }
}

/** What the journal says of a ticket's paper, against the paper: a plug that is pulled leaves doubt, never a lie. */
export function liesOf({ number, state }: PrintJob, count: number): readonly string[] {
  const isUntrue =
    state === 'sent' || state === 'confirmed' ? count !== 1 : state === 'uncertain' ? count > 1 : count !== 0
  const isOpen = state === 'queued' || state === 'sending'
  return [
    ...(isUntrue ? [`${number} is ${state} and came out ${count} times`] : []),
    ...(isOpen ? [`${number} is ${state} for ever`] : []),
  ]
}

/** Each tap again with its key, and each number and paper against what the branch knows. */
async function prove(life: Life): Promise<void> {
  const { given, failures, proxy, printer, branch } = life
  proxy.mend()
  const program = await start(life, null, null)
  const url = await readyUrl(program)
  if (url === null) {
    failures.push(`the kiosk does not start again: ${program.errors.slice(0, 400)}`)
    return
  }
  await until('the kiosk is in contact', () => isInContact(url))
  for (const { key, serviceId, number } of given) {
    const again = await tap(url, serviceId, key)
    const told = again?.status === 201 ? again.body.ticket.number : `${again?.status}`
    if (told !== number) failures.push(`${number} was given, and the same tap is answered ${told} now`)
  }
  await until('all is handed over', () => isHandedOver(life)).catch((error: unknown) => failures.push(String(error)))
  const journal = (await ask<readonly PrintJob[]>(url, '/local/v1/print-jobs'))?.body ?? []
  await program.cut()
  const { body } = await (await desk(branch)).get<readonly TicketJson[]>('/api/v1/tickets')
  const numberById = new Map(body.map(({ ticketId, number }) => [ticketId as string, number]))
  for (const { ticketId, number } of given)
    if (numberById.get(ticketId) !== number) failures.push(`the branch does not know ${number}`)
  if (new Set(given.map(({ number }) => number)).size !== given.length) failures.push('a number was given twice')
  const papers = papersOn(printer, numberById)
  for (const job of journal)
    failures.push(...liesOf(job, papers.filter((ticketId) => ticketId === job.ticketId).length))
  for (const ticketId of papers) if (!numberById.has(ticketId)) failures.push(`nobody knows the paper ${ticketId}`)
}

async function openLife(seed: number, root: string): Promise<Life> {
  const own = mkdtempSync(join(tmpdir(), 'smartqueue-kiosk-power-'))
  const folder = join(own, 'kiosk')
  mkdirSync(folder)
  const branch = await openBranchBox(join(own, 'branch'))
  const proxy = await startFlakyProxy(branch.port)
  const printer = await startTcpPrinter()
  return { root, own, folder, branch, proxy, printer, given: [], failures: [], draw: random(seed), cutAfterAnswer: 0 }
}

async function end({ own, branch, proxy, printer, failures }: Life): Promise<void> {
  await proxy.close()
  await printer.close()
  await branch.stop()
  if (failures.length === 0) rmSync(own, { recursive: true, force: true })
}

const outcomeOf = ({ given, failures, printer }: Life, cuts: number, operations: number): Outcome => ({
  cuts,
  operations,
  acknowledged: given.length,
  papers: printer.jobs().length,
  failures,
})

/** @param cuts - how many; at operations drawn from the seed, or, given as `each`, at every one in turn */
export async function cutWhilePrinting(seed: number, cuts: number | 'each', root = CHECKOUT): Promise<Outcome> {
  const life = await openLife(seed, root)
  await live(life, null, await life.branch.invite('kiosk', 'the kiosk'))
  const { count: operations } = await live(life, null, null)
  const total = cuts === 'each' ? operations : cuts
  // Where each operation is to be met, nothing else may come before it.
  life.cutAfterAnswer = cuts === 'each' ? 0 : CUT_AFTER_ANSWER
  let done = 0
  for (let turn = 1; done < total && turn <= 2 * total && life.failures.length === 0; turn += 1) {
    const at = cuts === 'each' ? turn : 1 + Math.floor(life.draw() * operations)
    const when = WHENS[turn % WHENS.length] ?? 'before'
    if ((await live(life, { at, when }, null)).isCut) done += 1
    if (life.failures.length > 0) life.failures.push(`seed ${seed}, ${when} operation ${at}, in ${life.own}`)
    else if (cuts === 'each' && turn === operations) break
  }
  await prove(life)
  await end(life)
  return outcomeOf(life, done, operations)
}

/** The first boot and the pairing, cut at one operation; then the same kiosk is paired and used. */
export async function cutWhilePairing(seed: number, at: number, root = CHECKOUT): Promise<Outcome> {
  const life = await openLife(seed, root)
  const invite = (): Promise<string> => life.branch.invite('kiosk', 'the kiosk')
  const when = WHENS[at % WHENS.length] ?? 'before'
  const { isCut, count } = await live(life, { at, when }, await invite())
  await live(life, null, await invite())
  await prove(life)
  if (life.failures.length > 0)
    life.failures.push(`seed ${seed}, ${when} operation ${at} of a first boot, in ${life.own}`)
  await end(life)
  return outcomeOf(life, isCut ? 1 : 0, count)
}
