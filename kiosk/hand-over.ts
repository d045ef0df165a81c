import { v7 as newKey } from 'uuid'
import { parsed } from '#shared/host/branch-client.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { createPassedOver } from '#shared/host/passed-over.ts'
import { type Telling, type TellingHost, tellAlways } from '#shared/host/tell-always.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import { ADOPT_MAX, type PrintedAloneBody } from '#shared/wire/requests.ts'
import type { KioskStore } from './kiosk-store.ts'

/** A branch whose catalogue is on its way says nothing of the paper itself. */
const NOT_NOW: ProblemCode = 'CatalogueMissing'

interface Adoption {
  readonly adopted: readonly { readonly ticketId: string }[]
  readonly refused: readonly { readonly ticketId: string; readonly number: string; readonly code: string }[]
}

/** A clear no to what was sent, as opposed to a branch in trouble or one that does not know this kiosk. */
const isRefusal = (status: number): boolean => status === 400 || status === 413 || status === 422

/** Tells the branch of every paper printed without it, as soon as it is there again and until it has them all. */
export function handOverAlways(
  host: TellingHost,
  store: KioskStore,
  log: HostLog,
  withdraw: (tapKey: string) => void = () => {},
): Telling {
  const passedOver = createPassedOver()
  /** Fewer after a trouble, so that the one that may be its cause is found. */
  let countMax = ADOPT_MAX

  /** @returns whether none of them has to be told again */
  function take(papers: readonly PrintedAloneBody[], { refused }: Adoption): boolean {
    const codeById = new Map(refused.map(({ ticketId, code }) => [ticketId, code]))
    const settled = papers.filter(({ ticketId }) => codeById.get(ticketId) !== NOT_NOW)
    for (const { ticketId } of settled) store.noteOutcome(ticketId, codeById.get(ticketId) ?? 'adopted')
    for (const { number, code } of refused)
      if (code !== NOT_NOW) log.error({ number, code }, 'the branch refused a paper; tell staff')
    log.info({ count: papers.length - refused.length }, 'papers were handed over')
    return settled.length === papers.length
  }

  /** A paper that the branch never manages to take must not keep the others from it; their arrival orders them anyway. */
  function bearTrouble([only, ...more]: readonly PrintedAloneBody[], status: number): void {
    countMax = Math.ceil((1 + more.length) / 2)
    if (only === undefined || more.length > 0 || !passedOver.trouble(only.ticketId)) return
    countMax = ADOPT_MAX
    log.error(
      { number: only.number, status },
      'the branch cannot take a paper; the others go on without it; tell staff',
    )
  }

  /** @returns whether the branch has said for good what it thinks of each of them */
  async function send(
    papers: readonly PrintedAloneBody[],
    branchKey: string,
    isClosed: () => boolean,
  ): Promise<boolean> {
    // Paired with another branch meanwhile: these are no papers of its own.
    if (host.pairing()?.branchKey !== branchKey) return false
    const body = JSON.stringify({ tickets: papers })
    const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/adopt', body, key: newKey() })
    if (isClosed()) return false
    if (answer.status === 200) {
      for (const { ticketId } of papers) passedOver.taken(ticketId)
      countMax = Math.min(ADOPT_MAX, 2 * countMax)
      return take(papers, parsed<Adoption>(answer.body))
    }
    log.warn({ status: answer.status, body: answer.body.slice(0, 300) }, 'the branch did not take the papers')
    if (answer.status >= 500) bearTrouble(papers, answer.status)
    const [only] = papers
    if (!isRefusal(answer.status) || only === undefined) return false
    if (papers.length === 1) {
      // It will never be the ghost's paper.
      withdraw(only.tapKey)
      const refusal = { ticketId: only.ticketId, number: only.number, code: `Refused${answer.status}` }
      return take(papers, { adopted: [], refused: [refusal] })
    }
    // One paper that the branch cannot read must not keep the others from it.
    const half = Math.ceil(papers.length / 2)
    return (
      (await send(papers.slice(0, half), branchKey, isClosed)) && (await send(papers.slice(half), branchKey, isClosed))
    )
  }

  /** The oldest; when only those are left that made trouble, the one that was tried longest ago. */
  function nextPapers(): readonly PrintedAloneBody[] {
    const tried = passedOver.ids()
    const waiting = store.notHandedOver(host.branchKeys(), ADOPT_MAX + tried.length)
    const others = waiting.filter(({ ticketId }) => !passedOver.has(ticketId)).slice(0, countMax)
    if (others.length > 0) return others
    return tried.flatMap((id) => waiting.filter(({ ticketId }) => ticketId === id)).slice(0, 1)
  }

  return tellAlways({
    host,
    store,
    log,
    async tellNext(isClosed) {
      const branchKey = host.pairing()?.branchKey
      const papers = nextPapers()
      return branchKey !== undefined && papers.length > 0 && send(papers, branchKey, isClosed)
    },
  })
}
