import { Type } from 'typebox'
import { id, literals, type ParsedBy, strict } from './schema.ts'

/**
 * What a branch says of how it is when head office asks: versions, counts and the last lines of its log. There is no place
 * in it for what anybody is called, can be reached by or has written, and each text has a form that is checked at both ends.
 */

const count = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const orNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const version = () => Type.String({ pattern: '^[A-Za-z0-9 .+_-]{1,64}$' })
const state = () => Type.String({ pattern: '^[a-z][a-z -]{0,40}$' })

export const LINES_MAX = 300
const DEVICES_MAX = 500
const FRAMES_MAX = 6
/** Packed; a branch leaves out its oldest lines until it fits, and the cloud takes none that does not. */
export const BUNDLE_BYTES_MAX = 256 * 1024
/** As it travels, before it is packed anew. */
export const BUNDLE_TEXT_MAX = 1024 * 1024

/** A line of the log: of its words, those that programmers wrote. */
const Line = Type.Object(
  {
    level: Type.Integer({ minimum: 0, maximum: 100 }),
    atMs: count(),
    /** Dots stand for what is not told. */
    text: Type.String({ maxLength: 240, pattern: '^[A-Za-z’…,;:.() -]*$' }),
    facts: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-zA-Z]{1,24}$' }),
        Type.Union([Type.Integer({ minimum: -999_999, maximum: 999_999 }), Type.Boolean()]),
      ),
    ),
    error: Type.Optional(
      Type.Object(
        {
          code: orNull(Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,60}$' })),
          /** Files and lines of the program. */
          at: Type.Array(Type.String({ pattern: '^[A-Za-z0-9@_./-]{1,120}:\\d{1,6}$' }), { maxItems: FRAMES_MAX }),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type BundleLine = ParsedBy<typeof Line>

export const DiagnosticsBundle = Type.Object(
  {
    v: Type.Literal(1),
    madeAtMs: count(),
    program: Type.Object({ version: version(), node: version(), system: version(), machine: version() }, strict),
    /** Since the program began. */
    upMs: count(),
    memoryBytes: count(),
    clock: Type.Object(
      {
        isDoubted: Type.Boolean(),
        /** How far the cloud's is ahead; null: it has not said. */
        cloudAheadMs: orNull(Type.Integer()),
        timezone: Type.String({ pattern: '^[A-Za-z0-9/_+-]{1,64}$' }),
      },
      strict,
    ),
    disk: Type.Object({ freeBytes: count(), databaseBytes: count() }, strict),
    log: Type.Object({ epoch: id(), seq: count(), epochCount: count() }, strict),
    cloud: Type.Object({ state: state(), behind: count() }, strict),
    speech: state(),
    counts: Type.Object(
      {
        ...{ catalogueVersion: count(), services: count(), queues: count(), counters: count(), agents: count() },
        ...{ livingTickets: count(), waiting: count(), openCounters: count(), followers: count() },
      },
      strict,
    ),
    devices: Type.Array(
      Type.Object(
        {
          deviceId: id(),
          kind: literals(['kiosk', 'display', 'caller']),
          isInContact: Type.Boolean(),
          pairedAtMs: count(),
          paper: Type.Optional(literals(['near-end', 'out'])),
        },
        strict,
      ),
      { maxItems: DEVICES_MAX },
    ),
    lines: Type.Array(Line, { maxItems: LINES_MAX }),
    /** Lines that are not here: older ones, or ones that could not be read. */
    leftOut: count(),
  },
  strict,
)
export type DiagnosticsBundle = ParsedBy<typeof DiagnosticsBundle>

/** As a branch brings it. */
export const DiagnosticsBody = Type.Object(
  { number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), bundle: DiagnosticsBundle },
  strict,
)
export type DiagnosticsBody = ParsedBy<typeof DiagnosticsBody>
