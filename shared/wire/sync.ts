import { Type } from 'typebox'
import { type ParsedBy, strict } from './schema.ts'

/** What a branch and its cloud say to each other. */

/** Events that one upload brings at most. */
export const UPLOAD_EVENTS_MAX = 500
/** One event as it is stored; the largest there is carries a branch's whole state into a new epoch. */
const BODY_LENGTH_MAX = 256 * 1024

/** An Ed25519 key, in base64url. */
const publicKey = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
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

export const UploadBody = Type.Object(
  {
    epoch: Type.String({ minLength: 1, maxLength: 64 }),
    /** The stored bytes in their order, without a gap; each names its place, and the hash of those before it. */
    events: Type.Array(Type.String({ maxLength: BODY_LENGTH_MAX }), { minItems: 1, maxItems: UPLOAD_EVENTS_MAX }),
  },
  strict,
)
export type UploadBody = ParsedBy<typeof UploadBody>

/** Everything up to this place of the epoch is kept. */
export const UploadReply = Type.Object({ ackedSeq: wholeNumber(0) }, strict)
