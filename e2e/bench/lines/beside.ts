import { serviceIds } from '../bench-catalogue.ts'
import { askBranch, type Branch } from '../branch.ts'
import { percentile } from '../figures.ts'
import { goals } from '../goals.ts'
import type { Line } from './context.ts'
import { openHistory } from './history.ts'

const TAPS_PER_SECOND = 100
const TAPS = 300

/** The same work again and again until told to stop. */
async function repeat(work: () => Promise<unknown>, isOver: () => boolean): Promise<void> {
  while (!isOver()) await work()
}

const report = (branch: Branch) => () => askBranch(branch, 'GET', '/api/v1/reports/days?from=2000-01-01&to=2100-01-01')
const backup = (branch: Branch) => () => askBranch(branch, 'POST', '/api/v1/backups')

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
  const besides = async (work: () => Promise<unknown>): Promise<number> => {
    let isOver = false
    const working = repeat(work, () => isOver)
    const p99 = await tapP99()
    isOver = true
    await working
    return p99
  }
  const rounds: { alone: number; report: number; backup: number }[] = []
  for (let round = -1; round < roundCount; round += 1) {
    const p99s = { alone: await tapP99(), report: await besides(report(branch)), backup: await besides(backup(branch)) }
    if (round >= 0) rounds.push(p99s)
  }
  await branch.stop()
  return [
    { goal: goals.tapBesideReport, rounds: rounds.map(({ report: ours, alone: limit }) => ({ ours, limit })) },
    { goal: goals.tapBesideBackup, rounds: rounds.map(({ backup: ours, alone: limit }) => ({ ours, limit })) },
  ]
}
