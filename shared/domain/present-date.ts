import { businessDayAt } from './business-day.ts'
import type { BusinessDate, EpochMs } from './ids.ts'
import type { BranchState } from './state.ts'

/**
 * The business date by the branch's time as a device knows it without the server; never before the last day it has seen.
 * @returns null before the first catalogue
 */
export function presentDate({ catalogue, day }: BranchState, atMs: number): BusinessDate | null {
  if (catalogue === null) return null
  if (day !== null && atMs < day.endsAtMs) return day.date
  const { timezone, businessDayStartsAt } = catalogue.body.branch
  const { date } = businessDayAt(atMs as EpochMs, { timezone, startsAt: businessDayStartsAt })
  return day !== null && date <= day.date ? day.date : date
}
