import { Type } from 'typebox'
import { type ParsedBy, strict } from './schema.ts'

/** `shown`: its page draws. `frozen`: the page is there and draws nothing any more. `missing`: there is no page. */
const SCREEN_STATES = ['shown', 'frozen', 'missing'] as const
export type ScreenState = (typeof SCREEN_STATES)[number]

export const ScreenBody = Type.Object(
  { screen: Type.Unsafe<ScreenState>({ type: 'string', enum: [...SCREEN_STATES] }) },
  strict,
)
export type ScreenBody = ParsedBy<typeof ScreenBody>

/** A kiosk says so again this often, whatever happens; one that has not for three times as long is silent. */
export const SCREENS_TOLD_MS = 20_000
export const SCREEN_SILENT_MS = 3 * SCREENS_TOLD_MS

/**
 * One kiosk's screen as staff hear of it; `silent`: nothing has been heard of the whole kiosk. A lobby display is told of
 * when its browser is `muted`, the branch server when it has `no-voice` for a lobby that is spoken to.
 */
export interface KioskScreenState {
  readonly deviceId: string
  readonly name: string
  readonly screen: ScreenState | 'silent' | 'muted' | 'no-voice'
}
