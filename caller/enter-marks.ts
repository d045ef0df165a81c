import { NOT_YET } from '#shared/domain/refusals.ts'
import { parsed } from '#shared/host/branch-client.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { type Telling, type TellingHost, tellAlways } from '#shared/host/tell-always.ts'
import type { Problem, ProblemCode } from '#shared/wire/problem.ts'
import type { KeptMark, MarkStore } from './mark-store.ts'

/** A branch to which it is too early for the mark, or that finds itself behind, says nothing of it. */
const NOT_NOW: ReadonlySet<string> = new Set<ProblemCode>([...NOT_YET, 'BookmarkAhead'])
/** Nothing is said of the mark either: who we are is unknown there, too much is asked, or it took too long. */
const BESIDE_THE_POINT: ReadonlySet<number> = new Set([401, 408, 429])

/**
 * Enters what was noted, one mark after the other in the order in which they were made, as soon as the branch is there
 * and until it has answered each. A mark goes on being kept until then; its key is the same each time it is sent.
 */
export function enterAlways(host: TellingHost, store: MarkStore, log: HostLog): Telling {
  /** @returns whether the branch has said for good what it thinks of the mark */
  async function send({ key, body }: KeptMark, isClosed: () => boolean): Promise<boolean> {
    const text = JSON.stringify(body)
    const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/record', body: text, key })
    if (isClosed()) return false
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

  return tellAlways({
    host,
    store,
    log,
    async tellNext(isClosed) {
      const mark = store.next(host.branchKeys())
      if (mark === null) return false
      // From here on it may be there: it can no longer be taken back.
      store.set(mark.key, 'sending')
      return send(mark, isClosed)
    },
  })
}
