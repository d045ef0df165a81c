import { serviceIds } from '../bench-catalogue.ts'
import { askBranch, type Branch } from '../branch.ts'
import { percentile } from '../figures.ts'
import { goals } from '../goals.ts'
import type { Line } from './context.ts'
import { openHistory } from './history.ts'

const TAPS_PER_SECOND = 100
const TAPS = 500

/** The same work again and again until told to stop; a branch that is stopped meanwhile has no answer to it. */
async function repeat(work: () => Promise<unknown>, isOver: () => boolean): Promise<void> {
  while (!isOver())
    await work().catch((error: unknown) => {
      if (!isOver()) throw error
    })
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
  await tapP99()
  const reports: { ours: number; limit: number }[] = []
  const alone: number[] = []
  for (let round = 0; round < roundCount; round += 1) {
    const limit = await tapP99()
    let isOver = false
    const working = repeat(report(branch), () => isOver)
    const ours = await tapP99()
    isOver = true
    await working
    reports.push({ ours, limit })
    alone.push(limit)
  }
  // A copy of gigabytes takes longer than a round: all of its rounds are run beside it, one after the other.
  let isOver = false
  const copying = repeat(backup(branch), () => isOver)
  const copies: { ours: number; limit: number }[] = []
  for (const limit of alone) copies.push({ ours: await tapP99(), limit })
  isOver = true
  await branch.stop()
  await copying
  return [
    { goal: goals.tapBesideReport, rounds: reports },
    { goal: goals.tapBesideBackup, rounds: copies },
  ]
}
