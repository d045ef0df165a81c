import type { Origin } from '../../commands.ts'
import { agentIn, counterIn, freeCounterOf, type SlowBranch, type SlowCounter, type SlowTicket } from './slow-branch.ts'
import type { SlowReason } from './slow-choice.ts'
import { notePass } from './slow-line.ts'

/** null: done. Else the code of the refusal, and nothing was changed. */
export type Answer = string | null

export const statusCode = (status: string): string =>
  `TicketIs${{ waiting: 'Waiting', called: 'Called', serving: 'Serving', held: 'Held', completed: 'Completed', no_show: 'NoShow', cancelled: 'Cancelled' }[status]}`

export const ticketOf = (branch: SlowBranch, id: string | null): SlowTicket | undefined =>
  branch.tickets.find((ticket) => ticket.id === id)

export const counterOfDevice = (branch: SlowBranch, origin: Origin): SlowCounter | undefined =>
  branch.open.find(({ device }) => device === origin.deviceId)

/** A manager's pages lie open there. */
export const hasBoss = (branch: SlowBranch, origin: Origin): boolean =>
  branch.bosses.some(({ device }) => device === origin.deviceId)

export function isBoss(branch: SlowBranch, origin: Origin): boolean {
  const counter = counterOfDevice(branch, origin)
  if (origin.kind === 'branch' || hasBoss(branch, origin)) return true
  return counter !== undefined && !counter.isTraining && agentIn(branch, counter.agent)?.role === 'manager'
}

export function faultOfCounter(branch: SlowBranch, id: string, origin: Origin): Answer {
  if (counterIn(branch, id) === undefined) return 'CounterUnknown'
  const open = branch.open.find((counter) => counter.id === id)
  if (open === undefined) return 'CounterIsClosed'
  if (open.device !== origin.deviceId) return 'NotYourCounter'
  if (hasBoss(branch, origin)) return 'ManagerIsHere'
  if (open.breakSince !== null) return 'CounterOnBreak'
  return open.ticket === null ? null : 'CounterBusy'
}

export function seat(branch: SlowBranch, ticket: SlowTicket, counterId: string, status: 'called' | 'serving'): void {
  const counter = branch.open.find(({ id }) => id === counterId)
  if (counter === undefined) throw new Error(`The slow branch has no open counter ${counterId}`)
  counter.ticket = ticket.id
  ticket.status = status
  ticket.counter = counterId
  ticket.agent = counter.agent
}

/** Nobody else was thought of: the agent named this one. */
export const BY_HAND: SlowReason = { rule: 'picked', runnerUp: null }

export function call(branch: SlowBranch, ticket: SlowTicket, counterId: string, why: SlowReason): void {
  const { arrived, entered, isTyped } = ticket
  const wait = ticket.wasCalled || isTyped ? null : branch.steady - arrived
  const legWait = ticket.wasCalledHere || entered === null ? null : branch.steady - entered
  branch.told.push(`${ticket.id} called by ${why.rule} before ${why.runnerUp} after ${wait} ${legWait}`)
  ticket.wait ??= wait
  ticket.legWait ??= legWait
  ticket.wasCalled = true
  ticket.calledAt = branch.steady
  ticket.wasCalledHere = true
  ticket.recalls = 0
  seat(branch, ticket, counterId, 'called')
  notePass(branch, ticket, why.rule === 'picked')
}

export function pauseService(branch: SlowBranch, ticket: SlowTicket): void {
  if (ticket.status === 'serving') ticket.servedMs += branch.steady - ticket.servingFrom
  freeCounterOf(branch, ticket)
}

/** Where a tie is settled: who got a place first. */
export function nextOrder(branch: SlowBranch): number {
  branch.orders += 1
  branch.news += 1
  return branch.orders
}

export function add(
  branch: SlowBranch,
  more: Pick<SlowTicket, 'id' | 'number' | 'service' | 'queue' | 'date' | 'rank' | 'arrived' | 'plan'> &
    Partial<Pick<SlowTicket, 'isTyped' | 'isTraining' | 'booked' | 'typedAt' | 'printedAs'>>,
): SlowTicket {
  const ticket: SlowTicket = {
    isTyped: false,
    isTraining: false,
    booked: null,
    ...more,
    legs: [],
    // Nobody knows how long whoever brought a typed paper has waited.
    entered: more.isTyped === true ? null : more.arrived,
    wait: null,
    legWait: null,
    wasCalled: false,
    calledAt: 0,
    wasCalledHere: false,
    keptFor: null,
    status: 'waiting',
    counter: null,
    agent: null,
    isFirst: false,
    since: more.arrived,
    order: nextOrder(branch),
    recalls: 0,
    transfers: 0,
    wasStarted: false,
    wasReinstated: false,
    servedMs: 0,
    servingFrom: 0,
    endedAt: 0,
  }
  branch.tickets.push(ticket)
  return ticket
}

export const noDay = (branch: SlowBranch): Answer => {
  if (branch.catalogue === null) return 'CatalogueMissing'
  if (branch.day === null) return 'ClockUnsure'
  return branch.day.isClosed ? 'DayIsClosed' : null
}

export function rankOf(
  branch: SlowBranch,
  id: string | null,
  origin: Origin,
): number | 'PriorityUnknown' | 'PriorityStaffOnly' {
  if (id === null) return 0
  const found = branch.catalogue?.priorityClasses.find((entry) => entry.id === id)
  if (found === undefined) return 'PriorityUnknown'
  return origin.kind === 'kiosk' && !found.selfService ? 'PriorityStaffOnly' : found.value
}

/** Whoever stood there waits again, or is held when service had begun. */
export function sendAway(branch: SlowBranch, id: string | null): void {
  const ticket = ticketOf(branch, id)
  if (ticket === undefined) return
  const status = ticket.status === 'serving' ? 'held' : 'waiting'
  pauseService(branch, ticket)
  ticket.status = status
}
