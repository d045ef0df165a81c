import { mkdirSync } from 'node:fs'
import { lockFolder } from './lock-folder.ts'
import { tightenModes } from './tighten-modes.ts'

/**
 * Makes a data folder this process's own: it is there, nobody else has it open, and nobody else may read it.
 * @returns lets it go
 * @throws FolderInUseError, Error of the file system
 */
export function takeFolder(folder: string, log: Parameters<typeof tightenModes>[1]): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(folder)
  tightenModes(folder, log)
  return unlock
}
