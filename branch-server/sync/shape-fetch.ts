import type { Log } from '../log.ts'
import type { CloudDoor, CloudText } from './cloud-door.ts'
import type { Pace } from './pace.ts'
import { comeAgainMs, type TurnedAway, turnedAway } from './turned-away.ts'
import { backOffMs, REFUSED_AGAIN_MS } from './uploader.ts'

export interface ShapeFetchParts {
  readonly door: CloudDoor
  readonly pace: Pace
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random: () => number
  readonly log: Log
  /** The highest of the shape that was done here. */
  readonly done: () => number
}

const OFFSET = /^\d{1,20}_\d{1,16}$/
const UP_TO_DATE = 'electric-up-to-date'

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}

/** An answer that a client can go on with: one that was cut, or lacks what it must bear, is none. */
function isWhole({ headers, text }: CloudText, isLive: boolean): boolean {
  const hasPlace = (headers.get('electric-handle') ?? '') !== '' && OFFSET.test(headers.get('electric-offset') ?? '')
  const more = headers.get(isLive ? 'electric-cursor' : 'electric-schema') ?? ''
  return hasPlace && more !== '' && isList(text)
}

/**
 * What the client of Electric asks by: signed, paced, and for ever. A line that fails is tried again here, so that the
 * client hears of nothing but answers.
 */
export function createShapeFetch({ door, pace, pause, random, log, done }: ShapeFetchParts): typeof globalThis.fetch {
  /** Answers in turn that begin anew; one is as it should be, many are a cloud, or a proxy, that has lost its way. */
  let refetches = 0

  async function askOnce(
    path: string,
    isLive: boolean,
    signal: AbortSignal,
  ): Promise<CloudText | TurnedAway | 'away' | 'refused'> {
    try {
      const answer = await door.get(path, signal)
      if (answer.status === 200 && isWhole(answer, isLive)) return answer
      if (answer.status === 409 && isList(answer.text)) return answer
      const told = turnedAway(answer.status, answer.headers.get('retry-after'))
      if (told !== null) return told
      log.info({ status: answer.status }, 'the cloud answers nothing that can be gone on with; it is tried again')
      // 409 with a problem: another box has taken this branch's place.
      return [401, 403, 409].includes(answer.status) ? 'refused' : 'away'
    } catch (error) {
      if (!signal.aborted) log.info({ err: error }, 'the cloud cannot be reached; it is tried again')
      return 'away'
    }
  }

  async function brake(answer: CloudText, signal: AbortSignal): Promise<void> {
    if (answer.status === 200 && answer.headers.has(UP_TO_DATE)) refetches = 0
    if (answer.status !== 409) return
    refetches += 1
    if (refetches > 1) await pause(backOffMs(refetches, random), signal)
  }

  return async (input, init) => {
    const url = new URL(String(input))
    const signal = init?.signal ?? new AbortController().signal
    const isLive = url.searchParams.get('live') === 'true'
    for (let failures = 1; ; failures += 1) {
      await pace(signal)
      if (signal.aborted) throw new DOMException('Nobody waits for it any more', 'AbortError')
      // A cloud that was put back to an older copy counts on from there.
      url.searchParams.set('done', String(done()))
      const answer = await askOnce(url.pathname + url.search, isLive, signal)
      if (typeof answer === 'object' && 'text' in answer) {
        await brake(answer, signal)
        return new Response(answer.text, { status: answer.status, headers: answer.headers })
      }
      if (typeof answer === 'object') await pause(comeAgainMs(answer, random), signal)
      else await pause(answer === 'refused' ? REFUSED_AGAIN_MS : backOffMs(failures, random), signal)
    }
  }
}
