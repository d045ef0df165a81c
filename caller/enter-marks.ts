import { NOT_YET } from '#shared/domain/refusals.ts'
import { parsed } from '#shared/host/branch-client.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import type { Problem, ProblemCode } from '#shared/wire/problem.ts'
import type { KeptMark, MarkStore } from './mark-store.ts'

const AGAIN_MS = 3_000
/** A branch to which it is too early for the mark, or that finds itself behind, says nothing of it. */
const NOT_NOW: ReadonlySet<string> = new Set<ProblemCode>([...NOT_YET, 'BookmarkAhead'])
/** Nothing is said of the mark either: who we are is unknown there, too much is asked, or it took too long. */
const BESIDE_THE_POINT: ReadonlySet<number> = new Set([401, 408, 429])

/** What entering needs of the device's host. */
export interface EnteringHost extends Pick<DeviceHost, 'pairing' | 'branchKeys' | 'status' | 'ask' | 'onNews'> {
  readonly store: Pick<DeviceHost['store'], 'seen'>
}

export interface Entering {
  tryNow(): void
  close(): void
}

/**
 * Enters what was noted, one mark after the other in the order in which they were made, as soon as the branch is there
 * and until it has answered each. A mark goes on being kept until then; its key is the same each time it is sent.
 */
export function enterAlways(host: EnteringHost, store: MarkStore, log: HostLog): Entering {
  let isAtWork = false
  let isClosed = false

  /** @returns whether the branch has said for good what it thinks of the mark */
  async function send({ key, body }: KeptMark): Promise<boolean> {
    const text = JSON.stringify(body)
    const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/record', body: text, key })
    if (isClosed) return false
    if (answer.status === 200) {
      store.set(key, 'entered')
      return true
    }
    if (answer.status >= 500 || BESIDE_THE_POINT.has(answer.status)) return false
    const { code } = parsed<Problem>(answer.body)
    if (NOT_NOW.has(code)) {
      // Staff read what it waits for, and can do it.
      store.set(key, 'sending', code)
      return false
    }
    log.warn({ number: body.number, code }, 'the branch did not enter a mark; staff are told')
    store.set(key, 'refused', code)
    return true
  }

  async function enter(): Promise<void> {
    for (;;) {
      const seen = host.store.seen()
      if (isClosed || seen === null || host.pairing() === null || host.status().link === 'down') return
      const { bookmark, state } = seen
      if (state.day !== null) store.meetBranch(bookmark.epoch, state.day.date)
      const mark = store.next(host.branchKeys())
      if (mark === null) return
      // From here on it may be there: it can no longer be taken back.
      store.set(mark.key, 'sending')
      if (!(await send(mark))) return
    }
  }

  function tryNow(): void {
    if (isAtWork || isClosed) return
    isAtWork = true
    enter()
      .catch((error: unknown) => {
        if (!(error instanceof UnreachableError) && !isClosed) log.error({ err: error }, 'entering marks threw')
      })
      .finally(() => {
        isAtWork = false
      })
  }

  const stop = host.onNews((news) => {
    if (news.type === 'restart' || (news.type === 'link' && news.link === 'up')) tryNow()
  })
  const timer = setInterval(tryNow, AGAIN_MS)
  return {
    tryNow,
    close() {
      isClosed = true
      stop()
      clearInterval(timer)
    },
  }
}
