import { Type } from 'typebox'
import type { PlaylistEntry } from '../domain/catalogue.ts'
import type { MediaId } from '../domain/ids.ts'
import { type ParsedBy, strict } from './schema.ts'

/** What displays can play, and by which bytes it is known: a name or a header is never believed. */
export const MEDIA_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'video/mp4', 'video/webm'] as const
export type MediaType = (typeof MEDIA_TYPES)[number]

export const MEDIA_ID_PATTERN = '^[0-9a-f]{64}$'
/** One file. */
export const MEDIA_BYTES_MAX = 64 * 1024 * 1024
/** One branch, and one display: all files together. */
export const MEDIA_BYTES_SUM_MAX = 1024 * 1024 * 1024
export const MEDIA_COUNT_MAX = 60
/** The disk is there for tickets: media leave it so much. */
export const MEDIA_FREE_BYTES_MIN = 512 * 1024 * 1024
/** What one request carries at most; a line of 8 Mbit/s carries it before it is found too slow. */
export const MEDIA_PART_BYTES_MAX = 4 * 1024 * 1024
/** So many bytes tell what a file is. */
export const MEDIA_HEAD_BYTES = 64 * 1024
/** A small file can hold a picture that fills a display's memory. */
const PICTURE_SIDE_MAX = 8_192
const PICTURE_DOTS_MAX = 36_000_000

const mediaId = Type.String({ pattern: MEDIA_ID_PATTERN })
export const MediaParams = Type.Object({ mediaId }, strict)
const wholeNumber = Type.String({ pattern: '^\\d{1,9}$' })
/** Where in the file this part begins, how long the whole file is, and what people call it. */
export const MediaPartQuery = Type.Object(
  { from: wholeNumber, of: wholeNumber, name: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })) },
  strict,
)

/** Of one display. */
export const PLAYLIST_MAX = 40
/** How long a picture stands; `usual` where nobody says. A film then has its own end, or `max`. */
export const SLIDE_SECONDS = { min: 3, usual: 15, max: 3_600 } as const

export const ProgrammeParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }) }, strict)
const playlistEntry = Type.Object(
  { mediaId, seconds: Type.Optional(Type.Integer({ minimum: SLIDE_SECONDS.min, maximum: SLIDE_SECONDS.max })) },
  strict,
)
/** What a display is to play, in its order; null: as the catalogue says. */
export const ProgrammeBody = Type.Object(
  { playlist: Type.Union([Type.Array(playlistEntry, { maxItems: PLAYLIST_MAX }), Type.Null()]) },
  strict,
)

/** What one display plays. */
export interface Programme {
  /** The display's. */
  readonly name: string
  readonly playlist: readonly PlaylistEntry[]
  /** A manager has chosen it, not the catalogue. */
  readonly isOwn: boolean
  /** false: this display shows calls alone. */
  readonly hasRoom: boolean
}

const IS_MEDIA_ID = new RegExp(MEDIA_ID_PATTERN)

const isTime = (seconds: unknown): seconds is number =>
  Number.isInteger(seconds) && (seconds as number) >= SLIDE_SECONDS.min && (seconds as number) <= SLIDE_SECONDS.max

/** A playlist as a file or another machine has it. @returns null for anything else */
export function playlistOf(json: unknown): readonly PlaylistEntry[] | null {
  if (!Array.isArray(json) || json.length > PLAYLIST_MAX) return null
  const entries = json.flatMap((entry: unknown): readonly PlaylistEntry[] => {
    const { mediaId: id, seconds } = (entry ?? {}) as { readonly mediaId?: unknown; readonly seconds?: unknown }
    if (typeof id !== 'string' || !IS_MEDIA_ID.test(id) || !(seconds === undefined || isTime(seconds))) return []
    return [{ mediaId: id as MediaId, ...(seconds !== undefined && { seconds }) }]
  })
  return entries.length === json.length ? entries : null
}

/** What a display says of the files it is to play. */
export const DisplayMediaBody = Type.Object(
  {
    /** Not here yet, and played as soon as they are. */
    missingIds: Type.Array(mediaId, { maxItems: MEDIA_COUNT_MAX }),
    /** Here, whole, and nothing that this display can show. */
    brokenIds: Type.Array(mediaId, { maxItems: MEDIA_COUNT_MAX }),
  },
  strict,
)
export type DisplayMediaBody = ParsedBy<typeof DisplayMediaBody>

/** A display says so again this often; one that has not for three times as long is not spoken of. */
export const DISPLAY_MEDIA_TOLD_MS = 30_000

const textAt = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length))

interface Size {
  readonly width: number
  readonly height: number
}

function pngSize(bytes: Uint8Array, view: DataView): Size | null {
  if (bytes.length < 33 || textAt(bytes, 12, 4) !== 'IHDR') return null
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** Goes from segment to segment until one tells the size. */
function jpegSize(bytes: Uint8Array, view: DataView): Size | null {
  let at = 2
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

function webpSize(bytes: Uint8Array, view: DataView): Size | null {
  if (bytes.length < 30) return null
  const kind = textAt(bytes, 12, 4)
  if (kind === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (kind !== 'VP8X') return null
  return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 }
}

const isSmall = (size: Size | null): boolean =>
  size !== null &&
  size.width > 0 &&
  size.height > 0 &&
  Math.max(size.width, size.height) <= PICTURE_SIDE_MAX &&
  size.width * size.height <= PICTURE_DOTS_MAX

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte)

const VIDEO_BRANDS = /^(isom|iso[2-9]|mp4[12]|avc1|M4V |dash|MSNV)$/

/**
 * What a file is, told by its own first bytes.
 * @param head - its first MEDIA_HEAD_BYTES, or all of it
 * @returns null for anything that displays do not play, and for pictures too large to be drawn
 */
export function mediaTypeOf(head: Uint8Array): MediaType | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (startsWith(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))
    return isSmall(pngSize(head, view)) ? 'image/png' : null
  if (startsWith(head, 0xff, 0xd8, 0xff)) return isSmall(jpegSize(head, view)) ? 'image/jpeg' : null
  if (textAt(head, 0, 4) === 'RIFF' && textAt(head, 8, 4) === 'WEBP')
    return isSmall(webpSize(head, view)) ? 'image/webp' : null
  if (textAt(head, 4, 4) === 'ftyp') return VIDEO_BRANDS.test(textAt(head, 8, 4)) ? 'video/mp4' : null
  // The same container with another purpose is called `matroska`.
  if (startsWith(head, 0x1a, 0x45, 0xdf, 0xa3)) return textAt(head, 0, 64).includes('webm') ? 'video/webm' : null
  return null
}
