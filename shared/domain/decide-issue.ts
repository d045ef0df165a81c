import type { Service } from './catalogue.ts'
import type { Command, Origin } from './commands.ts'
import type { EventBody } from './events.ts'
import type { BusinessDate, EpochMs, Language, Moment, PriorityClassId, ServiceId, SteadyMs } from './ids.ts'
import { formatNumber, nextOrdinal, TRAINING_SERIES } from './numbering.ts'
import { isOpenAt } from './opening-hours.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import {
  type BranchState,
  counterHeldBy,
  findService,
  isEmergency,
  lastOrdinalOf,
  queueMode,
  waitingCountOf,
} from './state.ts'
import { PLAN_MAX } from './ticket-birth.ts'

/** Nobody comes today for a later day. */
const BOOKED_AHEAD_MAX_MS = 24 * 3_600_000

type Issue = Extract<Command, { type: 'IssueTicket' }>
type Issued = Extract<EventBody, { type: 'TicketIssued' }>

/** The day new tickets belong to, or why none can be given now. */
export function openDate(state: BranchState): Result<BusinessDate, Refusal> {
  if (state.catalogue === null) return no('CatalogueMissing')
  if (state.day === null) return no('ClockUnsure')
  return state.day.isClosed ? no('DayIsClosed', state.day.date) : ok(state.day.date)
}

/** Why a kiosk gives no ticket of a service now, though staff may; null when it does. */
export function kioskFault(
  state: BranchState,
  service: Service,
  atMs: EpochMs,
): 'EmergencyIsShown' | 'IntakeIsStopped' | 'OutsideHours' | null {
  // Whoever is to leave the building is not asked to wait in it.
  if (isEmergency(state)) return 'EmergencyIsShown'
  if (state.isIntakeStopped) return 'IntakeIsStopped'
  if (state.catalogue === null) return null
  const { branch, holidays } = state.catalogue.body
  const isOpen = [branch.openingHours, ...(service.hours === null ? [] : [service.hours])].every((hours) =>
    isOpenAt({ timezone: branch.timezone, hours, holidays }, atMs),
  )
  return isOpen ? null : 'OutsideHours'
}

/**
 * @param isKiosk - a customer asks, who is held to the hours
 * @param willWait - false for whoever takes no place in line: one that is full is not in the way
 */
function admit(
  state: BranchState,
  service: Service,
  now: Moment,
  { isKiosk, willWait }: { readonly isKiosk: boolean; readonly willWait: boolean },
): Result<null, Refusal> {
  if (state.catalogue?.body.services.every((offered) => offered.id !== service.id))
    return no('ServiceRetired', service.id)
  if (queueMode(state, service.queueId).isClosed) return no('QueueIsClosed', service.queueId)
  const queue = state.catalogue?.body.queues.find((candidate) => candidate.id === service.queueId)
  if (queue === undefined) return no('QueueRetired', service.queueId)
  const fault = isKiosk ? kioskFault(state, service, now.atMs) : null
  if (fault !== null) return no(fault, service.id)
  const isFull = willWait && queue.maxCapacity !== null && waitingCountOf(state, queue.id) >= queue.maxCapacity
  return isFull ? no('QueueFull', queue.id) : ok(null)
}

export function priorityValue(
  state: BranchState,
  id: PriorityClassId | null,
  origin: Pick<Origin, 'kind'>,
): Result<number, Refusal> {
  if (id === null) return ok(0)
  const found = state.catalogue?.body.priorityClasses.find((candidate) => candidate.id === id)
  if (found === undefined) return no('PriorityUnknown', id)
  return origin.kind === 'kiosk' && !found.selfService ? no('PriorityStaffOnly', id) : ok(found.value)
}

export const defaultLanguage = (state: BranchState): Language => state.catalogue?.body.branch.defaultLanguage ?? 'fr'

/** The services after this one: as asked for, else as the catalogue plans them. */
export function planOf(
  state: BranchState,
  service: Service,
  asked: readonly ServiceId[] | undefined,
): Result<readonly ServiceId[], Refusal> {
  const plan = asked ?? service.plan
  if (plan.length > PLAN_MAX) return no('PlanTooLong', service.id)
  const unknown = plan.find((id) => state.catalogue?.body.services.every((offered) => offered.id !== id))
  return unknown === undefined ? ok(plan) : no('ServiceUnknown', unknown)
}

