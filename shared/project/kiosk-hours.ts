import { Temporal } from 'temporal-polyfill'
import type { Catalogue, Holiday, Service } from '../domain/catalogue.ts'
import type { EpochMs } from '../domain/ids.ts'
import { isOpenAt, nextOpening, type OpeningRule } from '../domain/opening-hours.ts'

/** Branch and service take turns to be closed at most so often before the search gives up. */
const TURNS_MAX = 50

/** All that must be open for a kiosk to give tickets of a service. */
const rulesOf = ({ branch, holidays }: Catalogue, service: Service | null): readonly OpeningRule<Holiday>[] =>
  [branch.openingHours, ...(service === null || service.hours === null ? [] : [service.hours])].map((hours) => ({
    timezone: branch.timezone,
    hours,
    holidays,
  }))

/**
 * The first instant from `fromMs` on at which a service is open, and the branch with it.
 * @param service - null: of the branch alone
 * @returns null when that lies further ahead than anybody looks
 */
export function opensFrom(catalogue: Catalogue, service: Service | null, fromMs: EpochMs): EpochMs | null {
  const rules = rulesOf(catalogue, service)
  let atMs = fromMs
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const closed = rules.find((rule) => !isOpenAt(rule, atMs))
    if (closed === undefined) return atMs
    const nextMs = nextOpening(closed, atMs)
    if (nextMs === null) return null
    atMs = nextMs
  }
  return null
}

/** Whether a date begins at an instant, by the clock on the branch's wall. */
export function isStartOfDate(timezone: string, atMs: EpochMs): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timezone)
  return local.startOfDay().epochMilliseconds === atMs
}

const dateIn = (timezone: string, atMs: number): string =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timezone).toPlainDate().toString()

/** Whether two instants lie on one date, by the clock on the branch's wall. */
export const isSameDate = (timezone: string, atMs: EpochMs, otherMs: EpochMs): boolean =>
  dateIn(timezone, atMs) === dateIn(timezone, otherMs)
