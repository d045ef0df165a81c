import type { Refusal, RefusalCode } from '../domain/refusals.ts'

/** Codes of what goes wrong outside the core: at the door, on the disk, on the way. */
export type DoorCode =
  | 'AlreadyMember'
  | 'AlreadyPaired'
  | 'ApiKeysFull'
  | 'ApiKeyUnknown'
  | 'AppointmentUnknown'
  | 'AppointmentUsed'
  | 'BookmarkAhead'
  | 'BranchUnknown'
  | 'BranchUnreachable'
  | 'CatalogueInvalid'
  | 'CatalogueManagedByCloud'
  | 'ClipInvalid'
  | 'ClipUnknown'
  | 'DetailsUnknown'
  | 'DeviceAway'
  | 'DeviceSilent'
  | 'DeviceStillHeard'
  | 'DeviceTwin'
  | 'DeviceUnknown'
  | 'EnrolmentCodeInvalid'
  | 'FeedTicketInvalid'
  | 'Forbidden'
  | 'HistoryUnknown'
  | 'HostNotAllowed'
  | 'IdempotencyKeyReused'
  | 'InboxFull'
  | 'InternalError'
  | 'InvitationUnknown'
  | 'InvitationsTooMany'
  | 'IssuerTaken'
  | 'IssuerUnknown'
  | 'IssuerUnreachable'
  | 'IssuersTooMany'
  | 'JumpsUsedUp'
  | 'KioskSlotsExhausted'
  | 'LastAdministrator'
  | 'LogForked'
  | 'LogHeld'
  | 'MarkOnItsWay'
  | 'MarksFull'
  | 'MediaFull'
  | 'MediaInUse'
  | 'MediaPartElsewhere'
  | 'MediaRefused'
  | 'MediaTypeUnsupported'
  | 'MediaUnknown'
  | 'MemberUnknown'
  | 'MethodNotAllowed'
  | 'NoPrinter'
  | 'NotPaired'
  | 'OriginNotAllowed'
  | 'PackUnknown'
  | 'PacksFull'
  | 'PairingCodeInvalid'
  | 'PairingsTooMany'
  | 'PinEasy'
  | 'PinLocked'
  | 'PinWrong'
  | 'PrintJobNotInDoubt'
  | 'PaperNotOurs'
  | 'PrintJobUnknown'
  | 'PrinterAddressInvalid'
  | 'PrinterDeviceMissing'
  | 'PrinterOutsideNetwork'
  | 'PrinterPortUnusual'
  | 'PrinterSetElsewhere'
  | 'RequestInvalid'
  | 'RequestTooLarge'
  | 'RequestTooSlow'
  | 'RightsTooOld'
  | 'RouteUnknown'
  | 'SequenceGap'
  | 'ShapeUnknown'
  | 'SignatureStale'
  | 'SlugTaken'
  | 'SpeechUnavailable'
  | 'StaffMenuLocked'
  | 'StorageUnavailable'
  | 'TenantUnknown'
  | 'TapWithdrawn'
  | 'TooBusy'
  | 'TooManyRequests'
  | 'TrialUnknown'
  | 'Unauthorized'
  | 'WebhooksFull'
  | 'WebhookUnknown'

export type ProblemCode = RefusalCode | DoorCode

