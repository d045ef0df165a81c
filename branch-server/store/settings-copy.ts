import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AgentId, Sha256 } from '#shared/domain/ids.ts'
import type { Device } from './devices.ts'
import { syncFolder } from './set-aside.ts'

/** What somebody set up by hand. It is kept twice, because no log of tickets could bring it back. */
export interface Settings {
  readonly catalogue: { readonly version: number; readonly hash: Sha256; readonly body: string } | null
  readonly pins: readonly (readonly [AgentId, string])[]
  readonly devices: readonly Device[]
}

/**
 * Replaces the copy whole: written beside, flushed, renamed, and the folder flushed.
 * @throws Error of the file system; the copy before stays
 */
export function writeSettings(file: string, settings: Settings): void {
  const beside = `${file}.new`
  const handle = openSync(beside, 'w', 0o600)
  try {
    writeSync(handle, JSON.stringify(settings))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(beside, file)
  syncFolder(dirname(file))
}

/** @returns null when there is no copy, or none that can be read */
export function readSettings(file: string): Settings | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Settings
  } catch {
    return null
  }
}
