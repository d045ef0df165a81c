import { Type } from 'typebox'
import { CatalogueBody } from './catalogue-body.ts'
import { OrderMessage } from './orders.ts'
import { id, type ParsedBy, strict } from './schema.ts'

/** What comes down to a branch: signed documents, each for one branch and with a place of its own. */

const wholeNumber = (minimum: number) => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER })
const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
/** A document of a later cloud says a higher one, and is not read. */
export const DOCUMENT_VERSION = 1
const envelope = { v: Type.Literal(DOCUMENT_VERSION), tenantId: uuid(), branchId: uuid() }

/** One version of a branch's catalogue, as it was published, without the PINs. */
export const CatalogueDocument = Type.Object(
  {
    ...envelope,
    kind: Type.Literal('catalogue'),
    version: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }),
    publishedAtMs: wholeNumber(0),
    body: CatalogueBody,
    /** By agent, as a branch keeps them; whoever is not among them keeps the PIN the branch knows. */
    pinHashes: Type.Record(Type.String(), Type.String({ maxLength: 200 }), strict),
  },
  strict,
)
export type CatalogueDocument = ParsedBy<typeof CatalogueDocument>

/** What head office may have said on a branch's screens. */
export const ScreenMessage = Type.Union([
  /** Shows one of the catalogue's messages on every screen. */
  Type.Object(
    {
      type: Type.Literal('ShowMessage'),
      messageId: id(),
      minutes: Type.Union([Type.Integer({ minimum: 1, maximum: 600 }), Type.Null()]),
    },
    strict,
  ),
  Type.Object({ type: Type.Literal('ClearMessage') }, strict),
])

/** What head office says of who may work there. */
const AgentMessage = Type.Union([
  Type.Object({ type: Type.Literal('SuspendAgent'), agentId: id() }, strict),
  Type.Object(
    {
      type: Type.Literal('RestoreAgent'),
      agentId: id(),
      /** The event of the branch by which she was suspended there, as head office knew it; null: by none of the branch's. */
      answers: Type.Union([
        Type.Object({ epoch: Type.String({ minLength: 1, maxLength: 64 }), seq: wholeNumber(1) }, strict),
        Type.Null(),
      ]),
    },
    strict,
  ),
])

/** What head office may ask of a branch. */
export const InboxMessage = Type.Union([ScreenMessage, AgentMessage, OrderMessage])
export type InboxMessage = ParsedBy<typeof InboxMessage>

/** One numbered message. Little is asked of its form, so that a branch can say which it does not understand, and go on. */
export const InboxDocument = Type.Object({
  ...envelope,
  v: wholeNumber(1),
  kind: Type.Literal('inbox'),
  number: wholeNumber(1),
  /** The oldest that is still there: whoever lacks one before it need not wait for it. */
  keptFrom: wholeNumber(1),
  sentAtMs: wholeNumber(0),
  /** By the cloud's clock: later, it is worse than never. */
  expiresAtMs: wholeNumber(0),
  message: Type.Unknown(),
})
export type InboxDocument = ParsedBy<typeof InboxDocument>

export { APPLIED, EXPIRED, NOT_UNDERSTOOD, TAKEN } from './outcomes.ts'

export const RECEIPTS_MAX = 100
export const ReceiptsBody = Type.Object(
  {
    receipts: Type.Array(
      Type.Object({ number: wholeNumber(1), outcome: Type.String({ pattern: '^[A-Z][A-Za-z]{1,60}$' }) }, strict),
      { minItems: 1, maxItems: RECEIPTS_MAX },
    ),
  },
  strict,
)
export type Receipt = ParsedBy<typeof ReceiptsBody>['receipts'][number]