/** RFC 9457 answers, one row a code; `satisfies` makes a forgotten code a compile error. */
const answers = {
  AgentAbsent: { status: 409, title: 'The agent is at no counter now' },
  AgentIsActive: { status: 409, title: 'The agent is not suspended' },
  AgentIsSuspended: { status: 403, title: 'The agent is suspended' },
  AgentUnknown: { status: 404, title: 'This branch has no such agent' },
  AgentsFull: { status: 409, title: 'A branch has no more agents than this' },
  AlreadyReinstated: { status: 409, title: 'The ticket has come back once already' },
  BookedTooFar: { status: 422, title: 'An appointment is for the day on which the ticket is taken' },
  BookingMissing: { status: 422, title: 'A kiosk gives such a ticket only with its booked time' },
  CallerNotStaffed: { status: 409, title: 'An agent, not one in training, must sign in at this caller first' },
  CatalogueMissing: { status: 409, title: 'This branch has no catalogue yet' },
  ClockIsSure: { status: 409, title: 'The clock is not in doubt' },
  ClockUnsure: { status: 409, title: 'The clock must be confirmed before the first day can open' },
  CounterBusy: { status: 409, title: 'The counter still has a ticket in front of it' },
  CounterIsClosed: { status: 409, title: 'The counter is closed' },
  CounterIsOpen: { status: 409, title: 'A counter is open at this device' },
  CounterNotOnBreak: { status: 409, title: 'The counter is not on a break' },
  CounterOnBreak: { status: 409, title: 'The agent is on a break' },
  CounterTaken: { status: 409, title: 'Another agent is at this counter' },
  CounterUnknown: { status: 404, title: 'This branch has no such counter' },
  DayAlreadyClosed: { status: 409, title: 'The day is closed already' },
  DayIsClosed: { status: 409, title: 'The day is closed; tickets are given again after the next cut-over' },
  EmergencyIsShown: { status: 409, title: 'An emergency is on the screens: no kiosk tickets, calls or other messages' },
  IntakeIsOpen: { status: 409, title: 'Tickets are being given' },
  IntakeIsStopped: { status: 409, title: 'A manager has stopped giving tickets for today' },
  MinutesMissing: { status: 422, title: 'The message says how many minutes: tell them' },
  ManagerIsHere: { status: 409, title: 'A manager is signed in at this device; she leaves first' },
  MessageUnknown: { status: 404, title: 'The catalogue has no such message' },
  NoCounterOpen: { status: 409, title: 'Open a counter at this device first' },
  NoMessage: { status: 409, title: 'No message is being shown' },
  NotAManager: { status: 403, title: 'A manager or the installer must do this' },
  NotYourself: { status: 409, title: 'Nobody suspends herself' },
  NotYourCounter: { status: 409, title: 'Another device holds this counter' },
  NotYourTicket: { status: 409, title: 'The ticket is at another counter' },
  NumberNotOffline: { status: 422, title: 'No kiosk prints such a number without the server' },
  NumberNotPrinted: { status: 409, title: 'No kiosk is known to have printed this number; ask whether it is meant' },
  NumberOfOtherKiosk: { status: 409, title: 'The number is of a block that this kiosk never printed from' },
  NumberTaken: { status: 409, title: 'The number is known already' },
  NumbersExhausted: { status: 409, title: 'The series has no numbers left today' },
  OutcomeUnknown: { status: 422, title: 'The catalogue has no such outcome' },
  OutsideHours: { status: 409, title: 'The branch, or this service, is not open now' },
  PlanTooLong: { status: 422, title: 'The visit has too many services' },
  PowerIsBack: { status: 409, title: 'The battery is known not to run low' },
  PowerIsLow: { status: 409, title: 'The battery is known to run low' },
  PriorityStaffOnly: { status: 403, title: 'Only staff may give this priority' },
  PriorityUnknown: { status: 422, title: 'The catalogue has no such priority class' },
  QueueEmpty: { status: 409, title: 'Nobody is waiting for this counter' },
  QueueFull: { status: 409, title: 'The queue is full' },
  QueueIsActive: { status: 409, title: 'The queue is not paused' },
  QueueIsClosed: { status: 409, title: 'The queue is closed' },
  QueueIsOpen: { status: 409, title: 'The queue is open' },
  QueueIsPaused: { status: 409, title: 'The queue is paused' },
  QueueNotServed: { status: 409, title: 'The counter does not serve this queue' },
  QueueRetired: { status: 409, title: 'The queue is no longer offered' },
  QueueUnknown: { status: 404, title: 'This branch has no such queue' },
  ReasonUnknown: { status: 422, title: 'The catalogue has no such reason' },
  RecallMaximumReached: { status: 409, title: 'The ticket has been recalled as often as the branch allows' },
  RecordTooLate: { status: 409, title: 'That day is too long past for anything to be entered' },
  ReinstateTooLate: { status: 409, title: 'It is too late to bring the ticket back' },
  SameQueue: { status: 409, title: 'The ticket waits in this queue already' },
  ServiceIsOver: { status: 409, title: 'That service is over already; the visit has gone on' },
  ServiceRetired: { status: 409, title: 'The service is no longer offered' },
  ServiceStaffOnly: { status: 403, title: 'Only staff give tickets for this service, or it is booked' },
  ServiceUnknown: { status: 404, title: 'This branch has no such service' },
  TicketIsCalled: { status: 409, title: 'The ticket is being called' },
  TicketIsCancelled: { status: 409, title: 'The ticket was cancelled' },
  TicketIsCompleted: { status: 409, title: 'The ticket is completed' },
  TicketIsHeld: { status: 409, title: 'The ticket is held' },
  TicketIsNoShow: { status: 409, title: 'The customer did not come' },
  TicketIsServing: { status: 409, title: 'The ticket is being served' },
  TicketIsWaiting: { status: 409, title: 'The ticket is waiting' },
  SuspendedByCloud: { status: 409, title: 'Head office has suspended the agent, and alone can readmit her' },
  SuspensionUnanswered: { status: 409, title: 'The agent was suspended at the branch since' },
  TicketReserved: { status: 409, title: 'The ticket is kept for another counter or agent' },
  TicketUnknown: { status: 404, title: 'No ticket of today has this id' },

  AlreadyMember: { status: 409, title: 'Whoever has this address is a member of the tenant already' },
  AlreadyPaired: {
    status: 409,
    title: 'This device is paired; its branch removes it first, or it is started with a new code',
  },
  ApiKeysFull: { status: 409, title: 'The tenant has as many keys as it may have; revoke one' },
  ApiKeyUnknown: { status: 404, title: 'This tenant has no such key' },
  AppointmentUnknown: { status: 404, title: 'Nobody is expected under this code, or she has come already' },
  AppointmentUsed: { status: 409, title: 'Whoever is expected under this code has come already' },
  BookmarkAhead: { status: 409, title: 'The device has seen more of the log than this server; it must connect again' },
  BranchUnknown: { status: 404, title: 'This tenant has no such branch' },
  BranchUnreachable: { status: 503, title: 'The branch server does not answer' },
  CatalogueInvalid: { status: 422, title: 'The catalogue contradicts itself' },
  CatalogueManagedByCloud: { status: 409, title: 'The cloud keeps this branch’s catalogue; publish it there' },
  ClipInvalid: {
    status: 422,
    title: 'This is no short recording of 16 bits and one channel, or nothing is heard in it',
  },
  ClipUnknown: { status: 404, title: 'There is no such clip or phrase now' },
  HistoryUnknown: { status: 404, title: 'No such part of a history is kept' },
  DetailsUnknown: { status: 404, title: 'Nothing is kept of this visit beside the log' },
  DeviceAway: { status: 409, title: 'The device is not in contact with the branch' },
  DeviceSilent: { status: 504, title: 'The device did not do it in time' },
  DeviceStillHeard: { status: 409, title: 'This device was heard from elsewhere a moment ago; try again' },
  DeviceTwin: {
    status: 409,
    title: 'Another device has the same identity, as when a disk was copied; pair this one with a new code',
  },
  DeviceUnknown: { status: 404, title: 'No such device is paired' },
  EnrolmentCodeInvalid: { status: 403, title: 'The enrolment code is wrong, used or too old' },
  FeedTicketInvalid: { status: 401, title: 'The feed ticket is unknown, used or too old' },
  Forbidden: { status: 403, title: 'This kind of device may not do this' },
  HostNotAllowed: { status: 421, title: 'The branch is asked for under a name that is not its own' },
  IdempotencyKeyReused: { status: 422, title: 'The idempotency key was used for another request' },
  InboxFull: { status: 409, title: 'Too many messages wait for this branch; it must be heard from first' },
  InternalError: { status: 500, title: 'Something is wrong in the software; it has been logged' },
  InvitationUnknown: { status: 404, title: 'This tenant has no such open invitation' },
  InvitationsTooMany: { status: 409, title: 'Too many invitations are open; take some back first' },
  IssuerTaken: { status: 409, title: 'The tenant has this issuer already' },
  IssuerUnknown: { status: 404, title: 'This tenant has no such issuer' },
  IssuerUnreachable: { status: 422, title: 'No issuer of OpenID Connect answers there under its own name' },
  IssuersTooMany: { status: 409, title: 'The tenant has as many issuers as there may be' },
  JumpsUsedUp: { status: 429, title: 'The numbers have jumped too often at the word of devices; look into the log' },
  KioskSlotsExhausted: { status: 409, title: 'Nine kiosks are the most; a removed one frees its place the next day' },
  LastAdministrator: { status: 409, title: 'A tenant keeps one administrator at least' },
  LogForked: {
    status: 409,
    title: 'Another history of this branch is held already; this one is kept aside for a person',
  },
  LogHeld: {
    status: 409,
    title: 'The log of this branch is held, and this box knows nothing of it: bring it back by restore --from-cloud',
  },
  MarkOnItsWay: { status: 409, title: 'The mark has been sent to the branch already' },
  MarksFull: { status: 409, title: 'More marks wait for the branch than this device keeps' },
  MediaFull: { status: 409, title: 'There is no room for another file; delete one that no display plays' },
  MediaInUse: { status: 409, title: 'A display plays this file; take it off its programme first' },
  MediaPartElsewhere: { status: 409, title: 'This part does not follow on those that are here' },
  MediaRefused: { status: 422, title: 'The file is not what its hash says, or nothing that displays play' },
  MediaTypeUnsupported: { status: 415, title: 'Bodies must be application/json' },
  MediaUnknown: { status: 404, title: 'There is no such file' },
  MemberUnknown: { status: 404, title: 'This tenant has no such member' },
  MethodNotAllowed: { status: 405, title: 'The address does not take this method' },
  NoPrinter: { status: 409, title: 'No kiosk can print just now' },
  NotPaired: { status: 409, title: 'This device is not paired with a branch yet' },
  OriginNotAllowed: { status: 403, title: 'Only this device’s own page may ask' },
  PackUnknown: { status: 404, title: 'No such voice is recorded here' },
  PacksFull: { status: 409, title: 'No more voices, or clips of one, are kept; delete some first' },
  PairingCodeInvalid: { status: 403, title: 'The pairing code is wrong, used or too old' },
  PairingsTooMany: { status: 429, title: 'Too many pairing codes are open; wait until some have ended' },
  PinEasy: { status: 422, title: 'The PIN is one of those that are guessed first' },
  PinLocked: { status: 429, title: 'Too many wrong PINs of this agent at this device; wait' },
  PinWrong: { status: 403, title: 'The PIN is wrong' },
  PrintJobNotInDoubt: { status: 409, title: 'Nobody doubts this paper, or somebody has judged it already' },
  PrinterAddressInvalid: { status: 422, title: 'This is no address of a printer that can be set up here' },
  PrinterDeviceMissing: { status: 422, title: 'This machine has no such serial line or USB printer' },
  PrinterOutsideNetwork: {
    status: 422,
    title: 'The printer must be in the own network; others are set by KIOSK_PRINTER',
  },
  PrinterPortUnusual: {
    status: 422,
    title: 'Printers listen at the ports 9100 to 9109; others are set by KIOSK_PRINTER',
  },
  PrinterSetElsewhere: { status: 409, title: 'The printer is set by KIOSK_PRINTER; take that away first' },
  PaperNotOurs: { status: 404, title: 'No kiosk that is paired now has printed this code' },
  PrintJobUnknown: { status: 404, title: 'No such print job' },
  RequestInvalid: { status: 400, title: 'The request does not have the expected form' },
  RequestTooLarge: { status: 413, title: 'The request is too large' },
  RequestTooSlow: { status: 408, title: 'The request took too long to arrive' },
  RightsTooOld: {
    status: 403,
    title: 'Head office was not heard for 30 days; a manager must confirm who works here',
  },
  RouteUnknown: { status: 404, title: 'There is nothing at this address' },
  SequenceGap: { status: 409, title: 'Events before these are missing; go on from the one that is expected' },
  ShapeUnknown: { status: 404, title: 'Nothing of this name is told to branches' },
  SignatureStale: {
    status: 401,
    title: 'The request was signed by another time than the cloud’s; take it from the answer',
  },
  SlugTaken: { status: 409, title: 'Another tenant has this short name' },
  SpeechUnavailable: { status: 503, title: 'This machine cannot speak: espeak-ng is missing or fails' },
  StaffMenuLocked: { status: 429, title: 'Too many wrong PINs at this kiosk; a try is free again within ten minutes' },
  StorageUnavailable: { status: 503, title: 'The disk does not take the change; nothing was done' },
  TenantUnknown: { status: 404, title: 'There is no such tenant' },
  TapWithdrawn: { status: 409, title: 'This tap was given up, and its ticket withdrawn; tap again' },
  TooBusy: { status: 503, title: 'More is asked than can be done; try again in a moment' },
  TooManyRequests: { status: 429, title: 'Too many requests from this address' },
  TrialUnknown: { status: 404, title: 'Nobody waits for this report' },
  Unauthorized: { status: 401, title: 'A valid token is needed' },
  WebhooksFull: { status: 409, title: 'The tenant has as many webhooks as it may have; remove one' },
  WebhookUnknown: { status: 404, title: 'This tenant has no such webhook' },
} as const satisfies Record<ProblemCode, { status: number; title: string }>

export const PROBLEM_CODES = Object.keys(answers) as readonly ProblemCode[]

/** The body of every error answer. `about` names the id or number it speaks of, `detail` what to mend. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail?: string
  readonly about?: string
}

export function problem(code: ProblemCode, more: { readonly detail?: string; readonly about?: string } = {}): Problem {
  return { type: `/problems/${code}`, code, ...answers[code], ...more }
}

export const refusalToProblem = ({ code, about }: Refusal): Problem => problem(code, about === '' ? {} : { about })
