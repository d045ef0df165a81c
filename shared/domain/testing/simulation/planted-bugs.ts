import type { Queue } from '../../catalogue.ts'
import type { Command } from '../../commands.ts'
import type { LogEvent } from '../../events.ts'
import { joinLine, leaveLine } from '../../line.ts'
import { type BranchState, lineOf } from '../../state.ts'
import { entryOf, type Ticket } from '../../ticket.ts'
import { type Core, soundCore } from './two-branches.ts'

/** Bugs that others have shipped, planted around the sound core. A suite that lets one live proves nothing. */

const sound = soundCore.step

type Stepped = ReturnType<Core['step']>

/** A core whose steps are spoilt afterwards. */
const spoilt = (spoil: (before: BranchState, done: Stepped, args: Parameters<Core['step']>) => BranchState): Core => ({
  ...soundCore,
  step: (...args) => {
    const done = sound(...args)
    const state = spoil(args[0], done, args)
    const tickets = new Map([...done.tickets].map(([id, ticket]) => [id, state.tickets.get(id) ?? ticket]))
    return { ...done, state, tickets }
  },
})

/** Arrival as the wall clock told it; the difference of both clocks at the first boot is known. */
const byWallClock = spoilt((_, { state, events }, [, , , reading]) => {
  let next = state
  for (const event of events) {
    if (event.type !== 'TicketIssued') continue
    const ticket = next.tickets.get(event.ticketId)
    if (ticket?.phase.status !== 'waiting') continue
    const arrivalSteadyMs = Math.min(
      reading.steadyMs,
      reading.wallMs - FIRST_DIFFERENCE,
    ) as Ticket['facts']['place']['arrivalSteadyMs']
    const place = { ...ticket.facts.place, arrivalSteadyMs }
    const { queueId } = ticket.facts
    const moved = { ...ticket, facts: { ...ticket.facts, place } }
    const line = joinLine(leaveLine(lineOf(next, queueId), entryOf(ticket.facts)), entryOf(moved.facts))
    next = { ...next, tickets: next.tickets.set(event.ticketId, moved), lines: next.lines.set(queueId, line) }
  }
  return next
})

const FIRST_DIFFERENCE = Date.UTC(2026, 10, 23, 9) - 5_000

const lineNotLeft = spoilt((before, { state, events }) => {
  let { lines } = state
  for (const event of events) {
    if (event.type !== 'TicketTransferred' || event.fromQueueId === event.toQueueId) continue
    const old = before.lines.get(event.fromQueueId)
    const isIn = old?.some(({ entries }) => entries.some(({ ticketId }) => ticketId === event.ticketId))
    if (old !== undefined && isIn) lines = lines.set(event.fromQueueId, old)
  }
  return lines === state.lines ? state : { ...state, lines }
})

const dayByWallClock = spoilt((_, { state }, [, , , { wallMs }]) => {
  const date = new Date(wallMs).toISOString().slice(0, 10)
  return state.day === null || date >= state.day.date
    ? state
    : { ...state, day: { ...state.day, date: date as typeof state.day.date } }
})

const calledTwice = spoilt((before, { state, events }, [, command]) => {
  const called = events.find((event) => event.type === 'TicketCalled')
  return command.type === 'CallNext' && called !== undefined ? { ...state, lines: before.lines } : state
})

const refusalLeavesTrace = spoilt((before, { state, answer }) =>
  answer.ok || answer.refusal.code !== 'QueueEmpty'
    ? state
    : { ...state, queueModes: before.queueModes.set('x' as never, { isPaused: true, isClosed: false }) },
)

const NEVER = Number.MAX_SAFE_INTEGER as NonNullable<BranchState['day']>['endsAtMs']

/** The day rolls when a timer says so; a customer who comes first gets a number of yesterday. */
const rollByTimer: Core = {
  ...soundCore,
  step: (state, command, ...rest) => {
    if (command.type === 'KeepTime' || state.day === null) return sound(state, command, ...rest)
    const asleep = { ...state, day: { ...state.day, endsAtMs: NEVER } }
    const done = sound(asleep, command, ...rest)
    const { day } = done.state
    if (done.state === asleep) return { ...done, state }
    return day === null ? done : { ...done, state: { ...done.state, day: { ...day, endsAtMs: state.day.endsAtMs } } }
  },
}

const withoutFloor: Core = {
  ...soundCore,
  startEpoch: (...args) => {
    const begun = soundCore.startEpoch(...args)
    return begun.type === 'EpochStarted' ? { ...begun, carried: { ...begun.carried, numberFloor: null } } : begun
  },
}

const ghostLives: Core = {
  ...soundCore,
  step: (state, command, ...rest) =>
    sound(
      state,
      command.type === 'AdoptTickets'
        ? { ...command, tickets: command.tickets.map((paper) => ({ ...paper, ghostId: null })) }
        : command,
      ...rest,
    ),
}

/** A core that is told something else than is so; what it was told wrongly is put right in its answer. */
const misled = (
  mislead: (state: BranchState, command: Command) => BranchState | null,
  mend: (done: BranchState, before: BranchState) => BranchState,
): Core => ({
  ...soundCore,
  step: (state, command, ...rest) => {
    const wrong = mislead(state, command)
    if (wrong === null) return sound(state, command, ...rest)
    const done = sound(wrong, command, ...rest)
    return done.state === wrong ? { ...done, state } : { ...done, state: mend(done.state, state) }
  },
})

