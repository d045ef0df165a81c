import { actorOf } from './authority.ts'
import type { CatalogueShelf } from './catalogue.ts'
import { type ClockReading, confirmedMoment, keepTime } from './clock.ts'
import type { Command, Origin } from './commands.ts'
import { decide } from './decide.ts'
import { leave } from './decide-counter.ts'
import { type Actor, EVENT_VERSION, type EventBody, type LogEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { changeTicket } from './evolve-ticket.ts'
import type { DeviceId, Epoch, EventSeq, Moment, TicketId } from './ids.ts'
import type { Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { rollDay } from './roll-day.ts'
import type { BranchState } from './state.ts'
import type { Ticket } from './ticket.ts'

/** The branch itself, when nobody asked: the day rolls, the clock comes into doubt. */
export const BRANCH_ORIGIN: Origin = { kind: 'branch', deviceId: 'branch' as DeviceId }

/** Head office, by the cloud: what it asks comes down numbered and signed. */
export const CLOUD_ORIGIN: Origin = { kind: 'cloud', deviceId: 'cloud' as DeviceId }

/** What one command did: all events in order, the state after them, and the answer to the one who asked. */
export interface Step {
  readonly state: BranchState
  readonly events: readonly LogEvent[]
  /** Each touched ticket as its last event left it, also those the state has let go of since. */
  readonly tickets: ReadonlyMap<TicketId, Ticket>
  /** The events of the command alone, or why it changed nothing; the day may have rolled all the same. */
  readonly answer: Result<readonly LogEvent[], Refusal>
}

interface Recorded {
  readonly state: BranchState
  readonly events: readonly LogEvent[]
  readonly tickets: ReadonlyMap<TicketId, Ticket>
}

const NO_TICKETS: ReadonlyMap<TicketId, Ticket> = new Map()

/** Of what is touched twice, the later one counts. */
function bothOf(a: ReadonlyMap<TicketId, Ticket>, b: ReadonlyMap<TicketId, Ticket>): ReadonlyMap<TicketId, Ticket> {
  if (a.size === 0) return b
  return b.size === 0 ? a : new Map([...a, ...b])
}

/** A ticket that the state has let go of, as an entry made later leaves it. */
const formerAfter = (former: Ticket | null, event: LogEvent): Ticket | undefined =>
  former !== null && event.type === 'TicketRecorded' && event.ticketId === former.facts.ticketId
    ? changeTicket(former, event)
    : undefined

/** Gives bodies their place in the log and folds them, one after the other. Each epoch counts from 1. */
export function record(
  state: BranchState,
  bodies: readonly EventBody[],
  at: { readonly epoch: Epoch; readonly now: Moment; readonly actor: Actor; readonly shelf: CatalogueShelf },
  former: Ticket | null = null,
): Recorded {
  if (bodies.length === 0) return { state, events: [], tickets: NO_TICKETS }
  const { epoch, actor, now } = at
  const events: LogEvent[] = []
  const tickets = new Map<TicketId, Ticket>()
  let next = state
  for (const body of bodies) {
    const seq = (next.epoch === epoch ? next.seq + 1 : 1) as EventSeq
    const event: LogEvent = { ...body, seq, epoch, v: EVENT_VERSION, atMs: now.atMs, steadyMs: now.steadyMs, actor }
    next = evolve(next, event, at.shelf)
    events.push(event)
    const ticket = 'ticketId' in event ? (next.tickets.get(event.ticketId) ?? formerAfter(former, event)) : undefined
    if (ticket !== undefined) tickets.set(ticket.facts.ticketId, ticket)
  }
  return { state: next, events, tickets }
}

/**
 * One command from ask to answer: the clock is kept, the day rolls, then the command is decided and folded.
 * Pure; the caller decides whether the outcome becomes true (execute.ts commits it first).
 */
export function step(
  state: BranchState,
  command: Command,
  origin: Origin,
  reading: ClockReading,
  shelf: CatalogueShelf,
): Step {
  const { epoch } = state
  if (epoch === null) throw new Error('A log begins with EpochStarted')
  const kept = keepTime(state, reading)
  const actor: Actor = { kind: 'branch', id: BRANCH_ORIGIN.deviceId }
  const branch = { epoch, now: kept.now, actor, shelf }
  const clocked = record(state, kept.events, branch)
  const woken = record(clocked.state, rollDay(clocked.state, kept.now), branch)
  // The roll may have freed a counter that was only waiting for its last ticket.
  const rolled = closeRetired(woken, branch)

  const confirmed = confirmedMoment({ ...reading, steadyMs: kept.now.steadyMs })
  const now = command.type === 'ConfirmClock' ? confirmed : kept.now
  const decision = decide(rolled.state, command, origin, now)
  const before = [...clocked.events, ...woken.events, ...rolled.events]
  const touched = bothOf(woken.tickets, rolled.tickets)
  if (!decision.ok) return { state: rolled.state, events: before, tickets: touched, answer: decision }

  const former = command.type === 'RecordTicket' ? command.mark.former : null
  const done = record(rolled.state, decision.value, { ...branch, now, actor: actorOf(rolled.state, origin) }, former)
  const after = closeRetired(done, { ...branch, now })
  return {
    state: after.state,
    events: [...before, ...done.events, ...after.events],
    tickets: bothOf(bothOf(touched, done.tickets), after.tickets),
    answer: ok([...done.events, ...after.events]),
  }
}

/** A counter that was taken out of the catalogue, or whose agent was, closes as soon as nobody is in front of it. */
function closeRetired(done: Recorded, at: Parameters<typeof record>[2]): Recorded {
  const { openCounters, retired } = done.state
  if (retired.counters.size === 0 && retired.agents.size === 0) return record(done.state, [], at)
  const bodies = [...openCounters.entries()]
    .filter(([id, open]) => open.ticketId === null && (retired.counters.has(id) || retired.agents.has(open.agentId)))
    .flatMap(([counterId]) => leave(done.state, counterId, 'retired', at.now))
  return record(done.state, bodies, at)
}
