import { useCallback, useMemo } from 'react'
import { usePolled } from '#shared/client/use-polled.ts'
import type { MirroredMedia } from './mirror.ts'
import type { ReadyMedia } from './slides.ts'

const POLL_MS = 5_000

/** What came is looked at before it is believed: nothing of this may ever disturb the calls. */
function readList(json: unknown): readonly MirroredMedia[] | null {
  const list = typeof json === 'object' && json !== null && 'media' in json ? json.media : null
  return Array.isArray(list) ? (list as readonly MirroredMedia[]) : null
}

/** What the host has on its disk for this page, and how it is told that the page could not show one of them. */
export function useMedia(): { readonly ready: ReadyMedia; readonly onBroken: (mediaId: string) => void } {
  const list = usePolled('/local/v1/media', POLL_MS, readList)
  const ready = useMemo(
    () =>
      new Map((list ?? []).flatMap(({ mediaId, state, type }) => (state === 'ready' && type ? [[mediaId, type]] : []))),
    [list],
  )
  const onBroken = useCallback((mediaId: string): void => {
    // The host looks at its disk itself when this does not reach it.
    void fetch(`/local/v1/media/${mediaId}/broken`, { method: 'POST' }).catch(() => undefined)
  }, [])
  return { ready, onBroken }
}
