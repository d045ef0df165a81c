import { serviceIds } from '../bench-catalogue.ts'
import { furnish, startBranch } from '../branch.ts'
import { percentile } from '../figures.ts'
import { goals } from '../goals.ts'
import { startHelper } from '../helper.ts'
import type { ViewerTasks } from '../viewers.ts'
import type { Line } from './context.ts'

const DISPLAYS = 100
const SLICES = 5
/** Calls of one slice; ours and the limit take turns by slices. */
const CALLS = 60
const WARM_UP = 1

export const displays: Line = async ({ folder, limits, roundCount }) => {
  const barePort = await limits.ask('broadcast', null)
  const branch = await startBranch(folder('displays'))
  const { kioskToken, displayTokens, callers } = await furnish(branch, DISPLAYS)
  const [caller] = callers
  const [serviceId] = serviceIds
  if (caller === undefined || serviceId === undefined) throw new Error('There is no counter')
  const viewers = startHelper<ViewerTasks>('./viewers.ts')
  const { port } = branch
  await viewers.ask('watchBare', { port: barePort, count: DISPLAYS })
  await viewers.ask('watchBranch', { port, tokens: displayTokens })

  const task = { port, kioskToken, callerToken: caller.token, counterId: caller.counterId, serviceId, count: CALLS }
  const p99s: { ours: number; limit: number }[] = []
  const p50s: { ours: number; limit: number }[] = []
  for (let round = -WARM_UP; round < roundCount; round += 1) {
    const bare: number[] = []
    const ours: number[] = []
    for (let slice = 0; slice < SLICES; slice += 1) {
      bare.push(...(await viewers.ask('bare', { port: barePort, count: CALLS })))
      ours.push(...(await viewers.ask('calls', task)))
    }
    if (round < 0) continue
    p99s.push({ ours: percentile(ours, 0.99), limit: percentile(bare, 0.99) })
    p50s.push({ ours: percentile(ours, 0.5), limit: percentile(bare, 0.5) })
  }
  viewers.end()
  await branch.stop()
  return [
    { goal: goals.displays, rounds: p99s },
    { goal: goals.displaysMedian, rounds: p50s },
  ]
}
