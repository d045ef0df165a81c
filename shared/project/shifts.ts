import type { LogEvent } from '../domain/events.ts'
import type { CounterId } from '../domain/ids.ts'
import type { OpenCounter } from '../domain/state.ts'

/**
 * A counter with one agent at it on one business date, from signing in to signing out: the raw row of counter time.
 * It ends at the roll of the day, too, and goes on as another: a night's hours belong to the date they were worked on.
 * All on steady time.
 */
export interface Shift {
  /** Of its row; null until it has one. */
  readonly shiftId: number | null
  readonly counterId: string
  readonly agentId: string
  /** Empty before the branch knows a date: such hours are in no figure. */
  readonly businessDate: string
  /** Somebody learns here: such hours are in no figure. */
  readonly isTraining: boolean
  readonly sinceSteadyMs: number
  readonly breakSinceSteadyMs: number | null
  readonly serving: { readonly ticketId: string; readonly sinceSteadyMs: number } | null
  /** null while it goes on. */
  readonly signedInMs: number | null
  /** Up to the present break and service, which are still running. */
  readonly breakMs: number
  readonly servingMs: number
}

/** The shifts that go on, by counter, and those that have ended meanwhile. */
export interface ShiftBook {
  readonly openByCounter: ReadonlyMap<string, Shift>
  readonly ended: readonly Shift[]
}

/** What moves counter time; anything else can be left out. */
export const SHIFT_EVENTS: ReadonlySet<LogEvent['type']> = new Set<LogEvent['type']>([
  'CounterOpened',
  'CounterClosed',
  'BreakStarted',
  'BreakEnded',
  'ServiceStarted',
  'TicketResumed',
  'TicketHeld',
  'TicketTransferred',
  'LegCompleted',
  'TicketCompleted',
  'TicketCancelled',
  'TicketRecorded',
  'DayOpened',
  'EpochStarted',
])

const runningMs = (sinceMs: number | null, steadyMs: number): number =>
  sinceMs === null ? 0 : Math.max(0, steadyMs - sinceMs)

/** A shift as it is once it ends at this instant; what runs now is counted up to it. */
export const endShift = (shift: Shift, steadyMs: number): Shift => ({
  ...shift,
  signedInMs: runningMs(shift.sinceSteadyMs, steadyMs),
  breakMs: shift.breakMs + runningMs(shift.breakSinceSteadyMs, steadyMs),
  servingMs: shift.servingMs + runningMs(shift.serving?.sinceSteadyMs ?? null, steadyMs),
  breakSinceSteadyMs: null,
  serving: null,
})

/** Who stands at a counter. */
export interface AtCounter {
  readonly counterId: string
  readonly agentId: string
  readonly isTraining: boolean
  readonly isOnBreak: boolean
}

const begin = (at: AtCounter, businessDate: string, sinceSteadyMs: number): Shift => ({
  ...{ shiftId: null, counterId: at.counterId, agentId: at.agentId, isTraining: at.isTraining },
  ...{ businessDate, sinceSteadyMs },
  breakSinceSteadyMs: at.isOnBreak ? sinceSteadyMs : null,
  serving: null,
  signedInMs: null,
  breakMs: 0,
  servingMs: 0,
})

const put = (book: ShiftBook, shift: Shift): ShiftBook => ({
  ...book,
  openByCounter: new Map([...book.openByCounter, [shift.counterId, shift]]),
})

function end(book: ShiftBook, counterId: string, steadyMs: number): ShiftBook {
  const shift = book.openByCounter.get(counterId)
  if (shift === undefined) return book
  const openByCounter = new Map(book.openByCounter)
  openByCounter.delete(counterId)
  return { openByCounter, ended: [...book.ended, endShift(shift, steadyMs)] }
}

/** The day rolls over an open counter: what ran up to now stays with the date that ends. */
function roll(book: ShiftBook, businessDate: string, steadyMs: number): ShiftBook {
  const open = [...book.openByCounter.values()]
  const going = open.map((shift): Shift => {
    const { breakSinceSteadyMs, serving } = shift
    return {
      ...begin({ ...shift, isOnBreak: breakSinceSteadyMs !== null }, businessDate, steadyMs),
      serving: serving === null ? null : { ...serving, sinceSteadyMs: steadyMs },
    }
  })
  return {
    openByCounter: new Map(going.map((shift) => [shift.counterId, shift])),
    ended: [...book.ended, ...open.map((shift) => endShift(shift, steadyMs))],
  }
}

