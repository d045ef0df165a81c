import { existsSync, readdirSync } from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Below the branch's data folder. */
export const PACKS_FOLDER = join('voice', 'packs')
/** Beside the backups. */
export const PACKS_COPY = 'voice-packs'

/**
 * Copies what people have recorded beside the night's backup: a few megabytes, that nobody wants to record again.
 * @throws Error of the file system; the copy before stays
 */
export async function copyPacks(dataFolder: string, backupFolder: string): Promise<void> {
  const from = join(dataFolder, PACKS_FOLDER)
  if (!existsSync(from) || readdirSync(from).length === 0) return
  const to = join(backupFolder, PACKS_COPY)
  const beside = `${to}.new`
  await rm(beside, { recursive: true, force: true })
  await cp(from, beside, { recursive: true })
  await rm(to, { recursive: true, force: true })
  await rename(beside, to)
}
