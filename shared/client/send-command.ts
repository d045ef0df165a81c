import { v7 as newKey } from 'uuid'

/** What came of a command: the answer, or the stable code of the problem. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly code: string }

/** The outside that a sender needs; a test hands in its own. */
export interface SenderTools {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>
  /** A key nobody has used before. */
  readonly newKey: () => string
  readonly wait: (waitMs: number) => Promise<void>
}

export type SendCommand = <Value>(
  path: string,
  body: object,
  read: (json: unknown) => Value | null,
  method?: 'POST' | 'PUT' | 'DELETE',
) => Promise<Answer<Value>>

export const TRIES_MAX = 3
const RETRY_WAIT_MS = 400
const ANSWER_WAIT_MS = 8_000
/** After this an act has its answer, or none will come: every try and every wait between them. */
export const SEND_MS_MAX = TRIES_MAX * (ANSWER_WAIT_MS + RETRY_WAIT_MS * TRIES_MAX)

/** For acts whose answer nobody reads: the feed tells what they did. */
export const unread = (): true => true

/** The stable code of a refusal, as it came. */
export function problemCode(json: unknown): string {
  const isCoded = typeof json === 'object' && json !== null && 'code' in json && typeof json.code === 'string'
  return isCoded ? String(json.code) : 'other'
}

async function readAnswer<Value>(response: Response, read: (json: unknown) => Value | null): Promise<Answer<Value>> {
  const text = await response.text()
  let json: unknown = null
  try {
    json = text === '' ? null : JSON.parse(text)
  } catch {
    return { ok: false, code: 'other' }
  }
  if (!response.ok) return { ok: false, code: problemCode(json) }
  const value = read(json)
  return value === null ? { ok: false, code: 'other' } : { ok: true, value }
}

/**
 * Sends acts to the device's host. One act has one key, however often it is tried:
 * when only the answer was lost, the next try gets the first answer again.
 * @returns a sender; its refusals are values, it throws only for bugs
 */
export function createSender({ fetch, newKey, wait }: SenderTools): SendCommand {
  return async (path, body, read, method = 'POST') => {
    const key = newKey()
    for (let tryCount = 1; ; tryCount += 1) {
      try {
        const response = await fetch(path, {
          method,
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(ANSWER_WAIT_MS),
        })
        return await readAnswer(response, read)
      } catch (error) {
        // fetch throws a TypeError when nobody answered and a DOMException when it took too long.
        if (!(error instanceof TypeError) && !(error instanceof DOMException)) throw error
        if (tryCount === TRIES_MAX) return { ok: false, code: 'HostUnreachable' }
        await wait(RETRY_WAIT_MS * tryCount)
      }
    }
  }
}

export const browserSender = (): SendCommand =>
  createSender({
    fetch: (path, init) => window.fetch(path, init),
    // Keys of one device in the order of time lie side by side in the branch's table of answers.
    newKey: () => newKey(),
    wait: (waitMs) => new Promise((resolve) => setTimeout(resolve, waitMs)),
  })
