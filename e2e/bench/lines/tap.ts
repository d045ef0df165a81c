import { join } from 'node:path'
import { serviceIds } from '../bench-catalogue.ts'
import { furnish, startBranch } from '../branch.ts'
import { percentile } from '../figures.ts'
import { goals } from '../goals.ts'
import type { Line } from './context.ts'

const SLICES = 5
const SLICE_TAPS = 100
const LIMIT_SLICE_MS = 30
const WARM_UP = 3

export const tap: Line = async ({ folder, limits, load, roundCount }) => {
  const file = join(folder('limit'), 'limit.db')
  const branch = await startBranch(folder('tap'))
  const { kioskToken: token, callers } = await furnish(branch)
  const { port } = branch
  const task = { port, token, services: serviceIds, connections: 1, count: SLICE_TAPS }
  const rounds: { ours: number; limit: number }[] = []
  for (let round = -WARM_UP; round < roundCount; round += 1) {
    const ours: number[] = []
    const limit: number[] = []
    for (let slice = 0; slice < SLICES; slice += 1) {
      limit.push(...(await limits.ask('transactions', { file, ms: LIMIT_SLICE_MS })).latencies)
      ours.push(...(await load.ask('issue', task)).latencies)
    }
    await load.ask('serve', { port, callers })
    if (round >= 0) rounds.push({ ours: percentile(ours, 0.5), limit: percentile(limit, 0.5) })
  }
  await branch.stop()
  return [{ goal: goals.tap, rounds }]
}
