import { Type } from 'typebox'
import { type ParsedBy, strict } from './schema.ts'

/** What a branch and its cloud say to each other of what lies beside the log: names, phones, notes, and their erasure. */

/** Visits that one request brings at most, of each kind. */
export const SIDE_ROWS_MAX = 100
/** Visits that a branch asks about at once. */
export const HELD_MAX = 500
const SEALED_LENGTH_MAX = 16 * 1024

const ticketId = () => Type.String({ minLength: 1, maxLength: 64 })
const version = () => Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

export const SideBody = Type.Object(
  {
    /** The life of the log in which the versions count. */
    epoch: Type.String({ minLength: 1, maxLength: 64 }),
    rows: Type.Array(
      Type.Object(
        {
          ticketId: ticketId(),
          version: version(),
          key: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
          sealed: Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: SEALED_LENGTH_MAX }),
        },
        strict,
      ),
      { maxItems: SIDE_ROWS_MAX },
    ),
    /** Of these the branch has nothing any more. */
    erased: Type.Array(Type.Object({ ticketId: ticketId(), version: version() }, strict), { maxItems: HELD_MAX }),
    /** Of these the branch has something, perhaps out of an old backup. */
    held: Type.Array(ticketId(), { maxItems: HELD_MAX }),
    /**
     * `held` is all of it in a stretch of their names, `after` and `upTo` (null: the end of them), each at its version: a
     * cloud that was put back may lack some, and may have again what was erased.
     */
    stretch: Type.Optional(
      Type.Object(
        {
          after: Type.String({ maxLength: 64 }),
          upTo: Type.Union([ticketId(), Type.Null()]),
          versions: Type.Array(version(), { maxItems: HELD_MAX }),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type SideBody = ParsedBy<typeof SideBody>
