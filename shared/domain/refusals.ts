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
  | 'CallerNotStaffed'
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
  | 'NumberNotPrinted'
  | 'NumberOfOtherKiosk'
  | 'NumberTaken'
  | 'NumbersExhausted'
  | 'OutcomeUnknown'
  | 'OutsideHours'
  | 'PlanTooLong'
  | 'PowerIsBack'
  | 'PowerIsLow'
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
  | 'RecordTooLate'
  | 'ReinstateTooLate'
  | 'SameQueue'
  | 'ServiceIsOver'
  | 'ServiceRetired'
  | 'ServiceStaffOnly'
  | 'ServiceUnknown'
  | 'TicketReserved'
  | 'TicketUnknown'

/** They say nothing of what was asked, only that it is too early for it: the same key may ask again. */
export const NOT_YET: ReadonlySet<RefusalCode> = new Set(['CallerNotStaffed', 'CatalogueMissing', 'ClockUnsure'])

/** @property about - the id or number the refusal speaks of; empty when it speaks of the whole branch */
export interface Refusal {
  readonly code: RefusalCode
  readonly about: string
}

export const no = (code: RefusalCode, about = ''): { readonly ok: false; readonly refusal: Refusal } =>
  refuse({ code, about })
