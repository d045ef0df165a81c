import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a disk does that takes nothing: there is no room on it, or it does not let itself be written. */
export const DISK_FAULTS = ['full', 'refuses'] as const
export type DiskFault = (typeof DISK_FAULTS)[number]

const FULL = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL']
const REFUSES = ['EROFS', 'EACCES', 'EPERM', 'EIO', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_IOERR', 'SQLITE_PERM']
/** Less is as good as nothing: a start alone may want as much. */
const ROOM_BYTES_MIN = 256 * 1024
const PROBE_NAME = 'room.probe'

/** @returns null when it cannot be told */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

/** What an error says of the disk that holds a folder; null: it is not the disk's. */
export function diskFaultOf(error: unknown, folder: string): DiskFault | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  const { code } = error
  const isOf = (family: readonly string[]) => family.some((name) => code === name || code.startsWith(`${name}_`))
  if (isOf(FULL)) return 'full'
  if (!isOf(REFUSES)) return null
  // SQLite cannot always say why a file beside its own could not be made.
  return (freeBytes(folder) ?? ROOM_BYTES_MIN) < ROOM_BYTES_MIN ? 'full' : 'refuses'
}

/** Writes a little into the folder, and takes it away again. @returns null when the disk took it */
export function probeDisk(folder: string): DiskFault | null {
  const file = join(folder, PROBE_NAME)
  try {
    try {
      const handle = openSync(file, 'w', 0o600)
      try {
        writeFileSync(handle, Buffer.alloc(ROOM_BYTES_MIN, 1))
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    } finally {
      rmSync(file, { force: true })
    }
    return null
  } catch (error) {
    return diskFaultOf(error, folder) ?? 'refuses'
  }
}
