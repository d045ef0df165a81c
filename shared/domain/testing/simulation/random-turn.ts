import type { Command, Origin, PrintedAlone } from '../../commands.ts'
import { PLACES } from '../../events.ts'
import type {
  BusinessDate,
  DeviceId,
  OutcomeId,
  PriorityClassId,
  ReasonId,
  Series,
  SteadyMs,
  TicketId,
} from '../../ids.ts'
import { formatBlockNumber } from '../../numbering.ts'
import type { BranchState } from '../../state.ts'
import { callerAt } from '../bank.ts'
import { DAY, HOUR, MINUTE, SECOND, YEAR } from '../fake-clock.ts'
import { AGENT_IDS, COUNTER_IDS, QUEUE_IDS, SERVICE_IDS } from './catalogue-edits.ts'

/** One die cast: what happens next, and three numbers to choose by. Shrinks towards zeros. */
export type Cast = readonly [kind: number, a: number, b: number, c: number]

/** What happens next to a branch. */
export type Turn =
  | { readonly type: 'ask'; readonly command: Command; readonly origin: Origin }
  | { readonly type: 'edit'; readonly kind: number; readonly choice: number }
  | { readonly type: 'pass' | 'jump'; readonly ms: number }
  /** The server starts again from what it has written down. */
  | { readonly type: 'restart' }
  /** The server starts again from an older copy of its disk. */
  | { readonly type: 'rewind'; readonly isSeen: boolean }

/** What the one who casts can see. */
export interface Sight {
  readonly state: BranchState
  /** Every ticket there ever was, oldest first. */
  readonly everyone: readonly TicketId[]
  readonly steadyMs: number
  readonly newId: () => TicketId
}

const pick = <Value>(list: readonly [Value, ...Value[]] | readonly Value[], choice: number): Value =>
  list[choice % list.length] as Value

/** Mostly somebody who is in a state that fits; now and then anybody, or nobody. */
function someone({ state, everyone }: Sight, fits: readonly string[], choice: number): TicketId {
  const fitting = [...state.tickets.values()].filter(({ phase }) => fits.includes(phase.status))
  if (choice % 8 === 7 || fitting.length === 0)
    return everyone.length === 0 ? ('nobody' as TicketId) : pick(everyone, choice >> 3)
  return pick(fitting, choice >> 3).facts.ticketId
}

const caller = (choice: number): Origin => ({ kind: 'caller', deviceId: callerAt(pick(COUNTER_IDS, choice)) })
const kiosk: Origin = { kind: 'kiosk', deviceId: 'kiosk-1' as DeviceId }
const installer: Origin = { kind: 'installer', deviceId: 'installer' as DeviceId }

/** Mostly the device that may; else another. */
function deviceFor({ state }: Sight, ticketId: TicketId, choice: number): Origin {
  const at = state.openCounters.findEntry((open) => open.ticketId === ticketId)
  if (choice % 6 === 5 || at === undefined) return choice % 17 === 16 ? installer : caller(choice >> 2)
  return { kind: 'caller', deviceId: at[1].deviceId }
}

function openDevice({ state }: Sight, choice: number): { counterId: (typeof COUNTER_IDS)[number]; origin: Origin } {
  const open = [...state.openCounters.entries()]
  if (choice % 8 === 7 || open.length === 0)
    return { counterId: pick(COUNTER_IDS, choice >> 3), origin: caller(choice >> 5) }
  const [counterId, { deviceId }] = pick(open, choice >> 3)
  return { counterId, origin: { kind: 'caller', deviceId } }
}

const BLOCK_SERIES = ['A', 'C', 'L', 'K', 'Z'].map((letter) => letter as Series)

function dateNear(sight: Sight, choice: number): BusinessDate {
  const today = sight.state.day?.date ?? ('2026-11-23' as BusinessDate)
  const shift = [0, 0, 0, -1, -2, 1][choice % 6] ?? 0
  return new Date(Date.parse(today) + shift * DAY).toISOString().slice(0, 10) as BusinessDate
}

