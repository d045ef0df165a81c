import type { Command, Origin } from '#shared/domain/commands.ts'
import type { AgentId, CounterId, DeviceId, Epoch, EpochMs, Sha256, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import { step } from '#shared/domain/step.ts'
import { beginEpoch, type Draft } from '../../../branch-server/waist/settle.ts'
import { agentIdOf, benchCatalogue, counterIds, serviceIds } from '../bench-catalogue.ts'
import { furnish, startBranch } from '../branch.ts'
import { percentile } from '../figures.ts'
import { goals } from '../goals.ts'
import type { Context, Line } from './context.ts'
import { CONNECTIONS } from './throughput.ts'

/** Who waits, spread over the queues of every counter. */
const WAITING = { few: 10, many: 1_000, most: 10_000 } as const
type Crowd = keyof typeof WAITING
const CROWDS = ['few', 'many', 'most'] as const
const SLICES = 4
const SLICE_CALLS = 100
const STEPS = 2_000
const WARM_UP = 1

const caller: Origin = { kind: 'caller', deviceId: 'caller' as DeviceId }
const kiosk: Origin = { kind: 'kiosk', deviceId: 'kiosk' as DeviceId }
const installer: Origin = { kind: 'installer', deviceId: 'installer' as DeviceId }
const counterId = counterIds[0] as CounterId
const shelf = () => benchCatalogue

/** The state of a branch with so many waiting and one counter open, without a disk. */
function crowded(count: number): { act: (command: Command, origin: Origin) => BranchState } {
  let wallMs = Date.UTC(2026, 10, 23, 9)
  const reading = () => ({ wallMs: wallMs as EpochMs, steadyMs: wallMs as unknown as SteadyMs })
  const state = emptyState({ atMs: wallMs as EpochMs, steadyMs: wallMs as unknown as SteadyMs })
  const draft: Draft = { state, events: [], tickets: new Map(), answers: new Map(), writes: [] }
  beginEpoch(draft, 'first-boot', null, [], reading(), 'epoch' as Epoch, { catalogues: { shelf } } as never)
  const act = (command: Command, origin: Origin): BranchState => {
    const { state: next, answer } = step(draft.state, command, origin, reading(), shelf)
    if (!answer.ok) throw new Error(`${command.type}: ${answer.refusal.code}`)
    return next
  }
  const keep = (command: Command, origin: Origin): void => {
    wallMs += 1_000
    draft.state = act(command, origin)
  }
  keep({ type: 'ApplyCatalogue', version: 1, hash: 'hash' as Sha256 }, installer)
  keep({ type: 'OpenCounter', counterId, agentId: agentIdOf(counterId) as AgentId }, caller)
  for (let index = 0; index < count; index += 1) {
    const serviceId = serviceIds[index % serviceIds.length]
    if (serviceId === undefined) throw new Error('The catalogue is empty')
    const ticketId = `ticket-${index}` as TicketId
    keep({ type: 'IssueTicket', ticketId, serviceId, channel: 'kiosk', priority: null, language: null }, kiosk)
  }
  return { act }
}

/** Microseconds of deciding and folding one call; the outcome is thrown away, so that the next is the same again. */
function stepMicroseconds({ act }: ReturnType<typeof crowded>): number {
  const startedMs = performance.now()
  for (let index = 0; index < STEPS; index += 1) act({ type: 'CallNext', counterId }, caller)
  return ((performance.now() - startedMs) * 1_000) / STEPS
}

interface Crowded {
  slice(): Promise<readonly number[]>
  close(): Promise<void>
}

/** A branch at which so many wait; each call is followed by its completion and a new ticket. */
async function openCrowd({ folder, load }: Context, crowd: Crowd): Promise<Crowded> {
  const branch = await startBranch(folder(`choose-${crowd}`))
  const { kioskToken, callers } = await furnish(branch)
  const [first] = callers
  if (first === undefined) throw new Error('There is no counter')
  const { port } = branch
  const count = WAITING[crowd]
  await load.ask('issue', { port, token: kioskToken, services: serviceIds, connections: CONNECTIONS, count })
  const task = { port, token: kioskToken, services: serviceIds, caller: first, count: SLICE_CALLS }
  return { slice: async () => (await load.ask('calls', task)).latencies, close: () => branch.stop() }
}

export const choose: Line = async (context) => {
  const http = {
    few: await openCrowd(context, 'few'),
    many: await openCrowd(context, 'many'),
    most: await openCrowd(context, 'most'),
  }
  const states = { few: crowded(WAITING.few), most: crowded(WAITING.most) }
  const rounds: { p50: Record<Crowd, number>; step: { few: number; most: number } }[] = []
  for (let round = -WARM_UP; round < context.roundCount; round += 1) {
    const latencies: Record<Crowd, number[]> = { few: [], many: [], most: [] }
    for (let slice = 0; slice < SLICES; slice += 1)
      for (const crowd of slice % 2 === 0 ? CROWDS : CROWDS.toReversed())
        latencies[crowd].push(...(await http[crowd].slice()))
    const [few, many, most] = CROWDS.map((crowd) => percentile(latencies[crowd], 0.5)) as [number, number, number]
    const step = { few: stepMicroseconds(states.few), most: stepMicroseconds(states.most) }
    if (round >= 0) rounds.push({ p50: { few, many, most }, step })
  }
  for (const crowd of CROWDS) await http[crowd].close()
  return [
    { goal: goals.chooseThousand, rounds: rounds.map(({ p50 }) => ({ ours: p50.many, limit: p50.few })) },
    { goal: goals.choose, rounds: rounds.map(({ p50 }) => ({ ours: p50.most, limit: p50.few })) },
    { goal: goals.chooseStep, rounds: rounds.map(({ step: { most, few } }) => ({ ours: most, limit: few })) },
  ]
}
