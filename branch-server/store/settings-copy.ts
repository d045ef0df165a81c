import { readFileSync } from 'node:fs'
import { writeWhole, writeWholeBehind } from '#shared/disk/write-whole.ts'
import type { AgentId, Sha256 } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import type { Device } from './devices.ts'

/** Whose, its hash, and the one that head office sent last; left out by versions before, null: it sent none. */
export type KeptPin = readonly [AgentId, string, (string | null)?]

/** What somebody set up by hand. It is kept twice, because no log of tickets could bring it back. */
export interface Settings {
  readonly catalogue: { readonly version: number; readonly hash: Sha256; readonly body: string } | null
  readonly pins: readonly KeptPin[]
  readonly devices: readonly Device[]
  /** How far the numbers of the day had come, a few left out; null before the first day. */
  readonly seen: SeenNumbers | null
}

/** @throws Error of the file system; the copy before stays */
export const writeSettings = (file: string, settings: Settings): void => writeWhole(file, JSON.stringify(settings))

/** The same, while the branch goes on. @param isWanted - false where a newer copy was written meanwhile */
export const writeSettingsBehind = (file: string, settings: Settings, isWanted: () => boolean): Promise<void> =>
  writeWholeBehind(file, JSON.stringify(settings), isWanted)

/** @returns null when there is no copy, or none that can be read */
export function readSettings(file: string): Settings | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Settings
  } catch {
    return null
  }
}
