import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { hashOfFile, headOfFile, writeAt } from '#shared/disk/hash-file.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import {
  MEDIA_BYTES_MAX,
  MEDIA_BYTES_SUM_MAX,
  MEDIA_FREE_BYTES_MIN,
  MEDIA_HEAD_BYTES,
  type MediaType,
  mediaTypeOf,
} from '#shared/wire/media.ts'

/** One request brings so much: a line that breaks costs no more than that. */
export const FETCH_BYTES = 1024 * 1024

/** `ready`: here, and its hash was right. `missing`: not here yet. `broken`: here, and nothing that can be shown. */
export interface MirroredMedia {
  readonly mediaId: string
  readonly state: 'ready' | 'missing' | 'broken'
  readonly type: MediaType | null
}

/** A range of a file as the branch gave it; `null`: the branch has no such file. */
export interface FetchedRange {
  readonly bytes: Uint8Array
  /** Of the whole file. */
  readonly of: number
}

export interface MirrorParts {
  readonly folder: string
  readonly log: HostLog
  /** What the playlist needs now; null: nothing is known of the branch, and everything stays. */
  readonly wanted: () => readonly string[] | null
  /** @throws UnreachableError */
  readonly fetchRange: (mediaId: string, from: number, to: number) => Promise<FetchedRange | null>
  /** Something is here that was not, or is not any more. */
  readonly onChange: () => void
  /** Of the disk; tests tell their own. */
  readonly freeBytes?: (folder: string) => number
}

/** The files of this display's playlist on its own disk. */
export interface MediaMirror {
  list(): readonly MirroredMedia[]
  /** null: it is not here, or its hash was wrong. */
  fileOf(mediaId: string): { readonly file: string; readonly type: MediaType } | null
  /** The page could not show it: a file that has changed on the disk is fetched anew, another is left alone. */
  doubt(mediaId: string): Promise<void>
  /** Fetches what is missing and deletes what is no longer needed; a turn that is under way is waited for. */
  keepUp(): Promise<void>
}

/** A file that came whole and wrong is damaged at the branch: asking at each turn would only fill the network. */
const REST_TURNS = 40

const IS_MEDIA = /^[0-9a-f]{64}$/

const freeBytesOf = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** A branch that says one thing and sends another is not asked again in this turn. */
class WrongRangeError extends Error {}

export function openMediaMirror(parts: MirrorParts): MediaMirror {
  const { folder, log, wanted, fetchRange, onChange, freeBytes = freeBytesOf } = parts
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  /** Those whose hash was right since this program started. */
  const ready = new Map<string, MediaType>()
  /** Whole and right, and the page could not show them. */
  const broken = new Set<string>()
  /** Those that the branch itself has damaged, and for how many turns they are not asked for. */
  const resting = new Map<string, number>()
  let turn: Promise<void> | null = null

  const fileAt = (mediaId: string): string => join(folder, mediaId)
  const partAt = (mediaId: string): string => `${fileAt(mediaId)}.part`

  /** What nobody plays any more goes first, so that there is room. */
  function sweep(needed: ReadonlySet<string>): void {
    for (const name of readdirSync(folder)) {
      const mediaId = name.replace(/\.part$/, '')
      if (IS_MEDIA.test(mediaId) && needed.has(mediaId)) continue
      rmSync(join(folder, name), { recursive: true, force: true })
      if (ready.delete(mediaId)) onChange()
      broken.delete(mediaId)
    }
  }

  /** @returns whether the file is what its name says; it is deleted when it is not */
  async function prove(mediaId: string, file: string): Promise<boolean> {
    if ((await hashOfFile(file)) !== mediaId) {
      log.warn({ mediaId }, 'a file of the playlist is damaged and is fetched anew')
      rmSync(file, { force: true })
      return false
    }
    const type = mediaTypeOf(await headOfFile(file, MEDIA_HEAD_BYTES))
    if (type === null) broken.add(mediaId)
    if (file !== fileAt(mediaId)) await rename(file, fileAt(mediaId))
    if (type !== null) ready.set(mediaId, type)
    onChange()
    return true
  }

  const keptBytes = (): number => readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

  function hasRoom(moreBytes: number): boolean {
    if (keptBytes() + moreBytes <= MEDIA_BYTES_SUM_MAX && freeBytes(folder) - moreBytes >= MEDIA_FREE_BYTES_MIN)
      return true
    log.warn({}, 'there is no room for a file of the playlist')
    return false
  }

  /** From where it broke off the last time. @throws UnreachableError */
  async function fetchWhole(mediaId: string): Promise<void> {
    const part = partAt(mediaId)
    let at = existsSync(part) ? statSync(part).size : 0
    for (;;) {
      const range = await fetchRange(mediaId, at, at + FETCH_BYTES - 1)
      if (range === null) return
      const { bytes, of } = range
      if (of > MEDIA_BYTES_MAX || bytes.length === 0 || at + bytes.length > of)
        throw new WrongRangeError('not the range asked for')
      if (!hasRoom(of - at)) return
      await writeAt(part, at, bytes)
      at += bytes.length
      if (at < of) continue
      if (!(await prove(mediaId, part))) resting.set(mediaId, REST_TURNS)
      return
    }
  }

  async function bring(mediaId: string): Promise<void> {
    const turnsLeft = resting.get(mediaId) ?? 0
    if (turnsLeft > 0) {
      resting.set(mediaId, turnsLeft - 1)
      return
    }
    if (existsSync(fileAt(mediaId)) && (await prove(mediaId, fileAt(mediaId)))) return
    await fetchWhole(mediaId)
  }

  async function keepUpOnce(): Promise<void> {
    const needed = wanted()
    if (needed === null) return
    sweep(new Set(needed))
    for (const mediaId of new Set(needed)) {
      if (ready.has(mediaId) || broken.has(mediaId)) continue
      try {
        await bring(mediaId)
      } catch (error) {
        // The next file has a better chance only when the branch is there.
        if (error instanceof UnreachableError) return
        log.warn({ err: error, mediaId }, 'a file of the playlist could not be kept')
        // A part that does not fit is begun again.
        if (error instanceof WrongRangeError) rmSync(partAt(mediaId), { force: true })
      }
    }
  }

  const stateOf = (mediaId: string): MirroredMedia['state'] =>
    broken.has(mediaId) ? 'broken' : ready.has(mediaId) ? 'ready' : 'missing'

  return {
    list: () =>
      [...new Set(wanted() ?? ready.keys())].map((mediaId) => ({
        mediaId,
        state: stateOf(mediaId),
        type: ready.get(mediaId) ?? null,
      })),
    fileOf(mediaId) {
      const type = ready.get(mediaId)
      return type === undefined || broken.has(mediaId) ? null : { file: fileAt(mediaId), type }
    },
    async doubt(mediaId) {
      if (!ready.has(mediaId) || broken.has(mediaId)) return
      ready.delete(mediaId)
      const isRight = existsSync(fileAt(mediaId)) && (await prove(mediaId, fileAt(mediaId)).catch(() => false))
      if (isRight) broken.add(mediaId)
      log.warn({ mediaId, isRight }, 'the page could not show a file of the playlist')
      onChange()
    },
    keepUp() {
      turn ??= keepUpOnce()
        .catch((error: unknown) => log.error({ err: error }, 'the files of the playlist could not be looked at'))
        .finally(() => {
          turn = null
        })
      return turn
    },
  }
}
