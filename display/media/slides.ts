import type { DisplayLayout, PlaylistEntry } from '#shared/domain/catalogue.ts'
import { type MediaType, SLIDE_SECONDS } from '#shared/wire/media.ts'

/** Between two pictures the counts stand so long. */
export const COUNTS_SECONDS = 15

/** What stands beside the calls for a while; `seconds` null: for good. */
export type Slide =
  | { readonly kind: 'none' | 'counts'; readonly seconds: number | null }
  | { readonly kind: 'picture' | 'film'; readonly mediaId: string; readonly seconds: number }

/** What this display can play now, by file. */
export type ReadyMedia = ReadonlyMap<string, MediaType>

const COUNTS: Slide = { kind: 'counts', seconds: null }

/** What stands beside the calls, one after the other and over again; what is not here is left out, and never a gap. */
export function slidesOf(
  { side }: DisplayLayout,
  playlist: readonly PlaylistEntry[],
  ready: ReadyMedia,
): readonly [Slide, ...Slide[]] {
  if (side === 'none') return [{ kind: 'none', seconds: null }]
  if (side === 'counts') return [COUNTS]
  const shown = playlist.flatMap(({ mediaId, seconds }): readonly Slide[] => {
    const type = ready.get(mediaId)
    if (type === undefined) return []
    const slide: Slide = type.startsWith('video/')
      ? { kind: 'film', mediaId, seconds: seconds ?? SLIDE_SECONDS.max }
      : { kind: 'picture', mediaId, seconds: seconds ?? SLIDE_SECONDS.usual }
    return side === 'media' ? [slide] : [slide, { kind: 'counts', seconds: COUNTS_SECONDS }]
  })
  const [first, ...rest] = shown
  return first === undefined ? [COUNTS] : [first, ...rest]
}
