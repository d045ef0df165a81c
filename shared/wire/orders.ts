import { Type } from 'typebox'
import { id, literals, type ParsedBy, strict } from './schema.ts'

/** What head office has a branch, or one of its devices, do: how it is asked for, how it travels, and what came of it. */

const wholeNumber = (minimum: number) => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER })
const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const outcome = () => Type.String({ pattern: '^[A-Z][A-Za-z]{1,60}$' })

/** What a device does itself, told down its own line. */
export const DEVICE_ACTS = ['identify', 'restart', 'reprint'] as const
export type DeviceAct = (typeof DEVICE_ACTS)[number]
export type OrderKind = DeviceAct | 'remove' | 'diagnostics'

/**
 * How old each may be by the time the branch hears of it: later, nobody stands there any more who waits for it. A device
 * that was taken away is as lost after a month as it was on the first day.
 */
export const ORDER_MINUTES: Readonly<Record<OrderKind, number>> = {
  identify: 5,
  reprint: 10,
  restart: 30,
  diagnostics: 24 * 60,
  remove: 30 * 24 * 60,
}

/** Of one branch, until it has said what came of them. */
export const ORDERS_OPEN_MAX = 32

/** As head office asks for it. */
export const OrderBody = Type.Union([
  Type.Object({ kind: literals(['identify', 'restart', 'remove']), deviceId: id() }, strict),
  /** Without a ticket: the paper that this kiosk printed last. */
  Type.Object({ kind: Type.Literal('reprint'), deviceId: id(), ticketId: Type.Optional(id()) }, strict),
  Type.Object({ kind: Type.Literal('diagnostics') }, strict),
])
export type OrderBody = ParsedBy<typeof OrderBody>

/** As it comes to the branch, in a message of the inbox. */
export const OrderMessage = Type.Union([
  Type.Object(
    {
      type: Type.Literal('OrderDevice'),
      /** By which the device knows that it has had it before. */
      orderId: uuid(),
      deviceId: id(),
      act: literals(DEVICE_ACTS),
      ticketId: Type.Union([id(), Type.Null()]),
    },
    strict,
  ),
  Type.Object({ type: Type.Literal('RemoveDevice'), deviceId: id() }, strict),
  Type.Object({ type: Type.Literal('SendDiagnostics'), orderId: uuid() }, strict),
])
export type OrderMessage = ParsedBy<typeof OrderMessage>
const ORDER_TYPES: ReadonlySet<unknown> = new Set<OrderMessage['type']>([
  'OrderDevice',
  'RemoveDevice',
  'SendDiagnostics',
])
/** Of what stands in an inbox, in which orders and what screens show come by one way. */
export const isOrder = (message: unknown): message is OrderMessage =>
  ORDER_TYPES.has((message as { readonly type?: unknown } | null)?.type)
/** What the branch keeps until it is done: a device may be away, and so may the cloud. */
export type KeptOrder = Exclude<OrderMessage, { type: 'RemoveDevice' }>

/** As the branch tells its device. */
export interface DeviceOrder {
  readonly type: 'order'
  readonly orderId: string
  readonly act: DeviceAct
  readonly ticketId: string | null
  /** Its time is over: a device says what came of it if it has had it, and begins nothing. An older branch does not say. */
  readonly isLate?: boolean
}

/** What a device, or its page, says came of it. */
export const OrderReport = Type.Object({ outcome: outcome() }, strict)
export type OrderReport = ParsedBy<typeof OrderReport>
export const OrderParams = Type.Object({ orderId: uuid() }, strict)

/** So long a device that was told shows its name. */
export const IDENTIFY_MS = 30_000

export const RESULTS_MAX = 100
/** What a branch says came of what it had only taken. */
export const ResultsBody = Type.Object(
  {
    results: Type.Array(Type.Object({ number: wholeNumber(1), outcome: outcome() }, strict), {
      minItems: 1,
      maxItems: RESULTS_MAX,
    }),
  },
  strict,
)
export type OrderResult = ParsedBy<typeof ResultsBody>['results'][number]

export type OrderState = 'queued' | 'fetched' | 'done' | 'refused' | 'expired'

/** An order as head office sees it. */
export interface SentOrder {
  readonly number: number
  readonly kind: OrderKind
  readonly deviceId: string | null
  readonly sentAtMs: number
  /** Not begun later than this, by the cloud's clock. */
  readonly expiresAtMs: number
  readonly state: OrderState
  /** Why it was refused, by name; null otherwise. */
  readonly code: string | null
  /** When the branch said the last of it; null: it has said nothing. */
  readonly toldAtMs: number | null
  /** A bundle that can be fetched. */
  readonly hasBundle: boolean
}
