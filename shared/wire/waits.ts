import { Type } from 'typebox'
import { id, type ParsedBy, strict } from './schema.ts'

const wholeMs = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** From and to; null where nothing honest can be told. */
const estimate = Type.Union([Type.Null(), Type.Object({ lowMs: wholeMs(), highMs: wholeMs() }, strict)])

/** What the branch reckons now: for whoever comes to a service, and for each ticket that waits. */
export const WaitsAnswer = Type.Object(
  {
    /** The place in the log it is true at. */
    seq: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    atMs: wholeMs(),
    services: Type.Array(Type.Object({ serviceId: id(), estimate }, strict)),
    tickets: Type.Array(Type.Object({ ticketId: id(), estimate }, strict)),
  },
  strict,
)
export type WaitsAnswer = ParsedBy<typeof WaitsAnswer>
