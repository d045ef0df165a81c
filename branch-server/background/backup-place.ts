import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'

/** What is remembered of the place, in the branch's data folder: on the stick itself it would be gone together with it. */
const PLACE_NAME = 'backup-place.json'

/** A stick that is not mounted leaves an empty folder behind, which would fill the branch's own disk in silence. */
export class BackupPlaceError extends Error {
  override readonly name = 'BackupPlaceError'
}

interface Place {
  readonly folder: string
  readonly isOtherDisk: boolean
}

const diskOf = (path: string): number => statSync(path).dev

function remembered(file: string): Place | null {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Place) : null
  } catch {
    // Half a line says nothing; it is written anew.
    return null
  }
}

/**
 * Whether the given folder is on another disk than the branch's data: only then it outlives that disk. Once it was, it
 * must stay so.
 * @param disk - the disk a folder is on; tests have disks of their own
 * @throws BackupPlaceError, or what the file system says when the folder is not there
 */
export function checkBackupPlace(dataFolder: string, folder: string, disk = diskOf): boolean {
  const file = join(dataFolder, PLACE_NAME)
  const known = remembered(file)
  const isOtherDisk = disk(folder) !== disk(dataFolder)
  if (known?.folder === folder && known.isOtherDisk && !isOtherDisk)
    throw new BackupPlaceError(
      `${folder} was on a disk of its own and is on the branch's own disk now: the stick is not mounted. If this is meant, delete ${PLACE_NAME} in the data folder.`,
    )
  if (known?.folder !== folder || known.isOtherDisk !== isOtherDisk)
    writeWhole(file, JSON.stringify({ folder, isOtherDisk } satisfies Place))
  return isOtherDisk
}
