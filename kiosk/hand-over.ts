import { v7 as newKey } from 'uuid'
import { parsed, UnreachableError } from '#shared/host/branch-client.ts'
import type { HostLog } from '#shared/host/branch-link.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { ADOPT_MAX, type PrintedAloneBody } from '#shared/wire/requests.ts'
import type { KioskStore } from './kiosk-store.ts'

const AGAIN_MS = 3_000

interface Adoption {
  readonly adopted: readonly { readonly ticketId: string }[]
  readonly refused: readonly { readonly ticketId: string; readonly number: string; readonly code: string }[]
}

export interface HandOver {
  /** Does not wait for the next turn: the branch may hold a ticket that nobody has on paper. */
  tryNow(): void
  close(): void
}

/** A clear no to what was sent, as opposed to a branch in trouble or one that does not know this kiosk. */
const isRefusal = (status: number): boolean => status === 400 || status === 413 || status === 422

/** Tells the branch of every paper printed without it, as soon as it is there again and until it has them all. */
export function handOverAlways(host: DeviceHost, store: KioskStore, log: HostLog): HandOver {
  let isAtWork = false
  let isClosed = false

  function take(papers: readonly PrintedAloneBody[], { refused }: Adoption): void {
    const codeById = new Map(refused.map(({ ticketId, code }) => [ticketId, code]))
    for (const { ticketId } of papers) store.noteOutcome(ticketId, codeById.get(ticketId) ?? 'adopted')
    for (const { number, code } of refused) log.error({ number, code }, 'the branch refused a paper; tell staff')
    log.info({ count: papers.length - refused.length }, 'papers were handed over')
  }

  /** @returns whether the branch has said what it thinks of each of them */
  async function send(papers: readonly PrintedAloneBody[]): Promise<boolean> {
    const body = JSON.stringify({ tickets: papers })
    const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/adopt', body, key: newKey() })
    if (isClosed) return false
    if (answer.status === 200) {
      take(papers, parsed<Adoption>(answer.body))
      return true
    }
    log.warn({ status: answer.status, body: answer.body.slice(0, 300) }, 'the branch did not take the papers')
    const [only] = papers
    if (!isRefusal(answer.status) || only === undefined) return false
    if (papers.length === 1) {
      const refusal = { ticketId: only.ticketId, number: only.number, code: `Refused${answer.status}` }
      take(papers, { adopted: [], refused: [refusal] })
      return true
    }
    // One paper that the branch cannot read must not keep the others from it.
    const half = Math.ceil(papers.length / 2)
    return (await send(papers.slice(0, half))) && (await send(papers.slice(half)))
  }

  async function handOver(): Promise<void> {
    for (;;) {
      const seen = host.store.seen()
      if (isClosed || seen === null || host.status().link === 'down') return
      const { bookmark, state } = seen
      if (state.day !== null) store.meetBranch(bookmark.epoch, state.day.date)
      const papers = store.notHandedOver(ADOPT_MAX)
      if (papers.length === 0 || !(await send(papers))) return
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
