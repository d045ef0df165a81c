import { join } from 'node:path'
import { faultEnvironment, PowerControl } from '../../power/shim.ts'
import { furnish, startBranch } from '../branch.ts'
import { goals } from '../goals.ts'
import type { Line } from './context.ts'
import { rate, SLICE_TICKETS, turn } from './throughput.ts'

const SLICES = 3
const TIMES = 10
const WARM_UP = 1

/** One branch whose flushes are told, slice by slice, how long to take: as long as they do, or ten times that. */
export const slowFlush: Line = async (context) => {
  const folder = context.folder('slow-flush')
  const control = join(context.folder('slow-flush-control'), 'control')
  const branch = await startBranch(folder, [], faultEnvironment({ folder, control }))
  const devices = await furnish(branch)
  using disk = new PowerControl(control)
  const rounds: { ours: number; limit: number }[] = []
  for (let round = -WARM_UP; round < context.roundCount; round += 1) {
    let [usualMs, slowMs] = [0, 0]
    for (let slice = 0; slice < SLICES; slice += 1) {
      disk.slowFlushes(1)
      usualMs += (await turn(context, branch, devices)).issueMs
      disk.slowFlushes(TIMES)
      slowMs += (await turn(context, branch, devices)).issueMs
    }
    const count = SLICES * SLICE_TICKETS
    if (round >= 0) rounds.push({ ours: rate(count, slowMs), limit: rate(count, usualMs) })
  }
  await branch.stop()
  return [{ goal: goals.slowFlush, rounds }]
}
