import type { DashboardWords } from '#shared/words/dashboard-words.ts'
import { formatTime } from '#shared/words/format.ts'

/** Each branch says every quarter of a minute how it is: whoever has missed four is away. */
export const AWAY_MS = 60_000
const NOW_MS = 5_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** How long ago something was, as people say it; from an hour on when it was. @param timeZone - the branch's own */
export function sayAge(words: DashboardWords, atMs: number, nowMs: number, timeZone: string): string {
  const ageMs = Math.max(0, nowMs - atMs)
  if (ageMs < NOW_MS) return words.say('dash.justNow')
  if (ageMs < MINUTE_MS) return words.say('dash.secondsAgo', { count: Math.round(ageMs / 1_000) })
  if (ageMs < HOUR_MS) return words.say('dash.minutesAgo', { count: Math.round(ageMs / MINUTE_MS) })
  return words.say('dash.awaySince', { time: sayMoment(words, atMs, timeZone) })
}

/** Day and time in the branch's zone. */
export function sayMoment({ language }: DashboardWords, atMs: number, timeZone: string): string {
  const day = new Intl.DateTimeFormat(`${language}-u-nu-latn`, { timeZone, day: 'numeric', month: 'short' })
  return [day.format(atMs), formatTime(atMs, language, timeZone)].join(language === 'ar' ? '، ' : ', ')
}
