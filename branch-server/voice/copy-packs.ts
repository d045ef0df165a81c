import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Below the branch's data folder; beside the backups it is `voice-packs`. */
export const PACKS_FOLDER = join('voice', 'packs')

/**
 * Copies what people have recorded beside the night's backup: a few megabytes, that nobody wants to record again.
 * @throws Error of the file system; the copy before stays
 */
export function copyPacks(dataFolder: string, backupFolder: string): void {
  const from = join(dataFolder, PACKS_FOLDER)
  if (!existsSync(from) || readdirSync(from).length === 0) return
  const to = join(backupFolder, 'voice-packs')
  const beside = `${to}.new`
  rmSync(beside, { recursive: true, force: true })
  cpSync(from, beside, { recursive: true })
  rmSync(to, { recursive: true, force: true })
  renameSync(beside, to)
}
