import { join } from 'node:path'
import { serviceIds } from '../bench-catalogue.ts'
import { furnish, startBranch } from '../branch.ts'
import { goals } from '../goals.ts'
import type { Line } from './context.ts'

const TAPS = 500
const LIMIT_SLICE_MS = 150
const WARM_UP = 4

export const tap: Line = async ({ folder, limits, load, roundCount }) => {
  const file = join(folder('limit'), 'limit.db')
  const branch = await startBranch(folder('tap'))
  const { kioskToken: token, callers } = await furnish(branch)
  const { port } = branch
  const rounds: { ours: number; limit: number }[] = []
  for (let round = -WARM_UP; round < roundCount; round += 1) {
    const limit = await limits.ask('transactions', { file, ms: LIMIT_SLICE_MS })
    const ours = await load.ask('issue', { port, token, services: serviceIds, connections: 1, count: TAPS })
    await load.ask('serve', { port, callers })
    if (round >= 0) rounds.push({ ours: ours.p50Ms, limit: limit.p50Ms })
  }
  await branch.stop()
  return [{ goal: goals.tap, rounds }]
}