/** What a customer adds to a visit must be open when she chooses it; what the branch has planned is its own affair. */
function closedInPlan(state: BranchState, { plan = [] }: Issue, origin: Origin, now: Moment): ServiceId | undefined {
  if (origin.kind !== 'kiosk') return undefined
  return plan.find((id) => {
    const service = findService(state, id)
    return service !== undefined && kioskFault(state, service, now.atMs) !== null
  })
}

/** Why this ticket cannot be one of an appointment. */
function bookingFault(
  { channel, bookedAtMs }: Issue,
  origin: Origin,
  now: Moment,
): 'BookingMissing' | 'BookedTooFar' | null {
  if (origin.kind === 'kiosk' && channel === 'appointment' && bookedAtMs === undefined) return 'BookingMissing'
  return bookedAtMs !== undefined && Math.abs(bookedAtMs - now.atMs) > BOOKED_AHEAD_MAX_MS ? 'BookedTooFar' : null
}

/** A booked time on steady time; null for whoever comes later than the branch allows, and waits like everybody. */
function bookedSteadyMs(state: BranchState, bookedAtMs: EpochMs | undefined, now: Moment): SteadyMs | null {
  if (bookedAtMs === undefined) return null
  const lateMaxMs = (state.catalogue?.body.branch.appointmentLateMinutes ?? 0) * 60_000
  return now.atMs - bookedAtMs > lateMaxMs ? null : ((now.steadyMs + (bookedAtMs - now.atMs)) as SteadyMs)
}

/** Somebody learns at the device that asks. */
const isInTraining = (state: BranchState, origin: Origin): boolean =>
  origin.kind !== 'kiosk' && counterHeldBy(state, origin.deviceId)?.[1].isTraining === true

/** Kiosks do not offer a hidden service; whoever has booked it may come to one all the same. */
export const isStaffOnly = (service: Service, isBooked: boolean): boolean => service.hidden === true && !isBooked

/** Mints the next number of the service's series; trials, and a counter in training, mint training tickets. */
export function issueTicket(
  state: BranchState,
  command: Issue,
  origin: Origin,
  now: Moment,
  willWait = true,
): Result<readonly [Issued], Refusal> {
  const date = openDate(state)
  if (!date.ok) return date
  const service = findService(state, command.serviceId)
  if (service === undefined) return no('ServiceUnknown', command.serviceId)
  const isTrial = command.isTrial === true
  // Branches are tried out before they open.
  const isKiosk = origin.kind === 'kiosk' && !isTrial
  if (isKiosk && isStaffOnly(service, command.bookedAtMs !== undefined)) return no('ServiceStaffOnly', service.id)
  const admitted = admit(state, service, now, { isKiosk, willWait: willWait && !isTrial })
  if (!admitted.ok) return admitted
  const booking = bookingFault(command, origin, now)
  if (booking !== null) return no(booking, service.id)
  const priority = priorityValue(state, command.priority, origin)
  if (!priority.ok) return priority
  const plan = planOf(state, service, command.plan)
  if (!plan.ok) return plan
  const closed = isTrial ? undefined : closedInPlan(state, command, origin, now)
  if (closed !== undefined) return no('OutsideHours', closed)

  const isTraining = isTrial || isInTraining(state, origin)
  const series = isTraining ? TRAINING_SERIES : state.prefixByService.get(service.id, service.prefix)
  const ordinal = nextOrdinal(series, lastOrdinalOf(state, series), (number) => state.ticketByNumber.has(number))
  if (ordinal === null) return no('NumbersExhausted', series)
  return ok([
    {
      type: 'TicketIssued',
      ticketId: command.ticketId,
      number: formatNumber(series, ordinal),
      series,
      ordinal,
      serviceId: service.id,
      queueId: service.queueId,
      channel: command.channel,
      priority: command.priority,
      priorityValue: priority.value,
      language: command.language ?? defaultLanguage(state),
      businessDate: date.value,
      plan: plan.value,
      bookedSteadyMs: bookedSteadyMs(state, command.bookedAtMs, now),
      told: isTraining ? null : (command.told ?? null),
      isTraining,
    },
  ])
}
