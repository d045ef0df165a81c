import { Type } from 'typebox'
import { DOCUMENT_VERSION } from './down.ts'
import { type ParsedBy, strict } from './schema.ts'

/** That a box with another key is the branch now: the cloud says so, signed as all documents of the tenant are. */

const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const publicKey = () => Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

export const KeyBody = Type.Object({ publicKey: publicKey() }, strict)

export const BranchKeyDocument = Type.Object(
  {
    ...{ v: Type.Literal(DOCUMENT_VERSION), kind: Type.Literal('branch-key'), tenantId: uuid(), branchId: uuid() },
    /** By which devices know the branch. */
    publicKey: publicKey(),
    /** By the cloud's clock: of two the later counts. */
    issuedAtMs: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  strict,
)
export type BranchKeyDocument = ParsedBy<typeof BranchKeyDocument>

/** As a branch tells everybody; the key that signed it is believed from a branch alone whose own key is known. */
export const Succession = Type.Object(
  {
    document: Type.String({ maxLength: 1_000 }),
    signature: Type.String({ maxLength: 100 }),
    documentKey: publicKey(),
  },
  strict,
)
export type Succession = ParsedBy<typeof Succession>
