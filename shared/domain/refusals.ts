import { refuse } from './result.ts'
import type { StatusRefusalCode } from './transitions.ts'

/** Why a command changed nothing. Each has its row in wire/problem.ts. */
export type RefusalCode =
  | StatusRefusalCode
  | 'AgentAbsent'
  | 'AgentUnknown'
  | 'AlreadyReinstated'
  | 'BookedTooFar'
  | 'BookingMissing'
  | 'CatalogueMissing'
  | 'ClockIsSure'
  | 'ClockUnsure'
  | 'CounterBusy'
  | 'CounterIsClosed'
  | 'CounterIsOpen'
  | 'CounterNotOnBreak'
  | 'CounterOnBreak'
  | 'CounterTaken'
  | 'CounterUnknown'
  | 'DayAlreadyClosed'
  | 'DayIsClosed'
  | 'EmergencyIsShown'
  | 'IntakeIsOpen'
  | 'IntakeIsStopped'
  | 'ManagerIsHere'
  | 'MessageUnknown'
  | 'MinutesMissing'
  | 'NoCounterOpen'
  | 'NoMessage'
  | 'NotAManager'
  | 'NotYourCounter'
  | 'NotYourTicket'
  | 'NumberNotOffline'
  | 'NumberTaken'
  | 'NumbersExhausted'
  | 'OutcomeUnknown'
  | 'OutsideHours'
  | 'PlanTooLong'
  | 'PriorityStaffOnly'
  | 'PriorityUnknown'
  | 'QueueEmpty'
  | 'QueueFull'
  | 'QueueIsActive'
  | 'QueueIsClosed'
  | 'QueueIsOpen'
  | 'QueueIsPaused'
  | 'QueueNotServed'
  | 'QueueRetired'
  | 'QueueUnknown'
  | 'ReasonUnknown'
  | 'RecallMaximumReached'
  | 'ReinstateTooLate'
  | 'SameQueue'
  | 'ServiceIsOver'
  | 'ServiceRetired'
  | 'ServiceUnknown'
  | 'TicketReserved'
  | 'TicketUnknown'

/** @property about - the id or number the refusal speaks of; empty when it speaks of the whole branch */
export interface Refusal {
  readonly code: RefusalCode
  readonly about: string
}

export const no = (code: RefusalCode, about = ''): { readonly ok: false; readonly refusal: Refusal } =>
  refuse({ code, about })
