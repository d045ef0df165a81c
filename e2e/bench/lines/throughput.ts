import { join } from 'node:path'
import { serviceIds } from '../bench-catalogue.ts'
import { type Branch, type Devices, furnish, startBranch } from '../branch.ts'
import { goals } from '../goals.ts'
import type { Measured } from '../report.ts'
import type { Context, Line } from './context.ts'

export const CONNECTIONS = 16
/** 200 in each line at the end of a slice, after which every one is called and completed. */
export const SLICE_TICKETS = 1_600
const SLICES = 5
const LIMIT_SLICE_MS = 100

export interface Turn {
  readonly issueMs: number
  readonly serveMs: number
}

/** Issues a slice, then calls and completes all of it: the lines are empty again. */
export async function turn(
  { load }: Context,
  { port }: Branch,
  devices: Devices,
  count = SLICE_TICKETS,
): Promise<Turn> {
  const { kioskToken: token, callers } = devices
  const issued = await load.ask('issue', { port, token, services: serviceIds, connections: CONNECTIONS, count })
  const served = await load.ask('serve', { port, callers })
  if (served.count !== count) throw new Error(`${served.count} of ${count} tickets were called`)
  return { issueMs: issued.ms, serveMs: served.ms }
}

/** @returns tickets in a second */
export const rate = (ticketCount: number, ms: number): number => (ticketCount * 1_000) / ms

export const throughput: Line = async (context) => {
  const { folder, limits, load, roundCount } = context
  const file = join(folder('limit'), 'limit.db')
  const branch = await startBranch(folder('throughput'))
  const devices = await furnish(branch)
  const echoPort = await limits.ask('echo', null)
  const echo = { port: echoPort, connections: CONNECTIONS, count: SLICES * SLICE_TICKETS }
  for (let warm = 0; warm < SLICES; warm += 1) await turn(context, branch, devices)
  await load.ask('echo', echo)

  const rounds: { issue: number; serve: number; limit: number; echo: number }[] = []
  for (let round = 0; round < roundCount; round += 1) {
    let [issueMs, serveMs, limitCount] = [0, 0, 0]
    for (let slice = 0; slice < SLICES; slice += 1) {
      // Before and after ours, so that neither always finds the disk as the other has left it.
      const before = await limits.ask('transactions', { file, ms: LIMIT_SLICE_MS / 2 })
      const took = await turn(context, branch, devices)
      const after = await limits.ask('transactions', { file, ms: LIMIT_SLICE_MS / 2 })
      limitCount += before.latencies.length + after.latencies.length
      issueMs += took.issueMs
      serveMs += took.serveMs
    }
    const echoed = await load.ask('echo', echo)
    const count = SLICES * SLICE_TICKETS
    rounds.push({
      issue: rate(count, issueMs),
      serve: rate(count, serveMs),
      limit: rate(limitCount, SLICES * LIMIT_SLICE_MS),
      echo: rate(count, echoed.ms),
    })
  }
  await branch.stop()
  const measured: Measured[] = [
    { goal: goals.issue, rounds: rounds.map(({ issue, limit }) => ({ ours: issue, limit })) },
    { goal: goals.serve, rounds: rounds.map(({ serve, limit }) => ({ ours: serve, limit })) },
    { goal: goals.load, rounds: rounds.map(({ echo: ours, issue }) => ({ ours, limit: issue })) },
  ]
  return measured
}
