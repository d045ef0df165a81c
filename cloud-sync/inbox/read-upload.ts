import { hash } from 'node:crypto'
import { withPrev } from '#shared/network/left-out-prev.ts'

/** One event of an upload: its stored bytes, and what of them the inbox must know. */
export interface UploadedEvent {
  readonly seq: number
  readonly version: number
  readonly type: string
  /** Of the bytes before it, in hex. */
  readonly prev: string
  /** Of its own bytes, in hex. */
  readonly hash: string
  readonly body: string
  /** The body, parsed: an object. */
  readonly event: Readonly<Record<string, unknown>>
}

export const hashOf = (body: string): string => hash('sha256', body)

const isText = (value: unknown): value is string => typeof value === 'string'

function parse(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const event: unknown = JSON.parse(body)
    return typeof event === 'object' && event !== null ? (event as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

/** @param before - the event before it in the same upload, whose hash the sender may have left out here */
function readEvent(sent: string, before: UploadedEvent | undefined): UploadedEvent | null {
  const found = parse(sent)
  if (found === null) return null
  const isShort = before !== undefined && !('prev' in found)
  const body = isShort ? withPrev(sent, before.hash) : sent
  const parsed = isShort ? { ...found, prev: before.hash } : found
  const { seq, v, type, prev } = parsed
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(v) || !isText(type) || !isText(prev)) return null
  return { seq: Number(seq), version: Number(v), type, prev, hash: hashOf(body), body, event: parsed }
}

/**
 * Reads an upload.
 * @returns what is wrong with it in itself, whatever is held already
 */
export function readUpload(bodies: readonly string[]): readonly UploadedEvent[] | string {
  const events: UploadedEvent[] = []
  for (const body of bodies) {
    const event = readEvent(body, events.at(-1))
    if (event === null) return `event ${events.length + 1} is no stored event`
    const before = events.at(-1)
    if (before !== undefined && (event.seq !== before.seq + 1 || event.prev !== before.hash))
      return `event ${events.length + 1} does not follow on the one before`
    events.push(event)
  }
  return events
}
