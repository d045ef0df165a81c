import { type Message, type Offset, ShapeStream } from '@electric-sql/client'
import type { Log } from '../log.ts'
import type { ShapeName } from '../store/cloud.ts'
import { backOffMs } from './uploader.ts'

/** A row of a shape as it came, nothing of it believed yet. */
export interface ShapeRow {
  readonly document: string
  readonly signature: string
}

/** What is done with what comes down. */
export interface Sink {
  /** Everything told before is to be told again. */
  reset(): void
  /** A row is there, or is gone; nothing is done yet. */
  note(row: ShapeRow): void
  /**
   * All that there was has been told: what is to be done is done.
   * @returns whether all of it was, so that it need not be told again
   */
  settle(): Promise<boolean>
}

export interface FollowerParts {
  readonly shape: ShapeName
  readonly cloudUrl: string
  readonly fetch: typeof globalThis.fetch
  readonly sink: Sink
  /** Where to go on. */
  readonly stand: () => { readonly handle: string | null; readonly offset: string | null }
  /** Everything up to here is done. @returns whether that is on the disk */
  readonly goOnFrom: (handle: string, offset: string) => Promise<boolean>
  /** All that there is has been told and done. */
  readonly onSettled?: () => void
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random: () => number
  readonly log: Log
  readonly ending: AbortSignal
}

/** Answers in turn that left something undone, some ten minutes' worth: then all is told again, for a part may be lost. */
const UNSETTLED_MAX = 30
const AGAIN_MS_MIN = 1_000
const AGAIN_MS_MAX = 60_000
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** @returns whether all there was has been told with these */
function noteAll(sink: Sink, messages: readonly Message[]): boolean {
  let isAll = false
  for (const message of messages) {
    if ('key' in message) {
      const { document, signature } = message.value
      if (message.headers.operation !== 'delete') sink.note({ document: text(document), signature: text(signature) })
    } else if ('control' in message.headers) {
      if (message.headers.control === 'must-refetch') sink.reset()
      if (message.headers.control === 'up-to-date') isAll = true
    }
  }
  return isAll
}

/**
 * Follows until it can follow no more, or is ended.
 * @param goesOn - from where it stands; otherwise from the start
 * @returns whether it may go on from where it stands
 */
function followOnce(parts: FollowerParts, goesOn: boolean, signal: AbortSignal): Promise<boolean> {
  const { shape, cloudUrl, sink, log } = parts
  const { handle, offset } = goesOn ? parts.stand() : { handle: null, offset: null }
  const { promise, resolve } = Promise.withResolvers<boolean>()
  signal.addEventListener('abort', () => resolve(true), { once: true })
  const failed = (error: Error): void => {
    if (!signal.aborted) log.warn({ err: error, shape }, 'what comes down from the cloud cannot be followed')
    resolve(true)
  }
  sink.reset()
  let stood = offset
  let unsettled = 0
  const stream = new ShapeStream({
    url: new URL('/api/v1/sync/shape', cloudUrl).href,
    params: { table: shape },
    fetchClient: parts.fetch,
    signal,
    // Our own door ends what takes too long.
    liveRequestTimeoutMs: false,
    backoffOptions: { initialDelay: AGAIN_MS_MIN, maxDelay: AGAIN_MS_MAX, multiplier: 2 },
    onError: failed,
    ...(handle !== null && offset !== null && { handle, offset: offset as Offset }),
  })
  async function take(messages: readonly Message[]): Promise<void> {
    if (signal.aborted || !noteAll(sink, messages)) return
    unsettled = (await sink.settle()) ? 0 : unsettled + 1
    if (unsettled > UNSETTLED_MAX) return resolve(false)
    if (unsettled > 0) return
    parts.onSettled?.()
    const { shapeHandle, lastOffset } = stream
    if (shapeHandle === undefined || lastOffset === stood || signal.aborted) return
    if (await parts.goOnFrom(shapeHandle, lastOffset)) stood = lastOffset
  }
  // What is thrown at the stream would end the branch.
  stream.subscribe((messages) => take(messages).catch((error: unknown) => failed(error as Error)), failed)
  return promise
}

/** Follows a shape for ever, whatever happens to the line. @returns when it was ended */
export async function followShape(parts: FollowerParts): Promise<void> {
  const { ending, pause, random } = parts
  let goesOn = true
  for (let failures = 1; !ending.aborted; failures += 1) {
    const own = new AbortController()
    const end = (): void => own.abort()
    ending.addEventListener('abort', end, { once: true })
    if (ending.aborted) end()
    goesOn = await followOnce(parts, goesOn, own.signal)
    own.abort()
    ending.removeEventListener('abort', end)
    if (!ending.aborted) await pause(backOffMs(failures, random), ending)
  }
}
