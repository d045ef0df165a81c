import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hashOfFile } from '#shared/disk/hash-file.ts'
import { lockFolder } from '#shared/disk/lock-folder.ts'
import { syncFolder, writeWhole } from '#shared/disk/write-whole.ts'
import { CLIP_ID_PATTERN } from '#shared/voice/voice-form.ts'
import { VOICE_TAG_PATTERN } from '#shared/wire/catalogue-body.ts'
import { MEDIA_FOLDER } from '../media/copy-media.ts'
import { IS_MEDIA } from '../media/media-shelf.ts'
import { PROGRAMMES_NAME } from '../media/programmes.ts'
import { PACKS_COPY, PACKS_FOLDER } from '../voice/copy-packs.ts'

/** What lay beside the backups and is the branch's again. */
export interface PutBack {
  /** The tags of recorded voices. */
  readonly packTags: readonly string[]
  /** Files for the displays. */
  readonly mediaCount: number
  /** Files that the backup knew by name alone, or that were damaged: they must be brought again. */
  readonly awaited: readonly string[]
}

/** Two hundred displays with forty files each. */
const PROGRAMMES_BYTES_MAX = 1024 * 1024
const IS_TAG = new RegExp(VOICE_TAG_PATTERN)
const IS_CLIP = new RegExp(`^(?:${CLIP_ID_PATTERN.replace(/^\^|\$$/g, '')})\\.wav$`)

/** Names in a folder; none where there is no such folder. */
const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).toSorted() : [])
/** A stick is anybody's: what only points to somewhere else is left alone. */
const isFile = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false })?.isFile() === true

/** The folders that backups were taken from. */
const backupFolders = (places: readonly string[]): readonly string[] => [
  ...new Set(places.map((place) => (statSync(place).isDirectory() ? place : dirname(place)))),
]

/** A voice comes back whole or not at all. @returns whether it did */
async function putPackBack(from: string, to: string): Promise<boolean> {
  if (existsSync(to) || !isFile(join(from, 'pack.json'))) return false
  const beside = `${to}.new`
  await rm(beside, { recursive: true, force: true })
  mkdirSync(beside, { recursive: true, mode: 0o700 })
  for (const name of namesIn(from))
    if ((name === 'pack.json' || IS_CLIP.test(name)) && isFile(join(from, name)))
      await copyFile(join(from, name), join(beside, name))
  await rename(beside, to)
  syncFolder(dirname(to))
  return true
}

/** @returns false: it is not there, or not what its name says */
async function putMediaBack(from: string, to: string, mediaId: string): Promise<boolean> {
  if (!isFile(join(from, mediaId))) return false
  const beside = join(to, `${mediaId}.new`)
  await copyFile(join(from, mediaId), beside)
  if ((await hashOfFile(beside)) !== mediaId) {
    await rm(beside, { force: true })
    return false
  }
  await copyFile(join(from, `${mediaId}.json`), join(to, `${mediaId}.json`))
  await rename(beside, join(to, mediaId))
  syncFolder(to)
  return true
}

/** What managers have put on displays: each of it is looked at when it is read. */
function putProgrammesBack(from: string, to: string): void {
  const [kept, beside] = [join(from, PROGRAMMES_NAME), join(to, PROGRAMMES_NAME)]
  if (existsSync(beside) || !isFile(kept) || statSync(kept).size > PROGRAMMES_BYTES_MAX) return
  mkdirSync(to, { recursive: true, mode: 0o700 })
  writeWhole(beside, readFileSync(kept))
}

function nameOf(file: string, mediaId: string): string {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown }
    return typeof name === 'string' ? name : mediaId.slice(0, 12)
  } catch {
    return mediaId.slice(0, 12)
  }
}

async function putAllBack(folder: string, backups: readonly string[]): Promise<PutBack> {
  const packTags: string[] = []
  let mediaCount = 0
  const awaited = new Map<string, string>()
  for (const backup of backups) {
    for (const tag of namesIn(join(backup, PACKS_COPY)))
      if (IS_TAG.test(tag) && (await putPackBack(join(backup, PACKS_COPY, tag), join(folder, PACKS_FOLDER, tag))))
        packTags.push(tag)
    const [from, to] = [join(backup, MEDIA_FOLDER), join(folder, MEDIA_FOLDER)]
    putProgrammesBack(from, to)
    for (const name of namesIn(from)) {
      const mediaId = name.replace(/\.json$/, '')
      if (!name.endsWith('.json') || !IS_MEDIA.test(mediaId) || !isFile(join(from, name))) continue
      if (existsSync(join(to, mediaId))) continue
      mkdirSync(to, { recursive: true, mode: 0o700 })
      if (await putMediaBack(from, to, mediaId)) {
        mediaCount += 1
        awaited.delete(mediaId)
      } else awaited.set(mediaId, nameOf(join(from, name), mediaId))
    }
  }
  return { packTags, mediaCount, awaited: [...awaited.values()] }
}

/**
 * Puts back what the nights have kept beside the backups. What is still in the folder is newer, and stays.
 * @param folder - the branch's data folder, its database restored
 * @param places - what the database was restored from: backups, or folders of them; hosts' have nothing beside them
 * @throws FolderInUseError, or what the disk says
 */
export async function putBack(folder: string, places: readonly string[]): Promise<PutBack> {
  const backups = backupFolders(places)
  const unlock = lockFolder(folder)
  try {
    return await putAllBack(folder, backups)
  } finally {
    unlock()
  }
}
