import { v7 as newKey } from 'uuid'
import { parsed } from '#shared/host/branch-client.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import { ADOPT_MAX, type PrintedAloneBody } from '#shared/wire/requests.ts'
import type { KioskStore } from './kiosk-store.ts'

const AGAIN_MS = 3_000
/** A branch whose catalogue is on its way says nothing of the paper itself. */
const NOT_NOW: ProblemCode = 'CatalogueMissing'

interface Adoption {
  readonly adopted: readonly { readonly ticketId: string }[]
  readonly refused: readonly { readonly ticketId: string; readonly number: string; readonly code: string }[]
}

/** What handing over needs of the device's host. */
export interface HandingHost extends Pick<DeviceHost, 'pairing' | 'branchKeys' | 'status' | 'ask' | 'onNews'> {
  readonly store: Pick<DeviceHost['store'], 'seen'>
}

export interface HandOver {
  /** Does not wait for the next turn: the branch may hold a ticket that nobody has on paper. */
  tryNow(): void
  close(): void
}

/** A clear no to what was sent, as opposed to a branch in trouble or one that does not know this kiosk. */
const isRefusal = (status: number): boolean => status === 400 || status === 413 || status === 422

/** Tells the branch of every paper printed without it, as soon as it is there again and until it has them all. */
export function handOverAlways(host: HandingHost, store: KioskStore, log: HostLog): HandOver {
  let isAtWork = false
  let isClosed = false

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

  /** @returns whether the branch has said for good what it thinks of each of them */
  async function send(papers: readonly PrintedAloneBody[], branchKey: string): Promise<boolean> {
    // Paired with another branch meanwhile: these are no papers of its own.
    if (host.pairing()?.branchKey !== branchKey) return false
    const body = JSON.stringify({ tickets: papers })
    const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/adopt', body, key: newKey() })
    if (isClosed) return false
    if (answer.status === 200) return take(papers, parsed<Adoption>(answer.body))
    log.warn({ status: answer.status, body: answer.body.slice(0, 300) }, 'the branch did not take the papers')
    const [only] = papers
    if (!isRefusal(answer.status) || only === undefined) return false
    if (papers.length === 1) {
      const refusal = { ticketId: only.ticketId, number: only.number, code: `Refused${answer.status}` }
      return take(papers, { adopted: [], refused: [refusal] })
    }
    // One paper that the branch cannot read must not keep the others from it.
    const half = Math.ceil(papers.length / 2)
    return (await send(papers.slice(0, half), branchKey)) && (await send(papers.slice(half), branchKey))
  }

  async function handOver(): Promise<void> {
    for (;;) {
      const seen = host.store.seen()
      const branchKey = host.pairing()?.branchKey
      if (isClosed || seen === null || branchKey === undefined || host.status().link === 'down') return
      const { bookmark, state } = seen
      if (state.day !== null) store.meetBranch(bookmark.epoch, state.day.date)
      const papers = store.notHandedOver(host.branchKeys(), ADOPT_MAX)
      if (papers.length === 0 || !(await send(papers, branchKey))) return
    }
  }

  function tryNow(): void {
    if (isAtWork || isClosed) return
    isAtWork = true
    handOver()
      .catch((error: unknown) => {
        if (!(error instanceof UnreachableError) && !isClosed) log.error({ err: error }, 'handing over threw')
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
