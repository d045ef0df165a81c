import { Type } from 'typebox'
import { PLACES, RECORDED_STATUSES } from '../domain/events.ts'
import { LANGUAGES } from '../domain/ids.ts'
import { KIOSK_SLOTS_MAX } from '../domain/numbering.ts'
import { TICKET_STATUSES } from '../domain/ticket.ts'
import { CHANNELS, PLAN_MAX } from '../domain/ticket-birth.ts'
import { DetailsBody } from './customer-details.ts'
import { PAPER_CODE_LENGTH_MAX } from './paper-code.ts'
import { id, literals, type ParsedBy, strict } from './schema.ts'

/** Papers one kiosk hands over in one request. */
export const ADOPT_MAX = 500
/** Taps that one kiosk withdraws in one request. */
export const WITHDRAW_MAX = 100
const SERIES_MAX = 400

const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const wholeMs = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** One spelling only: an id is compared as text. */
const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const hash = () => Type.String({ pattern: '^[0-9a-f]{64}$' })

export const language = literals(LANGUAGES)

export const CounterParams = Type.Object({ counterId: id() }, strict)
export const TicketParams = Type.Object({ ticketId: id() }, strict)
export const QueueParams = Type.Object({ queueId: id() }, strict)
export const DeviceParams = Type.Object({ deviceId: id() }, strict)

/** Acts that need no body; a body left out counts as an empty one. */
export const Nothing = Type.Object({}, strict)

export const IssueBody = Type.Object(
  {
    serviceId: id(),
    channel: Type.Optional(literals(CHANNELS)),
    priority: Type.Optional(nullable(id())),
    language: Type.Optional(nullable(language)),
    /** The services that follow in the same visit; left out: as the service's own plan says. */
    plan: Type.Optional(Type.Array(id(), { maxItems: PLAN_MAX })),
    /** The booked time of an appointment. */
    bookedAtMs: Type.Optional(nullable(wholeMs())),
    /** The installer tries the kiosk out: what it gives then counts nowhere. */
    trial: Type.Optional(Type.Boolean()),
    /** What the customer said of herself; kept beside the log. */
    details: Type.Optional(DetailsBody),
  },
  strict,
)
export type IssueBody = ParsedBy<typeof IssueBody>

export const PrintedAloneBody = Type.Object(
  {
    ticketId: uuid(),
    number: Type.String({ pattern: '^([A-Z]{1,3}|TEST)[1-9][0-9]{3}$' }),
    serviceId: id(),
    language,
    priority: nullable(id()),
    /** The services that follow, where the customer chose any; left out: as the service's own plan says. */
    plan: Type.Optional(Type.Array(id(), { maxItems: PLAN_MAX })),
    businessDate: Type.String({ format: 'date' }),
    lastContactSteadyMs: wholeMs(),
    sinceContactMs: wholeMs(),
    /** The idempotency key of the tap, so that a ticket whose answer was lost can be found. */
    tapKey: Type.String({ minLength: 1, maxLength: 128 }),
    /** What the customer said of herself; kept beside the log. */
    details: Type.Optional(DetailsBody),
  },
  strict,
)
export type PrintedAloneBody = ParsedBy<typeof PrintedAloneBody>

export const WithdrawBody = Type.Object(
  { keys: Type.Array(Type.String({ pattern: '^[!-~]{1,128}$' }), { minItems: 1, maxItems: WITHDRAW_MAX }) },
  strict,
)

export const AdoptBody = Type.Object({ tickets: Type.Array(PrintedAloneBody, { maxItems: ADOPT_MAX }) }, strict)
/** Staff were asked whether they mean a number that no kiosk is known to have printed, and do. */
const confirmed = Type.Optional(Type.Boolean())
export const AdoptNumberBody = Type.Object({ number: Type.String({ minLength: 1, maxLength: 8 }), confirmed }, strict)

/** What became of one ticket while the branch server was away. */
export const RecordBody = Type.Object(
  {
    /** As the caller knew it; left out where staff typed the number. */
    ticketId: Type.Optional(nullable(id())),
    number: Type.String({ pattern: '^[A-Z]{1,4}[0-9]{3,5}$' }),
    /** Which service of a visit it speaks of. */
    serviceId: Type.Optional(nullable(id())),
    status: literals(RECORDED_STATUSES),
    counterId: Type.Optional(nullable(id())),
    agentId: Type.Optional(nullable(id())),
    businessDate: Type.String({ format: 'date' }),
    /** When it was noted; left out where it comes from a sheet of paper. */
    noted: Type.Optional(nullable(Type.Object({ lastContactSteadyMs: wholeMs(), sinceContactMs: wholeMs() }, strict))),
    confirmed,
  },
  strict,
)
export type RecordBody = ParsedBy<typeof RecordBody>

