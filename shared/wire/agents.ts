import { Type } from 'typebox'
import { id, literals, type ParsedBy, strict } from './schema.ts'

/** What is handed out at a branch: six digits, or more where the branch wants them. */
export const PIN_LENGTH = { usual: 6, max: 12 } as const
/** The same wherever one is set: at the branch, in its catalogue, by head office. One that was set before stays good. */
export const PIN_PATTERN = `^\\d{${PIN_LENGTH.usual},${PIN_LENGTH.max}}$`
const NAME_LENGTH_MAX = 80

const pin = Type.String({ pattern: PIN_PATTERN })

export const AgentParams = Type.Object({ agentId: id() }, strict)
export const PinBody = Type.Object({ pin }, strict)
/** Somebody who works here from now on, until head office takes her over. */
export const NewAgentBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: '\\S' }),
    role: literals(['agent', 'manager']),
    pin,
  },
  strict,
)

/** How old what a branch knows of its people is. */
export interface RightsJson {
  /** When head office last said that there is nothing newer; null: this branch stands alone, and its own word is the last. */
  readonly asOfMs: number | null
  readonly ageMs: number
  /** How long agents can still sign in without a word of head office; null where nothing ends it. */
  readonly leftMs: number | null
}

export type NewAgentBody = ParsedBy<typeof NewAgentBody>
