import type { TicketRow } from '#shared/project/figures.ts'
import type { Shift } from '#shared/project/shifts.ts'

/** What came over the line is believed in its form only after a look: a table that refuses a row would refuse all that follow. */

const ID_LENGTH_MAX = 200

/** No text of Postgres' may hold the character 0. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= ID_LENGTH_MAX && value.isWellFormed() && !value.includes('\0')

const isNameOrNone = (value: unknown): boolean => value === null || value === undefined || isName(value)
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value)
const isWholeOrNone = (value: unknown): boolean => value === null || value === undefined || isWhole(value)

/** The ids and durations of an event, whatever its type. */
export function faultOfEvent(event: Readonly<Record<string, unknown>>): string | null {
  if (!isWhole(event['atMs']) || !isWhole(event['steadyMs'])) return 'it has no time'
  // Every key of every event: no list of pairs is made for it.
  for (const key of Object.keys(event)) {
    if (key.endsWith('Id') && !isNameOrNone(event[key])) return `its ${key} is no id`
    if (key.endsWith('Ms') && !isWholeOrNone(event[key])) return `its ${key} is no duration`
  }
  return null
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

export function faultOfRow(ticketId: unknown, number: unknown, row: TicketRow): string | null {
  const { businessDate, serviceId, status, waitMs, toServiceMs, serviceMs, issuedHour, targetMs, passes } = row
  if (!DATE.test(businessDate)) return 'its ticket has no business date'
  if (![ticketId, number, serviceId, status].every(isName)) return 'its ticket lacks an id'
  const durations = [waitMs, toServiceMs, serviceMs, issuedHour, targetMs]
  if (!durations.every(isWholeOrNone) || !isWhole(serviceMs)) return 'its ticket has no durations'
  for (const pass of passes) {
    if (!isName(pass.queueId) || ![pass.counterId, pass.agentId, pass.serviceId].every(isNameOrNone))
      return 'its ticket is nowhere'
    if (![pass.waitMs, pass.targetMs, pass.toServiceMs].every(isWholeOrNone) || !isWhole(pass.serviceMs))
      return 'its ticket has no durations'
  }
  return null
}

export function faultOfShift({ counterId, agentId, businessDate, ...shift }: Shift): string | null {
  if (!isName(counterId) || !isName(agentId)) return 'nobody is at its counter'
  if (businessDate !== '' && !DATE.test(businessDate)) return 'its counter has no business date'
  const times = [shift.sinceSteadyMs, shift.breakMs, shift.servingMs]
  return times.every(isWhole) && isWholeOrNone(shift.signedInMs) ? null : 'its counter has no times'
}
