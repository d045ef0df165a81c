import { Temporal } from 'temporal-polyfill'

/** No zone changes its clocks within a quarter of an hour. */
const QUARTER_MS = 15 * 60_000
const QUARTERS_KEPT = 64
const hourByQuarter = new Map<string, number>()

/** The hour on the wall, 0 to 23. Looked up once for each quarter of an hour: zones are slow to ask. */
export function hourAt(atMs: number, timezone: string): number {
  const quarter = Math.floor(atMs / QUARTER_MS)
  const key = `${quarter} ${timezone}`
  const known = hourByQuarter.get(key)
  if (known !== undefined) return known
  const { hour } = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER_MS).toZonedDateTimeISO(timezone)
  if (hourByQuarter.size >= QUARTERS_KEPT) hourByQuarter.clear()
  hourByQuarter.set(key, hour)
  return hour
}
