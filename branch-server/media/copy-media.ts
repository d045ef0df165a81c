import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MEDIA_FREE_BYTES_MIN } from '#shared/wire/media.ts'
import { freeBytesOf, IS_MEDIA } from './media-shelf.ts'
import { PROGRAMMES_NAME } from './programmes.ts'

/** Below the branch's data folder, and beside the backups. */
export const MEDIA_FOLDER = 'media'

export interface MediaCopying {
  readonly dataFolder: string
  readonly backupFolder: string
  /** false: names alone, as where a copy would die with its original. */
  readonly withFiles: boolean
  /** Of the backup's disk; tests tell their own. */
  readonly freeBytes?: (folder: string) => number
}

const sizeOf = async (file: string): Promise<number | null> => (existsSync(file) ? (await stat(file)).size : null)

/**
 * Keeps what displays play beside the backups: their programmes, the name and hash of each file always, the file itself where there is room
 * beyond what backups need. A file never changes, so each is copied once.
 * @returns how many files are there by name alone
 * @throws Error of the file system
 */
export async function copyMedia(copying: MediaCopying): Promise<number> {
  const { dataFolder, backupFolder, withFiles, freeBytes = freeBytesOf } = copying
  const [from, to] = [join(dataFolder, MEDIA_FOLDER), join(backupFolder, MEDIA_FOLDER)]
  if (!existsSync(from)) return 0
  const names = new Set(await readdir(from))
  const mediaIds = [...names].filter((name) => IS_MEDIA.test(name) && names.has(`${name}.json`))
  if (mediaIds.length === 0 && !existsSync(to)) return 0
  await mkdir(to, { recursive: true, mode: 0o700 })
  const kept = new Set([...mediaIds.flatMap((mediaId) => [mediaId, `${mediaId}.json`]), PROGRAMMES_NAME])
  for (const name of await readdir(to)) if (!kept.has(name)) await rm(join(to, name), { force: true })
  if (names.has(PROGRAMMES_NAME)) await copyFile(join(from, PROGRAMMES_NAME), join(to, PROGRAMMES_NAME))
  let byNameCount = 0
  for (const mediaId of mediaIds) {
    await copyFile(join(from, `${mediaId}.json`), join(to, `${mediaId}.json`))
    const bytes = (await sizeOf(join(from, mediaId))) ?? 0
    if ((await sizeOf(join(to, mediaId))) === bytes) continue
    if (!withFiles || freeBytes(to) - bytes < MEDIA_FREE_BYTES_MIN) {
      byNameCount += 1
      continue
    }
    await copyFile(join(from, mediaId), join(to, `${mediaId}.new`))
    await rename(join(to, `${mediaId}.new`), join(to, mediaId))
  }
  return byNameCount
}
