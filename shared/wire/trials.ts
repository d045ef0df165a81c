import { Type } from 'typebox'
import { id, literals, type ParsedBy, strict } from './schema.ts'

/** Digits that a person reads on paper or on a screen and types back: every keyboard has them. */
export const TRIAL_CODE_DIGITS = 4
/** Test tickets that one kiosk takes in one go. */
export const TAPS_MAX = 2_400
const TAPS_EVERY_MS_MIN = 250
const TAPS_MS_MAX = 20 * 60_000
const PAINT_MS_MAX = 10 * 60_000
export const RINGS_MAX = 4
const PLACES_MAX = 2
export const FOUND_MAX = 8

const wholeMs = (maximum = Number.MAX_SAFE_INTEGER) => Type.Integer({ minimum: 0, maximum })
const code = () => Type.String({ pattern: `^[0-9]{${TRIAL_CODE_DIGITS}}$` })
const runId = () => Type.String({ format: 'uuid' })
const text = (maxLength: number) => Type.String({ maxLength })
const order = <const Kind extends string, Fields extends Parameters<typeof Type.Object>[0]>(
  kind: Kind,
  fields: Fields,
) => Type.Object({ kind: Type.Literal(kind), ...fields }, strict)

/** What a branch asks one of its devices to do while the installer tries it out. */
export const TrialOrder = Type.Union([
  /** Says how the device is, at once: the way there and back is measured by it. */
  order('look', {}),
  /** Looks for the branch on the network, as if its address were lost. */
  order('find', {}),
  /** A display paints what it was sent before, and a code where there is one; it rings so many times. */
  order('paint', {
    code: Type.Union([code(), Type.Null()]),
    rings: Type.Integer({ minimum: 0, maximum: RINGS_MAX }),
    forMs: wholeMs(PAINT_MS_MAX),
  }),
  /** A kiosk prints a slip that bears a code on one of its printers. */
  order('print', { place: Type.Integer({ minimum: 0, maximum: PLACES_MAX - 1 }), code: code() }),
  /** A kiosk takes a test ticket, without paper. */
  order('tap', { serviceId: id() }),
  /** A kiosk takes one after the other until it is asked what came of them, or the time is over. */
  order('start-taps', {
    runId: runId(),
    serviceId: id(),
    everyMs: Type.Integer({ minimum: TAPS_EVERY_MS_MIN }),
    forMs: wholeMs(TAPS_MS_MAX),
  }),
  /** Of this run alone: the order that began it may never have come, and what came of an earlier one proves nothing. */
  order('end-taps', { runId: runId() }),
])
export type TrialOrder = ParsedBy<typeof TrialOrder>
export type PaintOrder = Extract<TrialOrder, { kind: 'paint' }>

/** A test ticket that a kiosk was given, or gave itself. */
const TakenTap = Type.Object(
  {
    ticketId: text(64),
    number: text(16),
    offline: Type.Boolean(),
    /** Since the first of them was asked for. */
    atMs: wholeMs(),
    tookMs: Type.Number({ minimum: 0 }),
  },
  strict,
)
export type TakenTap = ParsedBy<typeof TakenTap>

/** What a device says it did, in answer to the order of the same kind. */
export const TrialReport = Type.Union([
  order('look', {
    /** The device's own wall clock, and the zone it shows times in. */
    wallMs: wholeMs(),
    timezone: text(64),
    version: text(32),
    node: text(32),
    system: text(64),
    addresses: Type.Array(text(64), { maxItems: 16 }),
    freeBytes: wholeMs(),
    pageCount: Type.Integer({ minimum: 0, maximum: 64 }),
  }),
  order('find', { urls: Type.Array(text(128), { maxItems: FOUND_MAX }), tookMs: Type.Number({ minimum: 0 }) }),
  order('paint', {
    /** false: no page is open, or none is in sight. */
    painted: Type.Boolean(),
    /** The last event that stood on the screen. */
    seq: wholeMs(),
    /** How many times sound really came out of the program. */
    rung: Type.Integer({ minimum: 0, maximum: RINGS_MAX }),
  }),
  order('print', {
    outcome: literals(['confirmed', 'sent', 'failed', 'uncertain', 'no-printer']),
    capability: literals(['confirmed', 'status-only', 'blind']),
    isSimulated: Type.Boolean(),
  }),
  order('tap', { taken: Type.Union([TakenTap, Type.Null()]), refusal: Type.Union([text(64), Type.Null()]) }),
  order('start-taps', {}),
  order('end-taps', {
    taps: Type.Array(TakenTap, { maxItems: TAPS_MAX }),
    /** Taps that got no number at all, and the last reason. */
    refusedCount: wholeMs(),
    refusal: Type.Union([text(64), Type.Null()]),
  }),
])
export type TrialReport = ParsedBy<typeof TrialReport>
export type ReportOf<Kind extends TrialOrder['kind']> = Extract<TrialReport, { kind: Kind }>

export const TrialParams = Type.Object({ trialId: Type.String({ format: 'uuid' }) }, strict)

/** One test ticket from tap to screens, timed by the branch. */
export const RoundBody = Type.Object(
  { kioskId: id(), displayIds: Type.Array(id(), { maxItems: 32 }), serviceId: id() },
  strict,
)

export interface TrialAnswer<Report = TrialReport> {
  readonly report: Report
  /** From the order's leaving to the report's coming, by the branch's steady clock. */
  readonly tookMs: number
  /** The branch's wall clock when the report came. */
  readonly atMs: number
}

/** No number came of it, or one of the kiosk's own; the code of the refusal. */
export interface RoundRefused {
  readonly refusal: string
}

export interface RoundAnswer {
  /** From the kiosk's asking to its answer, by the kiosk's own clock. */
  readonly tapMs: number
  /** From the commit to the report that it stands on the screen, by the branch's clock; null = it never did. */
  readonly shownMs: Readonly<Record<string, number | null>>
}

/** A test ticket as the branch has it. */
export interface TrialTicket {
  readonly ticketId: string
  readonly number: string
  readonly status: string
  readonly issuedAtMs: number
}

export interface TrialsState {
  /** When the branch server's program began, by its wall clock. */
  readonly startedAtMs: number
  readonly epoch: string
  readonly seq: number
  /** Test tickets of kiosks, of this business day. */
  readonly tickets: readonly TrialTicket[]
}
