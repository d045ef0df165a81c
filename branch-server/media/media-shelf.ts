import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { hashOfFile, headOfFile, writeAt } from '#shared/disk/hash-file.ts'
import { syncFolder, writeWhole } from '#shared/disk/write-whole.ts'
import {
  MEDIA_BYTES_MAX,
  MEDIA_BYTES_SUM_MAX,
  MEDIA_COUNT_MAX,
  MEDIA_FREE_BYTES_MIN,
  MEDIA_HEAD_BYTES,
  MEDIA_TYPES,
  type MediaType,
  mediaTypeOf,
} from '#shared/wire/media.ts'

/** One file that displays can play. */
export interface Media {
  readonly mediaId: string
  readonly type: MediaType
  readonly bytes: number
  /** What people call it. */
  readonly name: string | null
}

/** Why a part was not taken. */
export type MediaRefusal = 'MediaRefused' | 'MediaFull' | 'MediaPartElsewhere' | 'RequestTooLarge'

export interface MediaPart {
  readonly mediaId: string
  readonly from: number
  /** Bytes of the whole file. */
  readonly of: number
  readonly name: string | null
  readonly bytes: Uint8Array
}

export type PartTaken =
  | { readonly ok: true; readonly media: Media | null; readonly receivedBytes: number }
  | { readonly ok: false; readonly refusal: MediaRefusal; readonly receivedBytes: number }

/** Pictures and films beside the database, each under the hash of its content; half ones end in `.part`. */
export interface MediaShelf {
  readonly all: () => readonly Media[]
  readonly find: (mediaId: string) => Media | undefined
  readonly fileOf: (mediaId: string) => string
  readonly uploads: () => readonly { readonly mediaId: string; readonly receivedBytes: number }[]
  /** Parts of one file come in order, one after the other. */
  readonly take: (part: MediaPart) => Promise<PartTaken>
  readonly remove: (mediaId: string) => void
}

/** Files that are on their way at the same time. */
const UPLOADS_MAX = 4
export const IS_MEDIA = /^[0-9a-f]{64}$/

export const freeBytesOf = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** What stands beside a file, also one that came from a stick; without it the file is not spoken of. */
function readEntry(folder: string, mediaId: string): Media | null {
  try {
    const told = JSON.parse(readFileSync(join(folder, `${mediaId}.json`), 'utf8')) as { type?: unknown; name?: unknown }
    const type = MEDIA_TYPES.find((known) => known === told.type)
    if (type === undefined) return null
    const name = typeof told.name === 'string' ? told.name : null
    return { mediaId, type, bytes: statSync(join(folder, mediaId)).size, name }
  } catch {
    return null
  }
}

/** @param freeBytes - of the disk; tests tell their own */
export function openMediaShelf(folder: string, freeBytes: (folder: string) => number = freeBytesOf): MediaShelf {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const shelf = new Map<string, Media>()
  for (const name of readdirSync(folder)) {
    const entry = IS_MEDIA.test(name) ? readEntry(folder, name) : null
    if (entry !== null) shelf.set(name, entry)
  }
  const fileOf = (mediaId: string): string => join(folder, mediaId)
  const partOf = (mediaId: string): string => `${fileOf(mediaId)}.part`
  /** A part that is being written; the next one waits for nothing and is told so. */
  const busy = new Set<string>()
  const partials = (): readonly string[] =>
    readdirSync(folder).flatMap((name) => (name.endsWith('.part') ? [name.slice(0, -'.part'.length)] : []))
  const receivedOf = (mediaId: string): number => (existsSync(partOf(mediaId)) ? statSync(partOf(mediaId)).size : 0)

  /** Of uploads that nobody goes on with, the one that was left longest ago makes room. */
  function forgetOldest(): void {
    const [oldest] = partials()
      .filter((mediaId) => !busy.has(mediaId))
      .toSorted((a, b) => statSync(partOf(a)).mtimeMs - statSync(partOf(b)).mtimeMs)
    if (oldest !== undefined) rmSync(partOf(oldest), { force: true })
  }

  function whyNot({ of, from, mediaId, bytes }: MediaPart): MediaRefusal | null {
    if (of > MEDIA_BYTES_MAX) return 'RequestTooLarge'
    if (busy.has(mediaId) || from !== receivedOf(mediaId)) return 'MediaPartElsewhere'
    if (from + bytes.length > of || bytes.length === 0) return 'MediaRefused'
    const keptBytes = [...shelf.values()].reduce((sum, media) => sum + media.bytes, 0)
    const isFull = shelf.size >= MEDIA_COUNT_MAX || keptBytes + of > MEDIA_BYTES_SUM_MAX
    return isFull || freeBytes(folder) - (of - from) < MEDIA_FREE_BYTES_MIN ? 'MediaFull' : null
  }

  /** The content is what its name says, and something that can be played; otherwise nothing of it stays. */
  async function finish({ mediaId, name, of }: MediaPart): Promise<Media | null> {
    const part = partOf(mediaId)
    const type = mediaTypeOf(await headOfFile(part, MEDIA_HEAD_BYTES))
    if (type === null || (await hashOfFile(part)) !== mediaId) {
      rmSync(part, { force: true })
      return null
    }
    const media: Media = { mediaId, type, bytes: of, name }
    writeWhole(join(folder, `${mediaId}.json`), JSON.stringify({ type, name }))
    await rename(part, fileOf(mediaId))
    syncFolder(folder)
    shelf.set(mediaId, media)
    return media
  }

  return {
    all: () => [...shelf.values()],
    find: (mediaId) => shelf.get(mediaId),
    fileOf,
    uploads: () => partials().map((mediaId) => ({ mediaId, receivedBytes: receivedOf(mediaId) })),
    async take(part) {
      const { mediaId, from, of, bytes } = part
      const known = shelf.get(mediaId)
      if (known !== undefined) return { ok: true, media: known, receivedBytes: known.bytes }
      const refusal = whyNot(part)
      if (refusal !== null) return { ok: false, refusal, receivedBytes: receivedOf(mediaId) }
      if (from === 0 && partials().length >= UPLOADS_MAX) forgetOldest()
      busy.add(mediaId)
      try {
        await writeAt(partOf(mediaId), from, bytes)
        const receivedBytes = from + bytes.length
        if (receivedBytes < of) return { ok: true, media: null, receivedBytes }
        const media = await finish(part)
        return media === null
          ? { ok: false, refusal: 'MediaRefused', receivedBytes: 0 }
          : { ok: true, media, receivedBytes }
      } finally {
        busy.delete(mediaId)
      }
    },
    remove(mediaId) {
      shelf.delete(mediaId)
      for (const file of [`${fileOf(mediaId)}.json`, fileOf(mediaId)]) rmSync(file, { force: true })
    },
  }
}