function onePaper(sight: Sight, [, a, b, c]: Cast, index: number): PrintedAlone {
  const choice = a + index * 7
  const ghost = c % 3 === 0 ? someone(sight, ['waiting', 'called', 'serving', 'held'], b + index) : null
  const isRepeated = b % 11 === 10 && sight.everyone.length > 0
  return {
    ticketId: isRepeated ? pick(sight.everyone, a) : sight.newId(),
    number: formatBlockNumber(pick(BLOCK_SERIES, choice), 1 + (choice % 2), 1 + ((b + index) % 4)),
    serviceId: pick(SERVICE_IDS, choice),
    language: 'fr',
    priority: b % 5 === 0 ? ('senior' as PriorityClassId) : b % 5 === 1 ? ('privilege' as PriorityClassId) : null,
    businessDate: dateNear(sight, c + index),
    lastContactSteadyMs: (sight.steadyMs - (a % 9) * 20 * MINUTE + 5 * MINUTE) as SteadyMs,
    sinceContactMs: (b % 13) * 5 * MINUTE - MINUTE,
    ghostId: ghost,
    isKnown: c % 19 === 18,
    isNumberTaken: c % 23 === 22,
  }
}

const STEPS = [0, 1, SECOND, MINUTE, 3 * MINUTE, 10 * MINUTE, 40 * MINUTE, HOUR, 5 * HOUR, DAY]
const JUMPS = [SECOND, -SECOND, -3 * SECOND, HOUR, -HOUR, DAY, -DAY, 30 * HOUR, 3 * DAY, YEAR, -YEAR]

const ask = (command: Command, origin: Origin): Turn => ({ type: 'ask', command, origin })

type Maker = (sight: Sight, cast: Cast) => Turn

const issue: Maker = ({ newId }, [, a, b, c]) => {
  const priority = ([null, null, null, null, null, 'senior', 'senior', 'privilege', 'unheard-of'] as const)[
    b % 9
  ] as PriorityClassId | null
  const origin = c % 4 === 0 ? caller(b) : kiosk
  return ask(
    {
      type: 'IssueTicket',
      ticketId: newId(),
      serviceId: pick(SERVICE_IDS, a),
      channel: 'kiosk',
      priority,
      language: null,
    },
    origin,
  )
}

const callNext: Maker = (sight, [, a]) => {
  const { counterId, origin } = openDevice(sight, a)
  return ask({ type: 'CallNext', counterId }, origin)
}

const openCounter: Maker = (_, [, a, b, c]) =>
  ask(
    { type: 'OpenCounter', counterId: pick(COUNTER_IDS, a), agentId: pick(AGENT_IDS, b) },
    caller(c % 4 === 3 ? c : a),
  )

/** What brings a branch forward when nobody is where a command needs somebody. */
function forward(sight: Sight, cast: Cast): Turn {
  const called = [...sight.state.tickets.values()].find(({ phase }) => phase.status === 'called')
  const at =
    called === undefined
      ? undefined
      : sight.state.openCounters.findEntry((open) => open.ticketId === called.facts.ticketId)
  if (called !== undefined && at !== undefined && cast[1] % 2 === 0)
    return ask({ type: 'StartService', ticketId: called.facts.ticketId }, { kind: 'caller', deviceId: at[1].deviceId })
  return (sight.state.lines.size === 0 ? issue : callNext)(sight, cast)
}

/** A command that needs somebody in one of these states; mostly it waits until there is somebody. */
const when =
  (fits: readonly string[], make: (sight: Sight, cast: Cast, ticketId: TicketId) => Turn): Maker =>
  (sight, cast) => {
    const isThere = sight.state.tickets.some(({ phase }) => fits.includes(phase.status))
    return isThere || cast[1] % 5 === 4 ? make(sight, cast, someone(sight, fits, cast[1])) : forward(sight, cast)
  }

const about = (
  type: 'RecallTicket' | 'StartService' | 'ReturnTicket' | 'MarkNoShow' | 'CancelTicket' | 'ReinstateTicket',
  ...fits: string[]
): Maker => when(fits, (sight, [, , b], ticketId) => ask({ type, ticketId }, deviceFor(sight, ticketId, b)))

