import { NOT_YET } from '#shared/domain/refusals.ts'
import { type BranchAnswer, parsed } from '#shared/host/branch-client.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { createPassedOver } from '#shared/host/passed-over.ts'
import { type Telling, type TellingHost, tellAlways } from '#shared/host/tell-always.ts'
import type { Problem, ProblemCode } from '#shared/wire/problem.ts'
import type { KeptMark, MarkStore } from './mark-store.ts'

/** A branch to which it is too early for the mark, or that finds itself behind, says nothing of it. */
const NOT_NOW: ReadonlySet<string> = new Set<ProblemCode>([...NOT_YET, 'BookmarkAhead'])
/** Nothing is said of the mark either: who we are is unknown there, too much is asked, or it took too long. */
const BESIDE_THE_POINT: ReadonlySet<number> = new Set([401, 408, 429])

/** Why a server in trouble says that it is; one that does not even say it in JSON is broken. */
function codeOf(body: string): ProblemCode {
  try {
    return (JSON.parse(body) as Partial<Problem>).code ?? 'InternalError'
  } catch {
    return 'InternalError'
  }
}

/**
 * Enters what was noted, one mark after the other in the order in which they were made, as soon as the branch is there
 * and until it has answered each. A mark goes on being kept until then; its key is the same each time it is sent.
 * One that the branch never manages to enter is passed over, with what was noted later of the same number.
 */
export function enterAlways(host: TellingHost, store: MarkStore, log: HostLog): Telling {
  const passedOver = createPassedOver()

  /** The branch has trouble of its own, with this mark or with everything. */
  function bearTrouble({ key, body: { number } }: KeptMark, { status, body }: BranchAnswer): void {
    if (!passedOver.trouble(key)) return
    log.error({ number, status }, 'the branch cannot enter a mark; those of other numbers go on; staff are told')
    store.set(key, 'sending', codeOf(body))
  }

  /** The oldest; when only those are left that made trouble, the one that was tried longest ago. */
  function nextMark(): KeptMark | null {
    const branchKeys = host.branchKeys()
    const next = store.next(branchKeys, passedOver.has)
    if (next !== null) return next
    return passedOver.ids().flatMap((key) => store.open(branchKeys, key) ?? [])[0] ?? null
  }

  /** @returns whether the branch has said for good what it thinks of the mark */
  async function send(mark: KeptMark, isClosed: () => boolean): Promise<boolean> {
    const { key, body } = mark
    const text = JSON.stringify(body)
    const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/record', body: text, key })
    if (isClosed()) return false
    if (answer.status < 500) passedOver.taken(key)
    if (answer.status === 200) {
      store.set(key, 'entered')
      return true
    }
    if (answer.status >= 500) bearTrouble(mark, answer)
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
      const mark = nextMark()
      if (mark === null) return false
      // From here on it may be there: it can no longer be taken back.
      store.set(mark.key, 'sending', mark.code)
      return send(mark, isClosed)
    },
  })
}
