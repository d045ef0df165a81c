import { type Branch, type Devices, furnish, settled, startBranch } from '../branch.ts'
import { goals } from '../goals.ts'
import { layHistory } from '../history.ts'
import type { Context, Line } from './context.ts'
import { rate, SLICE_TICKETS, turn } from './throughput.ts'

/** Tickets of the short history: what the long one is compared with. */
export const HISTORY_SHORT = 10_000
const SLICES = 4

export async function openHistory(
  { folder }: Pick<Context, 'folder'>,
  name: string,
  ticketCount: number,
): Promise<{ branch: Branch; devices: Devices; dataFolder: string }> {
  const dataFolder = folder(name)
  await layHistory(dataFolder, ticketCount)
  const branch = await startBranch(dataFolder)
  const devices = await furnish(branch)
  await settled(branch)
  return { branch, devices, dataFolder }
}

export const history: Line = async (context) => {
  const short = await openHistory(context, 'history-short', HISTORY_SHORT)
  const long = await openHistory(context, 'history-long', context.historyLong)
  const issue: { ours: number; limit: number }[] = []
  const serve: { ours: number; limit: number }[] = []
  for (let round = -1; round < context.roundCount; round += 1) {
    const took = { short: { issueMs: 0, serveMs: 0 }, long: { issueMs: 0, serveMs: 0 } }
    for (let slice = 0; slice < SLICES; slice += 1)
      // Whoever is second finds the disk as the first has left it: they change places.
      for (const which of slice % 2 === 0 ? (['short', 'long'] as const) : (['long', 'short'] as const)) {
        const { branch, devices } = which === 'short' ? short : long
        const { issueMs, serveMs } = await turn(context, branch, devices)
        took[which].issueMs += issueMs
        took[which].serveMs += serveMs
      }
    if (round < 0) continue
    const count = SLICES * SLICE_TICKETS
    issue.push({ ours: rate(count, took.long.issueMs), limit: rate(count, took.short.issueMs) })
    serve.push({ ours: rate(count, took.long.serveMs), limit: rate(count, took.short.serveMs) })
  }
  await short.branch.stop()
  await long.branch.stop()
  return [
    { goal: goals.historyIssue, rounds: issue },
    { goal: goals.historyServe, rounds: serve },
  ]
}