/** What can happen, as often as it is listed here. */
const makers: readonly (readonly [weight: number, Maker])[] = [
  [8, issue],
  [6, callNext],
  [2, openCounter],
  [3, about('StartService', 'called')],
  [4, (_, [, a]) => ({ type: 'pass', ms: pick(STEPS, a) })],
  [
    2,
    (sight, [, a, b]) => {
      const { counterId, origin } = openDevice(sight, b)
      return ask({ type: 'CallTicket', counterId, ticketId: someone(sight, ['waiting'], a) }, origin)
    },
  ],
  [1, about('RecallTicket', 'called')],
  [1, about('ReturnTicket', 'called', 'held')],
  [2, about('MarkNoShow', 'called', 'held')],
  [1, about('CancelTicket', 'waiting', 'held')],
  [2, about('ReinstateTicket', 'no_show')],
  [
    2,
    when(['serving'], (sight, [, , b, c], ticketId) => {
      const reason = ([null, 'missing-paper', 'unheard-of'] as const)[c % 3] as ReasonId | null
      return ask({ type: 'HoldTicket', ticketId, reason }, deviceFor(sight, ticketId, b))
    }),
  ],
  [
    2,
    when(['held'], (sight, [, , b], ticketId) => {
      const { counterId, origin } = openDevice(sight, b)
      return ask({ type: 'ResumeTicket', ticketId, counterId }, origin)
    }),
  ],
  [
    3,
    when(['called', 'serving', 'held'], (sight, [, , b, c], ticketId) => {
      const outcome = ([null, 'solved', 'unheard-of'] as const)[c % 3] as OutcomeId | null
      return ask({ type: 'CompleteTicket', ticketId, outcome }, deviceFor(sight, ticketId, b))
    }),
  ],
  [
    4,
    when(['waiting', 'called', 'serving', 'held'], (sight, [, , b, c], ticketId) => {
      const command = {
        type: 'TransferTicket',
        ticketId,
        toQueueId: pick(QUEUE_IDS, c),
        place: pick(PLACES, c >> 2),
      } as const
      return ask(command, deviceFor(sight, ticketId, b))
    }),
  ],
  [
    3,
    (sight, cast) => {
      const tickets = Array.from({ length: 1 + (cast[3] % 3) }, (_, index) => onePaper(sight, cast, index))
      return ask({ type: 'AdoptTickets', tickets }, kiosk)
    },
  ],
  [
    1,
    (sight, [, a, b]) => {
      const { counterId, origin } = openDevice(sight, b)
      const number = formatBlockNumber(pick(BLOCK_SERIES, a), 1, 1 + (b % 4))
      return ask({ type: 'AdoptNumber', counterId, ticketId: sight.newId(), number, isNumberTaken: false }, origin)
    },
  ],
  [
    1,
    (sight, [, a]) => {
      const { counterId, origin } = openDevice(sight, a)
      return ask({ type: 'CloseCounter', counterId }, origin)
    },
  ],
  [1, (_, [, a]) => ask({ type: 'RemoveDevice', deviceId: caller(a).deviceId }, installer)],
  [
    2,
    (_, [, a, b, c]) => {
      const type = pick(['PauseQueue', 'ResumeQueue', 'CloseQueue', 'OpenQueue'] as const, a)
      return ask({ type, queueId: pick(QUEUE_IDS, b) }, c % 3 === 0 ? caller(c) : installer)
    },
  ],
  [3, (_, [, a, b]) => ({ type: 'edit', kind: a, choice: b })],
  [
    1,
    (_, [, a]) =>
      a % 3 === 0 ? ask({ type: 'CloseDay' }, a % 2 === 0 ? caller(a) : installer) : { type: 'pass', ms: SECOND },
  ],
  [1, () => ask({ type: 'KeepTime' }, { kind: 'branch', deviceId: 'branch' as DeviceId })],
  [1, (_, [, a]) => ask({ type: 'ConfirmClock', by: 'staff' }, a % 3 === 0 ? caller(a) : installer)],
  [2, (_, [, a]) => ({ type: 'jump', ms: pick(JUMPS, a) })],
  [1, () => ({ type: 'restart' })],
  [1, (_, [, a]) => ({ type: 'rewind', isSeen: a % 2 === 0 })],
]

const wheel = makers.flatMap(([weight, make]) => Array.from({ length: weight }, () => make))

/** Makes of a cast what it means in the branch as it is now. */
export const turnOf = (sight: Sight, cast: Cast): Turn => pick(wheel, cast[0])(sight, cast)
