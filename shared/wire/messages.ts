import { Type } from 'typebox'
import { literals, type ParsedBy, strict } from './schema.ts'

/** How a tenant's customers are written to. */

export const MESSAGE_CHANNELS = ['sms', 'email'] as const
export type MessageChannel = (typeof MESSAGE_CHANNELS)[number]
/** What a message tells of. */
export const MESSAGE_EVENTS = ['called', 'ahead'] as const
export type MessageEvent = (typeof MESSAGE_EVENTS)[number]
export const MESSAGE_STATES = [
  'queued',
  'sending',
  'accepted',
  'delivered',
  'failed',
  'unknown',
  'expired',
  'suppressed',
] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

const DAY_MINUTES = 1_440
const CALLING_CODES_MAX = 50
/** A million a day, in millionths. */
const MICROS_MAX = 1_000_000_000_000
const COUNT_MAX = 10_000_000
const minute = () => Type.Integer({ minimum: 0, maximum: DAY_MINUTES - 1 })
const count = () => Type.Integer({ minimum: 0, maximum: COUNT_MAX })
const micros = () => Type.Integer({ minimum: 0, maximum: MICROS_MAX })

export const MessagePolicyBody = Type.Object(
  {
    /** In the order in which they are tried. */
    channels: Type.Array(literals(MESSAGE_CHANNELS), { maxItems: MESSAGE_CHANNELS.length, uniqueItems: true }),
    /** Minutes of the recipient's day, from which to before which nothing is sent; null: no hours are quiet. */
    quiet: Type.Union([Type.Object({ from: minute(), until: minute() }, strict), Type.Null()]),
    numberDayMax: count(),
    branchDayMax: count(),
    tenantDayMax: count(),
    /** In millionths of the money that prices are in; a day is one of UTC. */
    moneyDayMaxMicros: micros(),
    /** Of one part of a text message. */
    smsPriceMicros: micros(),
    /** With which numbers begin that are written to, as +221; none: no text messages. */
    callingCodes: Type.Array(Type.String({ pattern: '^\\+[1-9][0-9]{0,6}$' }), {
      maxItems: CALLING_CODES_MAX,
      uniqueItems: true,
    }),
  },
  strict,
)
export type MessagePolicyBody = ParsedBy<typeof MessagePolicyBody>

export interface MessagePolicyAnswer extends MessagePolicyBody {
  readonly status: readonly {
    readonly channel: MessageChannel
    readonly state: 'configured' | 'not-configured'
  }[]
}

export const NotificationsQuery = Type.Object({ state: Type.Optional(literals(MESSAGE_STATES)) }, strict)

const TEXT_CHARACTERS_MAX = 1_000
const SUBJECT_CHARACTERS_MAX = 120
/** One line: it heads a mail. */
const subject = () => Type.String({ maxLength: SUBJECT_CHARACTERS_MAX, pattern: '^[^\\r\\n]*$' })
const language = () => literals(['fr', 'en', 'ar'])

export const MessageTextBody = Type.Object(
  {
    /** Of a mail; text messages have none. */
    subject: subject(),
    body: Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }),
  },
  strict,
)
export type MessageTextBody = ParsedBy<typeof MessageTextBody>

export const MessagePreviewBody = Type.Object({ language: language(), ...MessageTextBody.properties }, strict)
export const messageTextParams = {
  event: literals(MESSAGE_EVENTS),
  channel: literals(MESSAGE_CHANNELS),
  language: language(),
}
