import type { Readable, Writable } from 'node:stream'

/** An answer that has not come by then does not come: the page hangs, or is gone. */
const ANSWER_MS_MAX = 10_000

type Json = Readonly<Record<string, unknown>>

export interface BrowserEvent {
  readonly method: string
  readonly params: Json
  /** The page it is of; left out for the browser's own. */
  readonly sessionId?: string
}

/** One end of a browser's own protocol (Chrome DevTools Protocol). */
export interface BrowserPipe {
  /** @returns the answer; null where the browser refuses or does not answer in time */
  readonly ask: (method: string, params?: Json, sessionId?: string) => Promise<Json | null>
  readonly close: () => void
}

interface Message {
  readonly id?: number
  readonly result?: Json
  readonly method?: string
  readonly params?: Json
  readonly sessionId?: string
}

/** @param write - takes one message; @returns what is to be called with each message that comes */
export function speakToBrowser(
  write: (text: string) => void,
  onEvent: (event: BrowserEvent) => void,
  answerMs = ANSWER_MS_MAX,
) {
  const waiting = new Map<number, (answer: Json | null) => void>()
  let lastId = 0
  const pipe: BrowserPipe = {
    ask(method, params = {}, sessionId) {
      lastId += 1
      const id = lastId
      return new Promise((resolve) => {
        const tooLate = setTimeout(() => answer(null), answerMs)
        function answer(it: Json | null): void {
          clearTimeout(tooLate)
          waiting.delete(id)
          resolve(it)
        }
        waiting.set(id, answer)
        write(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }))
      })
    },
    close() {
      for (const answer of waiting.values()) answer(null)
    },
  }
  function hear(text: string): void {
    const { id, result, method, params = {}, sessionId } = JSON.parse(text) as Message
    if (id !== undefined) waiting.get(id)?.(result ?? null)
    else if (method !== undefined) onEvent({ method, params, ...(sessionId !== undefined && { sessionId }) })
  }
  return { pipe, hear }
}

/** A browser that was started with --remote-debugging-pipe: nobody else on the machine can speak on it. */
export function openBrowserPipe(
  into: Writable,
  from: Readable,
  onEvent: (event: BrowserEvent) => void,
  answerMs?: number,
): BrowserPipe {
  const { pipe, hear } = speakToBrowser((text) => void into.write(`${text}\0`), onEvent, answerMs)
  let rest = ''
  // Whoever ends it says so by its exit.
  into.on('error', () => {})
  from.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0')
    rest = parts.pop() ?? ''
    for (const part of parts) hear(part)
  })
  return pipe
}
