import type { Catalogue } from '../catalogue.ts'
import type { Command, Origin } from '../commands.ts'
import { startEpoch } from '../epoch.ts'
import type { LogEvent } from '../events.ts'
import type { AgentId, CounterId, Epoch, EpochMs, PriorityClassId, ServiceId, TicketId } from '../ids.ts'
import type { BranchState } from '../state.ts'
import { emptyState } from '../state-json.ts'
import { BRANCH_ORIGIN, record, type Step, step } from '../step.ts'
import { callerAt } from './bank.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { assertInvariants } from './invariants.ts'
import { at, installer, NO_HASH } from './story.ts'

/** A branch under a long stream of customers: no folding anew after each step, so that hundreds may come. */
export interface BusyBranch {
  readonly clock: FakeClock
  readonly state: () => BranchState
  readonly log: readonly LogEvent[]
  readonly ask: (command: Command, origin?: Origin) => Step
  readonly applies: (catalogue: Catalogue) => void
  readonly opens: (counterId: CounterId, agentId: AgentId) => Step
  /** @param bookedInMs - an appointment, from now; null without */
  readonly takes: (serviceId: ServiceId, priority?: PriorityClassId | null, bookedInMs?: number | null) => TicketId
  /** Calls the next one to a counter, whose customer before is done; null when nobody comes. */
  readonly calls: (counterId: CounterId) => (LogEvent & { readonly type: 'TicketCalled' }) | null
}

export function busyBranch(catalogue: Catalogue, agents: readonly (readonly [CounterId, AgentId])[]): BusyBranch {
  const clock = fakeClock(at('09:00'))
  const { wallMs, steadyMs } = clock.read()
  const now = { atMs: wallMs, steadyMs }
  const catalogues: Catalogue[] = []
  const shelf = (version: number): Catalogue => catalogues[version - 1] ?? catalogue
  const actor = { kind: 'branch', id: BRANCH_ORIGIN.deviceId } as const
  const begun = startEpoch(emptyState(now), 'first-boot', null, [], now)
  let { state } = record(emptyState(now), [begun], { epoch: 'epoch-1' as Epoch, now, actor, shelf })
  const log: LogEvent[] = []
  let ids = 0

  const ask: BusyBranch['ask'] = (command, origin = BRANCH_ORIGIN) => {
    const done = step(state, command, origin, clock.read(), shelf)
    assertInvariants(done.state)
    state = done.state
    log.push(...done.events)
    return done
  }
  const from = (counterId: CounterId): Origin => ({ kind: 'caller', deviceId: callerAt(counterId) })
  const applies = (body: Catalogue): void => {
    catalogues.push(body)
    ask({ type: 'ApplyCatalogue', version: catalogues.length, hash: NO_HASH }, installer)
    ask({ type: 'KeepTime' })
  }
  const opens: BusyBranch['opens'] = (counterId, agentId) =>
    ask({ type: 'OpenCounter', counterId, agentId }, from(counterId))
  const takes: BusyBranch['takes'] = (serviceId, priority = null, bookedInMs = null) => {
    ids += 1
    const ticketId = `ticket-${ids}` as TicketId
    const bookedAtMs = (clock.read().wallMs + (bookedInMs ?? 0)) as EpochMs
    const asked = { ticketId, serviceId, priority, channel: 'counter', language: null, plan: [] } as const
    const { answer } = ask({ type: 'IssueTicket', ...asked, ...(bookedInMs === null ? {} : { bookedAtMs }) })
    if (!answer.ok) throw new Error(`No ticket: ${answer.refusal.code}`)
    return ticketId
  }
  const calls: BusyBranch['calls'] = (counterId) => {
    const ticketId = state.openCounters.get(counterId)?.ticketId ?? null
    if (ticketId !== null) ask({ type: 'CompleteTicket', ticketId, outcome: null }, from(counterId))
    const { events } = ask({ type: 'CallNext', counterId }, from(counterId))
    return events.find((event) => event.type === 'TicketCalled') ?? null
  }
  applies(catalogue)
  for (const [counterId, agentId] of agents) opens(counterId, agentId)
  return { clock, state: () => state, log, ask, applies, opens, takes, calls }
}
