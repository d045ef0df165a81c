import type { PlaylistEntry } from '#shared/domain/catalogue.ts'
import {
  MEDIA_BYTES_MAX,
  MEDIA_HEAD_BYTES,
  type MediaType,
  mediaTypeOf,
  type Programme,
  SLIDE_SECONDS,
} from '#shared/wire/media.ts'
import type { Fetched } from './reports.ts'

/** One file for the displays, as the branch tells of it. */
export interface DeskMedia {
  readonly mediaId: string
  readonly type: MediaType
  readonly bytes: number
  readonly name: string | null
  /** The displays that play it, by name. */
  readonly playedBy: readonly string[]
}

/** A display that is to play something that it cannot. */
export interface LackingDisplay {
  readonly name: string
  readonly missingIds: readonly string[]
  readonly brokenIds: readonly string[]
}

export interface MediaShelfNews {
  readonly media: readonly DeskMedia[]
  readonly uploads: readonly { readonly mediaId: string; readonly receivedBytes: number }[]
  readonly displays: readonly LackingDisplay[]
  /** What every display plays. */
  readonly programmes: readonly Programme[]
  readonly limits: { readonly bytesMax: number; readonly bytesSumMax: number; readonly countMax: number }
}

/** What is on its way. */
export interface Upload {
  readonly name: string
  readonly bytes: number
  readonly sentBytes: number
}

/** What the page for the lobby's pictures and films draws, and what can be done there. */
export interface MediaDesk {
  readonly shelf: Fetched<MediaShelfNews>
  readonly upload: Upload | null
  /** The code of a problem; null: nothing went wrong. */
  readonly fault: string | null
  /** The name of the file that arrived last. */
  readonly keptName: string | null
  readonly acts: {
    send(file: File): void
    stop(): void
    remove(mediaId: string): void
    /** @param playlist - null: as the catalogue says again */
    place(displayName: string, playlist: readonly PlaylistEntry[] | null): void
  }
}

/** @returns null for anything else */
export function readShelf(json: unknown): MediaShelfNews | null {
  if (typeof json !== 'object' || json === null) return null
  const { media, uploads, displays, programmes, limits } = json as Partial<Record<keyof MediaShelfNews, unknown>>
  const isWhole =
    Array.isArray(media) &&
    Array.isArray(uploads) &&
    Array.isArray(displays) &&
    Array.isArray(programmes) &&
    typeof limits === 'object' &&
    limits !== null
  return isWhole ? (json as MediaShelfNews) : null
}

/** What is told before a byte is sent. @param head - the first bytes of the file. @returns the code of a problem, or null */
export function whyNotToSend(bytes: number, head: Uint8Array): 'RequestTooLarge' | 'MediaRefused' | null {
  if (bytes > MEDIA_BYTES_MAX) return 'RequestTooLarge'
  return mediaTypeOf(head.subarray(0, MEDIA_HEAD_BYTES)) === null ? 'MediaRefused' : null
}

/**
 * The bytes of a file that may be sent. One that is too large is not read at all, for it may be larger than the memory; one
 * that is gone, as with the stick it lay on, is told.
 */
export async function readToSend(
  file: Pick<File, 'size' | 'arrayBuffer'>,
): Promise<ArrayBuffer | 'RequestTooLarge' | 'MediaRefused' | 'FileUnreadable'> {
  if (file.size > MEDIA_BYTES_MAX) return 'RequestTooLarge'
  try {
    const bytes = await file.arrayBuffer()
    return whyNotToSend(bytes.byteLength, new Uint8Array(bytes)) ?? bytes
  } catch {
    return 'FileUnreadable'
  }
}

/** Where to go on: what is here of a file that was broken off stays. */
export const sentBefore = ({ uploads }: MediaShelfNews, mediaId: string): number =>
  uploads.find((it) => it.mediaId === mediaId)?.receivedBytes ?? 0

export const isFilm = (file: Pick<DeskMedia, 'type'> | undefined): boolean => file?.type.startsWith('video/') === true

/** @returns null for what no picture can stand for */
export function secondsIn(typed: string): number | null {
  const seconds = Number(typed)
  return typed !== '' && seconds >= SLIDE_SECONDS.min && seconds <= SLIDE_SECONDS.max ? seconds : null
}

/** The same programme with one file earlier or later; at its ends nothing moves. */
export function movedIn(playlist: readonly PlaylistEntry[], at: number, by: -1 | 1): readonly PlaylistEntry[] {
  const [entry, other] = [playlist[at], playlist[at + by]]
  if (entry === undefined || other === undefined) return playlist
  return playlist.with(at, other).with(at + by, entry)
}

const MEGABYTE = 1_000_000

/** Megabytes as people read them: one figure behind the point where it is small. */
export function megabytes(bytes: number, language: string): string {
  const count = bytes / MEGABYTE
  const digits = count < 10 ? 1 : 0
  return new Intl.NumberFormat(`${language}-u-nu-latn`, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }).format(bytes > 0 ? Math.max(count, 0.1) : 0)
}
