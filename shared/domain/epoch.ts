import type { EventBody } from './events.ts'
import type { BusinessDate, Epoch, EventSeq, Moment, Series, Sha256 } from './ids.ts'
import { EPOCH_JUMP, type SeenNumbers } from './numbering.ts'
import { rollDay } from './roll-day.ts'
import { type BranchState, lastOrdinalOf, type NumberFloor } from './state.ts'
import { carryState } from './state-json.ts'
import type { Ticket } from './ticket.ts'

/** Where the log of the former epoch was left. */
export interface Parent {
  readonly epoch: Epoch
  readonly seq: EventSeq
  readonly hash: Sha256
}

/** A reader's bookmark: the last event it has, and the hash of that event's stored bytes. */
export interface Bookmark {
  readonly epoch: Epoch
  readonly seq: EventSeq
  readonly headHash: Sha256
}

/** What a state has seen in print on its day; null before the first. */
export const seenNumbers = ({ day, lastOrdinal }: BranchState): SeenNumbers | null =>
  day === null ? null : { date: day.date, lastOrdinals: [...lastOrdinal.entries()] }

/** The date new tickets will get next: the present day's, or that of the day which is about to open. */
function dateAt(state: BranchState, now: Moment): BusinessDate | null {
  const opened = rollDay(state, now).find((event) => event.type === 'DayOpened')
  return opened?.date ?? state.day?.date ?? null
}

/**
 * Lifts every series above what is known to be on paper, plus a margin for what is not known.
 * One floor for all dates up to the last that anybody has seen: higher than need be on some, too low on none.
 * @param seen - what readers of the lost tail have seen in print
 */
function floorAbove(state: BranchState, now: Moment, seen: readonly SeenNumbers[]): NumberFloor {
  const next = dateAt(state, now)
  const relevant = seen.filter(({ date }) => next === null || date >= next)
  const dates = [...(next === null ? [] : [next]), ...relevant.map(({ date }) => date)]
  const ordinals = new Map<Series, number>()
  const raise = (series: Series, ordinal: number): void => {
    ordinals.set(series, Math.max(ordinals.get(series) ?? 0, ordinal))
  }
  if (state.day?.date === next)
    for (const series of [...state.prefixByService.values(), ...state.lastOrdinal.keys()])
      raise(series, lastOrdinalOf(state, series))
  for (const { lastOrdinals } of relevant) for (const [series, ordinal] of lastOrdinals) raise(series, ordinal)
  const floor = state.numberFloor
  const former = floor !== null && (next === null || next <= floor.date) ? floor : null
  for (const [series, ordinal] of former?.ordinals ?? []) raise(series, ordinal)
  const otherwise = former?.otherwise ?? 0
  return {
    date: [...dates, ...(former === null ? [] : [former.date])].toSorted().at(-1) ?? ('' as BusinessDate),
    otherwise: otherwise + EPOCH_JUMP,
    ordinals: [...ordinals].map(([series, ordinal]) => [series, Math.max(ordinal, otherwise) + EPOCH_JUMP]),
  }
}

/** Places older than any event of the new epoch, which counts from 1 again: of two who came at once, the carried is first. */
function aged({ tickets }: BranchState): BranchState['tickets'] {
  const latest = Math.max(0, ...tickets.valueSeq().map(({ facts }) => facts.place.tie))
  const age = ({ facts, phase }: Ticket): Ticket => ({
    facts: { ...facts, place: { ...facts.place, tie: facts.place.tie - latest } },
    phase,
  })
  return tickets.map(age)
}

/**
 * The first event of a new epoch. It carries the whole living state, so that each epoch folds alone;
 * unless it is the first of all, each series jumps ahead.
 */
export function startEpoch(
  state: BranchState,
  reason: 'first-boot' | 'rewound' | 'salvaged',
  parent: Parent | null,
  seen: readonly SeenNumbers[],
  now: Moment,
): EventBody {
  const numberFloor = reason === 'first-boot' ? null : floorAbove(state, now, seen)
  return {
    type: 'EpochStarted',
    parentEpoch: parent?.epoch ?? null,
    parentSeq: parent?.seq ?? null,
    parentHash: parent?.hash ?? null,
    reason,
    carried: carryState({ ...state, tickets: aged(state), numberFloor }),
  }
}
