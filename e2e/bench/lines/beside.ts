import { serviceIds } from '../bench-catalogue.ts'
import { askBranch, type Branch } from '../branch.ts'
import { percentile } from '../figures.ts'
import { goals } from '../goals.ts'
import type { Line } from './context.ts'
import { openHistory } from './history.ts'

const TAPS_PER_SECOND = 100
const TAPS = 300

/** Reports over all years and backups, one after the other, until told to stop. */
async function workOn(branch: Branch, isOver: () => boolean): Promise<void> {
  while (!isOver())
    await Promise.all([
      askBranch(branch, 'GET', '/api/v1/reports/days?from=2000-01-01&to=2100-01-01'),
      askBranch(branch, 'POST', '/api/v1/backups'),
    ])
}

export const beside: Line = async (context) => {
  const { load, roundCount, historyLong } = context
  const { branch, devices } = await openHistory(context, 'beside', historyLong)
  const { kioskToken: token, callers } = devices
  const { port } = branch
  const tapP99 = async (): Promise<number> => {
    const task = { port, token, services: serviceIds, perSecond: TAPS_PER_SECOND, count: TAPS }
    const { latencies } = await load.ask('taps', task)
    await load.ask('serve', { port, callers })
    return percentile(latencies, 0.99)
  }
  const rounds: { ours: number; limit: number }[] = []
  for (let round = -1; round < roundCount; round += 1) {
    const limit = await tapP99()
    let isOver = false
    const work = workOn(branch, () => isOver)
    const ours = await tapP99()
    isOver = true
    await work
    if (round >= 0) rounds.push({ ours, limit })
  }
  await branch.stop()
  return [{ goal: goals.tapBesideWork, rounds }]
}
