import { useCallback, useMemo } from 'react'
import { usePolled } from '#shared/client/use-polled.ts'
import type { PlaylistEntry } from '#shared/domain/catalogue.ts'
import { playlistOf } from '#shared/wire/media.ts'
import type { MirroredMedia } from './mirror.ts'
import type { ReadyMedia } from './slides.ts'

const POLL_MS = 5_000

interface HeldMedia {
  readonly list: readonly MirroredMedia[]
  /** What a manager has put on this display; null: it plays what the catalogue says. */
  readonly programme: readonly PlaylistEntry[] | null
}

/** What came is looked at before it is believed: nothing of this may ever disturb the calls. */
function readHeld(json: unknown): HeldMedia | null {
  const { media: list, programme } = (json ?? {}) as { readonly media?: unknown; readonly programme?: unknown }
  return Array.isArray(list) ? { list: list as readonly MirroredMedia[], programme: playlistOf(programme) } : null
}

interface PageMedia {
  readonly ready: ReadyMedia
  readonly programme: HeldMedia['programme']
  readonly onBroken: (mediaId: string) => void
}

/** What the host has on its disk for this page, and how it is told that the page could not show one of them. */
export function useMedia(): PageMedia {
  const held = usePolled('/local/v1/media', POLL_MS, readHeld)
  const list = held?.list ?? null
  const ready = useMemo(
    () =>
      new Map((list ?? []).flatMap(({ mediaId, state, type }) => (state === 'ready' && type ? [[mediaId, type]] : []))),
    [list],
  )
  const onBroken = useCallback((mediaId: string): void => {
    // The host looks at its disk itself when this does not reach it.
    void fetch(`/local/v1/media/${mediaId}/broken`, { method: 'POST' }).catch(() => undefined)
  }, [])
  return { ready, programme: held?.programme ?? null, onBroken }
}
