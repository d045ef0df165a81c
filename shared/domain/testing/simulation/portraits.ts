import type { LogEvent } from '../../events.ts'
import { type BranchState, positionOf, waitingIn } from '../../state.ts'
import type { SlowBranch } from './slow-branch.ts'
import { slowLine, slowPosition } from './slow-line.ts'

const keptFor = (it: { kind: string; counterId?: string; agentId?: string } | null): string =>
  it === null ? 'nobody' : `${it.kind} ${it.counterId ?? it.agentId}`

/** Whose tickets are looked at; null: everybody's, and the place of each in line. */
type Looked = ReadonlySet<string> | null

/** What people could see of a branch, as lines of text. */
export function seenOf(state: BranchState, looked: Looked): string {
  const those =
    looked === null ? [...state.tickets.values()] : [...looked].flatMap((id) => state.tickets.get(id as never) ?? [])
  const tickets = those.map((ticket) => {
    const { facts, phase } = ticket
    const { ticketId, number, serviceId, queueId, recallCount, transferCount, serviceMs, businessDate, plan } = facts
    const isThere = phase.status === 'called' || phase.status === 'serving' || phase.status === 'held'
    const legs = facts.legs.map((leg) => `${leg.serviceId} ${leg.waitMs} ${leg.serviceMs}`)
    const visit = `${serviceId}>${plan} [${legs}] in ${facts.waitMs} ${facts.legWaitMs}`
    const { place } = facts
    const stands = `${place.isTraining} ${place.bookedSteadyMs} for ${phase.status === 'waiting' ? keptFor(place.reservedFor) : '-'}`
    return `${ticketId} ${number} ${businessDate} ${phase.status} ${queueId} ${isThere ? phase.counterId : ''} ${recallCount} ${transferCount} ${serviceMs} ${visit} ${stands} as ${looked === null ? positionOf(state, ticket) : '-'}`
  })
  const lines = [...state.lines.keys()]
    .toSorted()
    .map((id) => `${id}: ${waitingIn(state, id).map(({ ticketId }) => ticketId)}`)
  const open = [...state.openCounters].map(
    ([id, { agentId, deviceId, ticketId, isTraining, onBreak }]) =>
      `${id} ${agentId} ${deviceId} ${ticketId ?? '-'} ${isTraining} ${onBreak?.sinceSteadyMs ?? '-'}`,
  )
  const { day, clock, message, coveredMessage: covered } = state
  const today = day === null ? '-' : `${day.date} ${day.endsAtMs} ${day.isClosed}`
  const bosses = [...state.managers].map(([device, agent]) => `${agent} steers from ${device}`)
  const { sheet } = state
  const suspended = [...state.suspended].map(([agent, { by }]) => `${agent} is suspended by ${by}`)
  const printed = sheet === null ? null : `${sheet.kioskId} ${sheet.steadyMs}`
  const shown = `${message?.messageId} ${message?.minutes} over ${covered?.messageId} ${covered?.minutes}`
  const notice = `${state.isPowerLow} ${printed} ${state.isIntakeStopped} ${shown}`
  return [
    today,
    clock.isDoubted,
    notice,
    ...tickets.toSorted(),
    ...lines,
    ...open.toSorted(),
    ...bosses.toSorted(),
    ...suspended.toSorted(),
  ].join('\n  ')
}

export function slowlySeen(slow: SlowBranch, looked: Looked): string {
  const those = looked === null ? slow.tickets : slow.tickets.filter(({ id }) => looked.has(id))
  const tickets = those.map((it) => {
    const isThere = ['called', 'serving', 'held'].includes(it.status)
    const legs = it.legs.map((leg) => `${leg.service} ${leg.wait} ${leg.served}`)
    const visit = `${it.service}>${it.plan} [${legs}] in ${it.wait} ${it.legWait}`
    const kept = it.keptFor === null ? 'nobody' : `${it.keptFor.kind} ${it.keptFor.id}`
    const stands = `${it.isTraining} ${it.booked} for ${it.status === 'waiting' ? kept : '-'}`
    return `${it.id} ${it.number} ${it.date} ${it.status} ${it.queue} ${isThere ? it.counter : ''} ${it.recalls} ${it.transfers} ${it.servedMs} ${visit} ${stands} as ${looked === null ? slowPosition(slow, it) : '-'}`
  })
  const queues = [
    ...new Set(slow.tickets.filter(({ status }) => status === 'waiting').map(({ queue }) => queue)),
  ].sort()
  const lines = queues.map((id) => `${id}: ${slowLine(slow, id).map((ticket) => ticket.id)}`)
  const open = slow.open.map(
    ({ id, agent, device, ticket, isTraining, breakSince }) =>
      `${id} ${agent} ${device} ${ticket ?? '-'} ${isTraining} ${breakSince ?? '-'}`,
  )
  const { day, message, covered } = slow
  const today = day === null ? '-' : `${day.date} ${day.ends} ${day.isClosed}`
  const bosses = slow.bosses.map(({ device, agent }) => `${agent} steers from ${device}`)
  const suspended = slow.suspended.map(({ agent, by }) => `${agent} is suspended by ${by}`)
  const shown = `${message?.id} ${message?.minutes} over ${covered?.id} ${covered?.minutes}`
  const notice = `${slow.isLow} ${slow.sheet} ${slow.isStopped} ${shown}`
  return [
    today,
    slow.isDoubted,
    notice,
    ...tickets.sort(),
    ...lines,
    ...open.sort(),
    ...bosses.sort(),
    ...suspended.sort(),
  ].join('\n  ')
}

/** What shows in events alone, in the words of the slow twin. */
export function toldBy(events: readonly LogEvent[]): readonly string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'TicketCalled': {
        const { ticketId, why, waitMs, legWaitMs } = event
        return [`${ticketId} called by ${why.rule} before ${why.runnerUp} after ${waitMs} ${legWaitMs}`]
      }
      case 'LegCompleted': {
        const { ticketId, serviceId, toServiceId, serviceMs } = event
        return [`${ticketId} goes on from ${serviceId} to ${toServiceId} after ${serviceMs}`]
      }
      case 'TicketRecorded': {
        const { ticketId, status, counterId, happened, serviceMs, next } = event
        const at = `${counterId} ${happened?.steadyMs ?? null} after ${serviceMs}`
        return [`${ticketId} entered as ${status} at ${at}, then ${next?.toServiceId}`]
      }
      case 'ReservationLapsed':
        return [`${event.ticketId} is kept for nobody any more`]
      case 'BreakEnded':
        return [`the break at ${event.counterId} took ${event.breakMs}`]
      default:
        return []
    }
  })
}
