import { Type } from 'typebox'
import { type ParsedBy, strict } from './schema.ts'

/** What a branch and its cloud say to each other. */

/** Events that one upload brings at most. */
export const UPLOAD_EVENTS_MAX = 500
/**
 * One event as it is stored. The largest there is carries a branch's whole state into a new epoch: refused, it would keep
 * all that follows from the cloud for ever. So long is one with ten thousand in line.
 */
const BODY_LENGTH_MAX = 8 * 1024 * 1024
/** An upload as it travels, compressed where it is long. */
export const UPLOAD_BYTES_MAX = BODY_LENGTH_MAX

/** An Ed25519 key, in base64url. */
const publicKey = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
/** No control, and no half of a letter: Postgres takes neither in what it reads as JSON. */
const plainText = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\ud800-\\udfff]+$' })
const epoch = () => plainText(64)
const wholeNumber = (minimum: number) => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER })

export const EnrolBody = Type.Object(
  {
    code: Type.String({ minLength: 8, maxLength: 32 }),
    publicKey: publicKey(),
    signature: Type.String({ maxLength: 100 }),
  },
  strict,
)
export type EnrolBody = ParsedBy<typeof EnrolBody>

/** The epoch by which the box began from nothing: refused where a log of the branch is held that knows nothing of it. */
export const EnrolQuery = Type.Object({ firstEpoch: Type.Optional(epoch()) }, strict)

export const UploadBody = Type.Object(
  {
    epoch: epoch(),
    /**
     * The stored bytes in their order, without a gap; each names its place, and the hash of those before it. That hash may be
     * left out of all but the first: nothing compresses it, and whoever has the bytes before it can reckon it.
     */
    events: Type.Array(Type.String({ maxLength: BODY_LENGTH_MAX }), { minItems: 1, maxItems: UPLOAD_EVENTS_MAX }),
  },
  strict,
)
export type UploadBody = ParsedBy<typeof UploadBody>

/** A catalogue as the branch has it on its shelf, byte for byte: its log names the hash of these bytes. */
export const SentCatalogueBody = Type.Object(
  { version: wholeNumber(0), body: Type.String({ minLength: 2, maxLength: 8 * 1024 * 1024 }) },
  strict,
)
export type SentCatalogueBody = ParsedBy<typeof SentCatalogueBody>

const id = () => plainText(200)
const orNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
/** More of anything than a branch has. */
const LIST_MAX = 500

/**
 * A branch as it is now: what head office must see before the history that led there. Ids and counts alone: no name, no
 * number of a ticket, nothing that was written.
 */
export const PresentBody = Type.Object(
  {
    /** Up to which event of the log this speaks, and when on the branch's steady time. */
    epoch: epoch(),
    seq: wholeNumber(0),
    steadyMs: wholeNumber(0),
    atMs: wholeNumber(0),
    /** The business day that goes on; null before the first. */
    date: orNull(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    isClockDoubted: Type.Boolean(),
    isIntakeStopped: Type.Boolean(),
    queues: Type.Array(
      Type.Object(
        {
          queueId: id(),
          waitingCount: wholeNumber(0),
          /** Of whoever has waited longest; null: nobody waits, or nobody knows since when. */
          longestWaitMs: orNull(wholeNumber(0)),
          isPaused: Type.Boolean(),
          isClosed: Type.Boolean(),
        },
        strict,
      ),
      { maxItems: LIST_MAX },
    ),
    counters: Type.Array(
      Type.Object(
        {
          counterId: id(),
          status: Type.Union([
            ...([Type.Literal('closed'), Type.Literal('free'), Type.Literal('calling')] as const),
            ...([Type.Literal('serving'), Type.Literal('break')] as const),
          ]),
          agentId: orNull(id()),
        },
        strict,
      ),
      { maxItems: LIST_MAX },
    ),
    devices: Type.Array(
      Type.Object(
        {
          ...{ deviceId: id(), kind: id(), isInContact: Type.Boolean() },
          /** Left out where there is enough, or no printer that says so: a cloud of the version before takes it then, too. */
          paper: Type.Optional(Type.Union([Type.Literal('near-end'), Type.Literal('out')])),
        },
        strict,
      ),
      { maxItems: LIST_MAX },
    ),
  },
  strict,
)
export type PresentBody = ParsedBy<typeof PresentBody>
