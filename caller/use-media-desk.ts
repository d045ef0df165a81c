import { useCallback, useEffect, useRef, useState } from 'react'
import { getJson } from '#shared/client/get-json.ts'
import { problemCode, type SendCommand, unread } from '#shared/client/send-command.ts'
import { repeat } from '#shared/client/use-polled.ts'
import { type MediaDesk, type MediaShelfNews, readShelf, readToSend, sentBefore, type Upload } from './media-desk.ts'
import { type Fetched, LOADING } from './reports.ts'

const SHELF_MS = 5_000
const SHELF_PATH = '/api/v1/media'
/** A quarter of what one request may carry: progress is seen, and a line that breaks costs little. */
const PART_BYTES = 1024 * 1024
const PART_MS_MAX = 15_000
/** A part that did not arrive is tried again so often. */
const TRIES_MAX = 4
const RETRY_MS = 1_500

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A file is named by its content. */
async function idOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** @returns the code of a problem; null: it is there. `HostUnreachable`: nobody answered */
async function sendPart(path: string, part: Blob, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await window.fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: part,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PART_MS_MAX)]),
    })
    return response.ok ? null : problemCode(await response.json().catch(() => null))
  } catch {
    return 'HostUnreachable'
  }
}

const AGAIN: ReadonlySet<string> = new Set(['HostUnreachable', 'BranchUnreachable', 'MediaPartElsewhere', 'TooBusy'])

/** Sends a file part by part, from where the branch has it. @returns the code of a problem; null: it is whole there */
async function sendFile(file: File, signal: AbortSignal, onSent: (bytes: number) => void): Promise<string | null> {
  const bytes = await readToSend(file)
  if (typeof bytes === 'string') return bytes
  const mediaId = await idOf(bytes)
  let code: string | null = null
  for (let tries = 0; tries < TRIES_MAX && !signal.aborted; tries += 1) {
    if (tries > 0) await rest(RETRY_MS)
    const shelf = readShelf(await getJson(SHELF_PATH))
    if (shelf === null) {
      code = 'BranchUnreachable'
      continue
    }
    if (shelf.media.some((it) => it.mediaId === mediaId)) return null
    let from = sentBefore(shelf, mediaId)
    code = null
    while (code === null && from < bytes.byteLength && !signal.aborted) {
      // Of what was read: the file itself may be gone by now.
      const part = new Blob([bytes.slice(from, from + PART_BYTES)])
      const query = new URLSearchParams({
        from: String(from),
        of: String(bytes.byteLength),
        name: file.name.slice(0, 120),
      })
      code = await sendPart(`${SHELF_PATH}/${mediaId}?${query}`, part, signal)
      if (code !== null) break
      from += part.size
      // What moves on is not what fails again and again.
      tries = 0
      onSent(from)
    }
    if (code === null || !AGAIN.has(code)) return code
  }
  return code
}

interface Doing {
  readonly upload: Upload | null
  readonly fault: string | null
  readonly keptName: string | null
}

const IDLE: Doing = { upload: null, fault: null, keptName: null }

/** Brings pictures and films to the branch. An upload goes on while other pages are looked at. */
export function useMediaDesk(send: SendCommand, isShown: boolean): MediaDesk {
  const [shelf, setShelf] = useState<Fetched<MediaShelfNews>>(LOADING)
  const [doing, setDoing] = useState<Doing>(IDLE)
  const sending = useRef<AbortController | null>(null)
  const refresh = useCallback(async (): Promise<void> => {
    const value = readShelf(await getJson(SHELF_PATH))
    setShelf(value === null ? { status: 'none' } : { status: 'there', value })
  }, [])
  useEffect(() => (isShown ? repeat(SHELF_MS, refresh) : undefined), [isShown, refresh])
  return {
    ...{ shelf, ...doing },
    acts: {
      send(file) {
        if (sending.current !== null) return
        const controller = new AbortController()
        sending.current = controller
        const { name, size: bytes } = file
        const onSent = (sentBytes: number): void => setDoing({ ...IDLE, upload: { name, bytes, sentBytes } })
        onSent(0)
        void sendFile(file, controller.signal, onSent).then(async (fault) => {
          sending.current = null
          setDoing(controller.signal.aborted ? IDLE : { ...IDLE, fault, keptName: fault === null ? name : null })
          await refresh()
        })
      },
      stop: () => sending.current?.abort(),
      place(displayName, playlist) {
        if (sending.current !== null) return
        const path = `/api/v1/displays/${encodeURIComponent(displayName)}/playlist`
        void send(path, { playlist }, unread, 'PUT').then(async (answer) => {
          setDoing({ ...IDLE, fault: answer.ok ? null : answer.code })
          await refresh()
        })
      },
      remove(mediaId) {
        if (sending.current !== null) return
        void send(`${SHELF_PATH}/${mediaId}`, {}, unread, 'DELETE').then(async (answer) => {
          setDoing({ ...IDLE, fault: answer.ok ? null : answer.code })
          await refresh()
        })
      },
    },
  }
}
