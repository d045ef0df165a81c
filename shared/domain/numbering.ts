import type { BusinessDate, Series, TicketNumber } from './ids.ts'

/** `A001` to `A999`; beyond that five digits, so that a kiosk's offline block (four digits) never meets them. */
const SHORT_ORDINAL_MAX = 999
/** `A10001` to `A99999`. */
export const ORDINAL_MAX = SHORT_ORDINAL_MAX + 89_999
/** The series of training and of trials: no catalogue can have it, for its prefixes are shorter. */
export const TRAINING_SERIES = 'TEST' as Series
/** How far each series jumps when a new epoch begins and an unknown tail of numbers may be on paper. */
export const EPOCH_JUMP = 50
export const KIOSK_SLOTS_MAX = 9
export const BLOCK_ORDINAL_MAX = 999

/**
 * The number printed for the n-th ticket of a series on one business date.
 * @param ordinal - 1 to ORDINAL_MAX
 */
export function formatNumber(series: Series, ordinal: number): TicketNumber {
  if (!Number.isInteger(ordinal) || ordinal < 1 || ordinal > ORDINAL_MAX) throw new Error(`No number ${ordinal}`)
  const digits =
    ordinal <= SHORT_ORDINAL_MAX ? String(ordinal).padStart(3, '0') : String(10_000 + ordinal - SHORT_ORDINAL_MAX)
  return `${series}${digits}` as TicketNumber
}

/**
 * The next ordinal whose number nobody living holds.
 * @returns null when the series is used up for this date: a number never comes round again
 */
export function nextOrdinal(
  series: Series,
  lastOrdinal: number,
  isTaken: (number: TicketNumber) => boolean,
): number | null {
  for (let ordinal = lastOrdinal + 1; ordinal <= ORDINAL_MAX; ordinal += 1)
    if (!isTaken(formatNumber(series, ordinal))) return ordinal
  return null
}

/**
 * A number a kiosk prints without the server: prefix, slot, three digits, as `A1001`.
 * @param slot - 1 to 9, one per paired kiosk
 * @param ordinal - 1 to 999 per series and business date
 */
export function formatBlockNumber(series: Series, slot: number, ordinal: number): TicketNumber {
  if (slot < 1 || slot > KIOSK_SLOTS_MAX || ordinal < 1 || ordinal > BLOCK_ORDINAL_MAX)
    throw new Error(`No number ${ordinal} in the block of slot ${slot}`)
  return `${series}${slot}${String(ordinal).padStart(3, '0')}` as TicketNumber
}

/** A number as read from paper, taken apart; null when no kiosk could have printed it offline. */
export function parseBlockNumber(number: string): { series: Series; slot: number; ordinal: number } | null {
  const match = /^(\p{L}{1,3}|TEST)([1-9])(\d{3})$/u.exec(number)
  if (match === null) return null
  const [, series = '', slot = '', ordinal = ''] = match
  return Number(ordinal) === 0 ? null : { series: series as Series, slot: Number(slot), ordinal: Number(ordinal) }
}

/** Last ordinals a client has seen in print on one date: what a server behind it must stay above. */
export interface SeenNumbers {
  readonly date: BusinessDate
  readonly lastOrdinals: readonly (readonly [Series, number])[]
}