const pinned = { agentId: id(), pin: Type.String({ minLength: 1, maxLength: 12 }) }
export const ManagerBody = Type.Object(pinned, strict)
export const OpenBody = Type.Object(
  {
    ...pinned,
    /** Somebody learns at this counter: what happens there counts nowhere. */
    training: Type.Optional(Type.Boolean()),
  },
  strict,
)
export const CallBody = Type.Object({ ticketId: id() }, strict)
export const HoldBody = Type.Object({ reason: Type.Optional(nullable(id())) }, strict)
export const ResumeBody = Type.Object({ counterId: id() }, strict)
const NOTE_LENGTH_MAX = 1_000
const note = Type.String({ minLength: 1, maxLength: NOTE_LENGTH_MAX })
export const CompleteBody = Type.Object(
  {
    outcome: Type.Optional(nullable(id())),
    note: Type.Optional(nullable(note)),
    /** The customer leaves, whatever the plan of the visit still holds. */
    endsVisit: Type.Optional(Type.Boolean()),
  },
  strict,
)
export const NoteBody = Type.Object({ note }, strict)
/** To a queue, or kept for one counter or one agent. */
export const TransferBody = Type.Union([
  Type.Object({ toQueueId: id(), place: literals(PLACES) }, strict),
  Type.Object({ toCounterId: id(), place: literals(PLACES) }, strict),
  Type.Object({ toAgentId: id(), place: literals(PLACES) }, strict),
])
export type TransferBody = ParsedBy<typeof TransferBody>
export const ServeNowBody = Type.Object(
  {
    serviceId: id(),
    priority: Type.Optional(nullable(id())),
    language: Type.Optional(nullable(language)),
  },
  strict,
)
export const MessageBody = Type.Object(
  { messageId: id(), minutes: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 600 }))) },
  strict,
)

/** What the operating system says of the battery. */
export const PowerBody = Type.Object({ isLow: Type.Boolean() }, strict)

/** What staff scan from a paper. */
export const ReadCodeBody = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: PAPER_CODE_LENGTH_MAX }) },
  strict,
)

export const TicketsQuery = Type.Object(
  { status: Type.Optional(literals(TICKET_STATUSES)), queueId: Type.Optional(id()) },
  strict,
)

const DEVICE_KINDS = ['kiosk', 'display', 'caller'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]
export const PairingBody = Type.Object(
  { kind: literals(DEVICE_KINDS), name: Type.String({ minLength: 1, maxLength: 80 }) },
  strict,
)
/** What a device that is paired again says of itself: the branch may have lost its disk, and the device has not. */
export const FormerDevice = Type.Object(
  {
    deviceId: uuid(),
    /** Of the token it had: it proves who the device is to the branch that gave it, and tells others nothing. */
    tokenHash: hash(),
    /** The block a kiosk may have printed from today. */
    slot: nullable(Type.Integer({ minimum: 1, maximum: KIOSK_SLOTS_MAX })),
    /** Of the log it keeps, and what the catalogue there calls the branch. */
    epoch: uuid(),
    branchId: nullable(id()),
  },
  strict,
)
export type FormerDevice = ParsedBy<typeof FormerDevice>

export const ClaimBody = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 64 }),
    /** What the device is: a code for another kind is not taken from whoever it was made for. */
    kind: Type.Optional(literals(DEVICE_KINDS)),
    former: Type.Optional(FormerDevice),
  },
  strict,
)

/** Where a reader stands, and what it has seen in print: a server behind it must not give those numbers again. */
export const BookmarkBody = Type.Object(
  {
    epoch: uuid(),
    seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    headHash: hash(),
    seen: Type.Optional(
      Type.Object(
        {
          date: Type.String({ format: 'date' }),
          lastOrdinals: Type.Array(
            Type.Tuple([Type.String({ pattern: '^[A-Z]{1,4}$' }), Type.Integer({ minimum: 0, maximum: 100_000 })]),
            { maxItems: SERIES_MAX },
          ),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type BookmarkBody = ParsedBy<typeof BookmarkBody>

export const FeedTicketBody = Type.Object(
  {
    bookmark: Type.Optional(nullable(BookmarkBody)),
    /** The device's own wall clock: two that agree with the branch's take away its doubt. */
    wallMs: Type.Optional(wholeMs()),
    /** Made anew at each start of the device's host: two that are heard by turns are two devices. */
    instance: Type.Optional(uuid()),
    /** It was refused as the second of two: after a restart of the branch the other one goes first. */
    isTwin: Type.Optional(Type.Boolean()),
  },
  strict,
)

export const FeedQuery = Type.Object(
  {
    ticket: Type.String({ minLength: 1, maxLength: 128 }),
    epoch: Type.Optional(Type.String({ maxLength: 64 })),
    after: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
  },
  strict,
)
