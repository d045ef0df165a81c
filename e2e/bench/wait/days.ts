import { type DayKind, generateDay } from './generate.ts'
import { type Branch, type PlayedDay, playDay } from './play.ts'
import type { RecordedDay } from './recorded.ts'

/** Plays days one after the other through one branch, which learns from each. */
export function playDays(branch: Branch, days: readonly RecordedDay[]): readonly PlayedDay[] {
  return days.map((day, at) => playDay(branch, day, at))
}

/** `--days` generated days, seeds following each other. */
export function generatedDays(count: number, seed: number, kind: DayKind = 'ordinary'): readonly RecordedDay[] {
  return Array.from({ length: count }, (_, at) => generateDay(seed * 10_007 + at, String(at + 1), kind))
}
