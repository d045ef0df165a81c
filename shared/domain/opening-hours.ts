import { Temporal } from 'temporal-polyfill'
import type { EpochMs } from './ids.ts'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Local times of one date, `08:00` to `16:30`; `24:00` is the end of the date. Open from the first, not at the last. */
export interface Span {
  readonly opens: string
  readonly closes: string
}

/** A weekday that is not named is closed. */
export type WeeklyHours = { readonly [weekday in Weekday]?: readonly Span[] }

/** A date with hours of its own; none of them: closed all day. */
export interface SpecialDate {
  /** In the branch's zone, `2026-12-25`. */
  readonly date: string
  readonly hours: readonly Span[]
}

/** When somebody is there, by the clock on the wall of the branch. */
export interface OpeningRule<Special extends SpecialDate = SpecialDate> {
  readonly timezone: string
  /** null = always. A holiday's hours replace the weekday's all the same. */
  readonly hours: WeeklyHours | null
  readonly holidays: readonly Special[]
}

/** How far ahead the next opening is looked for. */
const LOOK_AHEAD_DAYS = 15
const DAY_MINUTES = 24 * 60

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

function spansOn({ hours, holidays }: OpeningRule, date: Temporal.PlainDate): readonly Span[] {
  const text = date.toString()
  const holiday = holidays.find((candidate) => candidate.date === text)
  if (holiday !== undefined) return holiday.hours
  if (hours === null) return [{ opens: '00:00', closes: '24:00' }]
  const weekday = WEEKDAYS[date.dayOfWeek - 1]
  return weekday === undefined ? [] : (hours[weekday] ?? [])
}

const localAt = (atMs: EpochMs, timezone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timezone)

/** Whether a branch is open at an instant. The wall clock of the zone decides, also on days when clocks change. */
export function isOpenAt(rule: OpeningRule, atMs: EpochMs): boolean {
  if (rule.hours === null && rule.holidays.length === 0) return true
  const local = localAt(atMs, rule.timezone)
  const minutes = local.hour * 60 + local.minute
  return spansOn(rule, local.toPlainDate()).some(
    ({ opens, closes }) => minutesOf(opens) <= minutes && minutes < minutesOf(closes),
  )
}

/** The holiday of the date at an instant; null on any other day. */
export function holidayAt<Special extends SpecialDate>(
  { holidays, timezone }: OpeningRule<Special>,
  atMs: EpochMs,
): Special | null {
  if (holidays.length === 0) return null
  const date = localAt(atMs, timezone).toPlainDate().toString()
  return holidays.find((candidate) => candidate.date === date) ?? null
}

const offsetAt = (ms: number, timezone: string): number => localAt(ms as EpochMs, timezone).offsetNanoseconds

/** The first millisecond at which the clocks of a zone show another offset than at `fromMs`; it lies before `toMs`. */
function changeBetween(fromMs: number, toMs: number, timezone: string): number {
  const before = offsetAt(fromMs, timezone)
  let [low, high] = [fromMs, toMs]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle, timezone) === before) low = middle
    else high = middle
  }
  return high
}

/**
 * When the clock on the wall shows a time of a date: in an hour that comes twice there are two instants, and one in an
 * hour that is skipped is where the clocks are set on. What does not hold is for the caller to leave out.
 */
function instantsOf(time: string, date: Temporal.PlainDate, timezone: string): readonly number[] {
  const local = date.toPlainDateTime().add({ minutes: minutesOf(time) })
  const at = (disambiguation: 'earlier' | 'later'): number =>
    local.toZonedDateTime(timezone, { disambiguation }).epochMilliseconds
  const [first, last] = [at('earlier'), at('later')]
  return first === last ? [first] : [first, changeBetween(first, last, timezone), last]
}

/** When a branch that is closed now opens next; null when it does not within LOOK_AHEAD_DAYS. */
export function nextOpening(rule: OpeningRule, atMs: EpochMs): EpochMs | null {
  const today = localAt(atMs, rule.timezone).toPlainDate()
  for (let days = 0; days <= LOOK_AHEAD_DAYS; days += 1) {
    const date = today.add({ days })
    const first = spansOn(rule, date)
      // A span that ends in an hour that comes twice begins again with it.
      .flatMap(({ opens, closes }) => [opens, closes])
      .flatMap((time) => instantsOf(time, date, rule.timezone))
      .filter((instant) => instant > atMs && isOpenAt(rule, instant as EpochMs))
      .toSorted((a, b) => a - b)[0]
    if (first !== undefined) return first as EpochMs
  }
  return null
}

/** Spans that end before they begin, or overlap; each with its weekday and what is wrong. */
export function hoursFaults(hours: WeeklyHours | null): readonly { weekday: string; message: string }[] {
  return Object.entries(hours ?? {}).flatMap(([weekday, spans]) => {
    const sorted = spans.toSorted((a, b) => minutesOf(a.opens) - minutesOf(b.opens))
    return sorted.flatMap(({ opens, closes }, index) => {
      const before = sorted[index - 1]
      const isSpan = minutesOf(opens) < minutesOf(closes) && minutesOf(closes) <= DAY_MINUTES
      const isClear = before === undefined || minutesOf(before.closes) <= minutesOf(opens)
      return [
        ...(isSpan ? [] : [{ weekday, message: `${opens} to ${closes} is no span of one day` }]),
        ...(isClear
          ? []
          : [{ weekday, message: `${before.opens} to ${before.closes} overlaps ${opens} to ${closes}` }]),
      ]
    })
  })
}