/** Makes the book agree with who is really there: a file that was set back, or is new, may know others. */
export function agreeWith(
  book: ShiftBook,
  there: readonly AtCounter[],
  businessDate: string,
  steadyMs: number,
): ShiftBook {
  const isThere = ({ counterId, agentId, isTraining }: Shift): boolean =>
    there.some((at) => at.counterId === counterId && at.agentId === agentId && at.isTraining === isTraining)
  const gone = [...book.openByCounter.values()].filter((shift) => !isThere(shift))
  const left = gone.reduce((rest, { counterId }) => end(rest, counterId, steadyMs), book)
  return there
    .filter(({ counterId }) => !left.openByCounter.has(counterId))
    .reduce((rest, at) => put(rest, begin(at, businessDate, steadyMs)), left)
}

const withChange = (book: ShiftBook, counterId: string, change: (shift: Shift) => Partial<Shift>): ShiftBook => {
  const shift = book.openByCounter.get(counterId)
  return shift === undefined ? book : put(book, { ...shift, ...change(shift) })
}

/** Somebody is no longer served; nothing happens where nobody was. */
function stopServing(book: ShiftBook, ticketId: string, steadyMs: number): ShiftBook {
  const shift = [...book.openByCounter.values()].find(({ serving }) => serving?.ticketId === ticketId)
  if (shift === undefined) return book
  const { servingMs, serving } = shift
  return put(book, {
    ...shift,
    servingMs: servingMs + runningMs(serving?.sinceSteadyMs ?? null, steadyMs),
    serving: null,
  })
}

/** A counter that an earlier version carried knows neither breaks nor training. */
export const standing = (
  openCounters: Iterable<readonly [CounterId, Pick<OpenCounter, 'agentId'> & Partial<OpenCounter>]>,
): readonly AtCounter[] =>
  [...openCounters].map(([counterId, { agentId, isTraining = false, onBreak = null }]) => ({
    ...{ counterId, agentId, isTraining },
    isOnBreak: onBreak !== null,
  }))

/** @param businessDate - the date a counter that opens now is opened on; empty when there is none */
export function keepShifts(book: ShiftBook, event: LogEvent, businessDate: string): ShiftBook {
  const { steadyMs } = event
  switch (event.type) {
    case 'CounterOpened': {
      const { counterId, agentId } = event
      // Events of the version before know no training.
      const isTraining = event.isTraining ?? false
      const before = book.openByCounter.get(counterId)
      // The same agent has taken the counter over from another device: the shift goes on.
      if (before?.agentId === agentId && before.isTraining === isTraining) return book
      const isOnBreak = before?.agentId === agentId && before.breakSinceSteadyMs !== null
      return put(
        end(book, counterId, steadyMs),
        begin({ counterId, agentId, isTraining, isOnBreak }, businessDate, steadyMs),
      )
    }
    case 'BreakStarted':
      return withChange(book, event.counterId, () => ({ breakSinceSteadyMs: steadyMs }))
    case 'BreakEnded':
      return withChange(book, event.counterId, ({ breakMs, breakSinceSteadyMs }) => ({
        breakMs: breakMs + runningMs(breakSinceSteadyMs, steadyMs),
        breakSinceSteadyMs: null,
      }))
    case 'CounterClosed':
      return end(book, event.counterId, steadyMs)
    case 'ServiceStarted':
    case 'TicketResumed':
      return withChange(book, event.counterId, () => ({
        serving: { ticketId: event.ticketId, sinceSteadyMs: steadyMs },
      }))
    case 'TicketHeld':
    case 'TicketTransferred':
    case 'LegCompleted':
    case 'TicketCompleted':
    case 'TicketCancelled':
      return stopServing(book, event.ticketId, steadyMs)
    case 'TicketRecorded':
      return stopServing(book, event.ticketId, event.happened?.steadyMs ?? steadyMs)
    case 'DayOpened':
      return roll(book, event.date, steadyMs)
    case 'EpochStarted': {
      const { openCounters, day } = event.carried
      return agreeWith(book, standing(openCounters), day?.date ?? '', steadyMs)
    }
    default:
      return book
  }
}
