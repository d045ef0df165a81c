const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

/** Minutes of the recipient's day, from which to before which nothing is sent; it may pass midnight. */
export interface QuietHours {
  readonly from: number
  readonly until: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  formats.set(timeZone, format)
  return format
}

export function isTimeZone(name: string): boolean {
  try {
    formatIn(name)
    return true
  } catch {
    return false
  }
}

/** @throws RangeError where there is no such zone */
function minuteOfDay(atMs: number, timeZone: string): number {
  const [hour, minute] = formatIn(timeZone).format(atMs).split(':')
  return Number(hour) * 60 + Number(minute)
}

/**
 * @returns null: it may be sent; else when to look again, which is at the end of the quiet hours unless clocks change before
 * it: so whoever comes then looks again
 */
export function quietUntilMs(quiet: QuietHours | null, atMs: number, timeZone: string): number | null {
  if (quiet === null || quiet.from === quiet.until) return null
  const { from, until } = quiet
  const minute = minuteOfDay(atMs, timeZone)
  const isInside = from < until ? minute >= from && minute < until : minute >= from || minute < until
  if (!isInside) return null
  const left = (until - minute + DAY_MINUTES) % DAY_MINUTES
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS + left * MINUTE_MS
}