const reservationStays = spoilt((before, { state, events }) => {
  let next = state
  for (const event of events) {
    const ticket = event.type === 'ReservationLapsed' ? next.tickets.get(event.ticketId) : undefined
    const kept = ticket === undefined ? undefined : before.tickets.get(ticket.facts.ticketId)
    if (ticket?.phase.status !== 'waiting' || kept === undefined) continue
    const { queueId, ticketId } = ticket.facts
    const place = { ...ticket.facts.place, reservedFor: kept.facts.place.reservedFor }
    const again = { ...ticket, facts: { ...ticket.facts, place } }
    const line = joinLine(leaveLine(lineOf(next, queueId), entryOf(ticket.facts)), entryOf(again.facts))
    next = { ...next, tickets: next.tickets.set(ticketId, again), lines: next.lines.set(queueId, line) }
  }
  return next
})

const passedMaxIgnored = misled(
  (state) => ({ ...state, passedArrivals: state.passedArrivals.clear() }),
  (done) => done,
)

/** Counters that work take themselves for such that learn, and call whom they should not see. */
const trainingIsCalled = misled(
  (state, { type }) =>
    type === 'CallNext'
      ? { ...state, openCounters: state.openCounters.map((it) => ({ ...it, isTraining: true })) }
      : null,
  (done, before) => ({
    ...done,
    openCounters: done.openCounters.map((it, id) => ({
      ...it,
      isTraining: before.openCounters.get(id)?.isTraining ?? it.isTraining,
    })),
  }),
)

/** On arrival nobody is late: the target of a service counts for nothing afterwards. */
const lateAtArrival = misled(
  (state, { type }) => {
    const { catalogue } = state
    if (type !== 'CallNext' || catalogue === null) return null
    const queues = catalogue.body.queues.map(
      (it): Queue => (it.algorithm === 'sla' ? { ...it, algorithm: 'priority' } : it),
    )
    return { ...state, catalogue: { ...catalogue, body: { ...catalogue.body, queues } } }
  },
  (done, { catalogue }) => ({ ...done, catalogue }),
)

const breakCalls = misled(
  (state, { type }) =>
    type === 'CallNext' ? { ...state, openCounters: state.openCounters.map((it) => ({ ...it, onBreak: null })) } : null,
  (done, before) => ({
    ...done,
    openCounters: done.openCounters.map((it, id) => ({ ...it, onBreak: before.openCounters.get(id)?.onBreak ?? null })),
  }),
)

const planSkips = misled(
  (state, command) => {
    const ticket = command.type === 'CompleteTicket' ? state.tickets.get(command.ticketId) : undefined
    if (ticket === undefined || ticket.facts.plan.length < 2) return null
    const facts = { ...ticket.facts, plan: ticket.facts.plan.slice(1) }
    return { ...state, tickets: state.tickets.set(facts.ticketId, { ...ticket, facts }) }
  },
  (done) => done,
)

const withAllManagers = (catalogue: BranchState['catalogue']): BranchState['catalogue'] =>
  catalogue === null
    ? null
    : {
        ...catalogue,
        body: { ...catalogue.body, agents: catalogue.body.agents.map((it) => ({ ...it, role: 'manager' })) },
      }

const anybodySteers = misled(
  (state, { type }) => (type === 'SignInManager' ? { ...state, catalogue: withAllManagers(state.catalogue) } : null),
  (done, { catalogue }) => ({ ...done, catalogue }),
)

const steersOvernight = spoilt((before, { state, events }) =>
  events.some(({ type }) => type === 'DayOpened') ? { ...state, managers: before.managers } : state,
)

const runnerUpIsChosen: Core = {
  ...soundCore,
  step: (...args) => {
    const done = sound(...args)
    const told = (event: LogEvent): LogEvent =>
      event.type === 'TicketCalled' && event.why.runnerUp !== null
        ? { ...event, why: { ...event.why, runnerUp: event.ticketId } }
        : event
    return { ...done, events: done.events.map(told) }
  },
}

export const plantedBugs: { readonly [name: string]: Core } = {
  'order by the wall clock': byWallClock,
  'numbers again after a new epoch': withoutFloor,
  'the line is not left on transfer': lineNotLeft,
  'the day goes back with the wall clock': dayByWallClock,
  'two agents call one ticket': calledTwice,
  'a refusal leaves a trace': refusalLeavesTrace,
  'the day rolls by timer only': rollByTimer,
  'a ghost lives on beside its paper': ghostLives,
  'a reservation does not lapse': reservationStays,
  'nobody counts who was passed': passedMaxIgnored,
  'a training ticket is called by a counter that works': trainingIsCalled,
  'late is decided at arrival': lateAtArrival,
  'a break does not stop calls': breakCalls,
  'anybody signs in as a manager': anybodySteers,
  'a manager stays signed in when the day closes': steersOvernight,
  'a plan skips a service': planSkips,
  'the runner-up is the one who was called': runnerUpIsChosen,
}
