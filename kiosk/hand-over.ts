import { randomUUID } from 'node:crypto'
import { UnreachableError } from '#shared/host/branch-client.ts'
import type { HostLog } from '#shared/host/branch-link.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import { ADOPT_MAX } from '#shared/wire/requests.ts'
import type { KioskStore } from './kiosk-store.ts'

const AGAIN_MS = 3_000

interface Adoption {
  readonly adopted: readonly { readonly ticketId: string }[]
  readonly refused: readonly { readonly ticketId: string; readonly number: string; readonly code: string }[]
}

/** Tells the branch of every paper printed without it, as soon as it is there again and until it has them all. */
export function handOverAlways(host: DeviceHost, store: KioskStore, log: HostLog): () => void {
  let isAtWork = false
  let isClosed = false

  async function handOver(): Promise<void> {
    for (;;) {
      const papers = store.notHandedOver(ADOPT_MAX)
      if (papers.length === 0 || isClosed || host.status().link === 'down') return
      const body = JSON.stringify({ tickets: papers })
      const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/adopt', body, key: randomUUID() })
      if (answer.status !== 200) {
        log.warn({ status: answer.status, body: answer.body.slice(0, 300) }, 'the branch did not take the papers')
        return
      }
      const { refused } = JSON.parse(answer.body) as Adoption
      const codeById = new Map(refused.map(({ ticketId, code }) => [ticketId, code]))
      for (const { ticketId } of papers) store.noteOutcome(ticketId, codeById.get(ticketId) ?? 'adopted')
      for (const { number, code } of refused) log.error({ number, code }, 'the branch refused a paper; tell staff')
      log.info({ count: papers.length - refused.length }, 'papers were handed over')
    }
  }

  function tryNow(): void {
    if (isAtWork || isClosed) return
    isAtWork = true
    handOver()
      .catch((error: unknown) => {
        if (!(error instanceof UnreachableError)) log.error({ err: error }, 'handing over threw')
      })
      .finally(() => {
        isAtWork = false
      })
  }

  const stop = host.onNews((news) => {
    if (news.type === 'link' && news.link === 'up') tryNow()
  })
  const timer = setInterval(tryNow, AGAIN_MS)
  return () => {
    isClosed = true
    stop()
    clearInterval(timer)
  }
}
