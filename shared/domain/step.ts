import type { CatalogueShelf } from './apply-catalogue.ts'
import { actorOf } from './authority.ts'
import { type ClockReading, confirmedMoment, keepTime } from './clock.ts'
import type { Command, Origin } from './commands.ts'
import { decide } from './decide.ts'
import { type Actor, EVENT_VERSION, type EventBody, type LogEvent } from './events.ts'
import { evolve } from './evolve.ts'
import type { DeviceId, Epoch, EventSeq, Moment } from './ids.ts'
import type { Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { rollDay } from './roll-day.ts'
import type { BranchState } from './state.ts'

/** The branch itself, when nobody asked: the day rolls, the clock comes into doubt. */
export const BRANCH_ORIGIN: Origin = { kind: 'branch', deviceId: 'branch' as DeviceId }

/** What one command did: all events in order, the state after them, and the answer to the one who asked. */
export interface Step {
  readonly state: BranchState
  readonly events: readonly LogEvent[]
  /** The events of the command alone, or why it changed nothing; the day may have rolled all the same. */
  readonly answer: Result<readonly LogEvent[], Refusal>
}

interface Record {
  readonly state: BranchState
  readonly events: readonly LogEvent[]
}

/** Gives bodies their place in the log and folds them, one after the other. */
export function record(
  state: BranchState,
  bodies: readonly EventBody[],
  at: { readonly epoch: Epoch; readonly now: Moment; readonly actor: Actor; readonly shelf: CatalogueShelf },
): Record {
  const events: LogEvent[] = []
  let next = state
  for (const body of bodies) {
    const stamp = { seq: (next.seq + 1) as EventSeq, epoch: at.epoch, v: EVENT_VERSION, ...at.now, actor: at.actor }
    const event: LogEvent = { ...body, ...stamp }
    next = evolve(next, event, at.shelf)
    events.push(event)
  }
  return { state: next, events }
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
  const rolled = record(clocked.state, rollDay(clocked.state, kept.now), branch)

  const now = command.type === 'ConfirmClock' ? confirmedMoment(reading) : kept.now
  const decision = decide(rolled.state, command, origin, now)
  const before = [...clocked.events, ...rolled.events]
  if (!decision.ok) return { state: rolled.state, events: before, answer: decision }

  const done = record(rolled.state, decision.value, { ...branch, now, actor: actorOf(rolled.state, origin) })
  const after = closeRetired(done, { ...branch, now })
  return {
    state: after.state,
    events: [...before, ...done.events, ...after.events],
    answer: ok([...done.events, ...after.events]),
  }
}

/** A counter that was taken out of the catalogue, or whose agent was, closes as soon as nobody is in front of it. */
function closeRetired(done: Record, at: Parameters<typeof record>[2]): Record {
  const { openCounters, retired } = done.state
  const bodies = [...openCounters.entries()]
    .filter(([id, open]) => open.ticketId === null && (retired.counters.has(id) || retired.agents.has(open.agentId)))
    .map(([counterId]): EventBody => ({ type: 'CounterClosed', counterId, reason: 'retired' }))
  return record(done.state, bodies, at)
}
