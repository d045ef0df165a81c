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

/** What a device says of its disk; nothing as long as there was never anything to say. */
const DISK_STATES = ['ok', 'full', 'refuses'] as const
export type DiskState = (typeof DISK_STATES)[number]

export const DiskBody = Type.Object(
  { disk: Type.Unsafe<DiskState>({ type: 'string', enum: [...DISK_STATES] }) },
  strict,
)

/** Said again this often; what has not been for three times as long is over. */
export const DISKS_TOLD_MS = 20_000
export const DISK_TOLD_MS_MAX = 3 * DISKS_TOLD_MS

/**
 * One kiosk's screen as staff hear of it; `silent`: nothing has been heard of the whole kiosk. A lobby display is told of
 * when its browser is `muted`, the branch server when it has `no-voice` for a lobby that is spoken to.
 * Any device: its disk is full, or takes nothing; there is a `twin` of it, with the same identity. The branch server: its
 * numbers have `jumped` within a day, because it knew less than had been given.
 */
export interface KioskScreenState {
  readonly deviceId: string
  readonly name: string
  readonly screen: ScreenState | 'silent' | 'muted' | 'no-voice' | 'disk-full' | 'disk-refuses' | 'twin' | 'jumped'
}
