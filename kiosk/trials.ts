import { v7 as newKey } from 'uuid'
import type { ServiceId } from '#shared/domain/ids.ts'
import { tellTrial } from '#shared/host/trials.ts'
import { type ReportOf, TAPS_MAX, type TakenTap, type TrialOrder, type TrialReport } from '#shared/wire/trials.ts'
import { type KioskParts, takeTicket } from './take-ticket.ts'

type StartTaps = Extract<TrialOrder, { kind: 'start-taps' }>

/** Taps one after the other, and what became of each: the other side's memory of what a branch has promised. */
interface Series {
  readonly runId: string
  readonly end: () => Promise<ReportOf<'end-taps'>>
}

async function tap(
  parts: KioskParts,
  serviceId: ServiceId,
  sinceMs: () => number,
): Promise<{ taken: TakenTap | null; refusal: string | null }> {
  const atMs = sinceMs()
  const plain = { plan: null, priority: null, language: null }
  const { body } = await takeTicket(parts, { key: newKey(), serviceId, ...plain, isTrial: true })
  if (!('ticket' in body)) return { taken: null, refusal: body.code }
  const { ticketId, number } = body.ticket
  const tookMs = sinceMs() - atMs
  return { taken: { ticketId, number, offline: body.offline, atMs: Math.floor(atMs), tookMs }, refusal: null }
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function startSeries(parts: KioskParts, order: StartTaps, monotonicMs: () => number): Series {
  const startedMs = monotonicMs()
  const sinceMs = (): number => Math.max(0, monotonicMs() - startedMs)
  const taps: TakenTap[] = []
  let refusedCount = 0
  let refusal: string | null = null
  let isOver = false
  async function run(): Promise<void> {
    while (!isOver && taps.length + refusedCount < TAPS_MAX && sinceMs() < order.forMs) {
      const nextMs = sinceMs() + order.everyMs
      const told = await tap(parts, order.serviceId as ServiceId, sinceMs)
      if (told.taken !== null) taps.push(told.taken)
      else {
        refusedCount += 1
        refusal = told.refusal
      }
      await rest(Math.max(0, nextMs - sinceMs()))
    }
  }
  const running = run().catch((error: unknown) => parts.log.error({ err: error }, 'taking test tickets threw'))
  return {
    runId: order.runId,
    async end() {
      isOver = true
      await running
      return { kind: 'end-taps', taps, refusedCount, refusal }
    },
  }
}

const NO_TAPS: ReportOf<'end-taps'> = { kind: 'end-taps', taps: [], refusedCount: 0, refusal: null }

/** Does what only a kiosk can do for the installer who tries the branch out: it prints, and takes test tickets. */
export function answerKioskTrials(parts: KioskParts, monotonicMs: () => number): { close(): Promise<void> } {
  const { host, queue, log } = parts
  let series: Series | null = null

  async function carryOut(order: TrialOrder): Promise<TrialReport | null> {
    switch (order.kind) {
      case 'print':
        return { kind: 'print', ...(await queue.printTrial(order.place, order.code)) }
      case 'tap': {
        const startedMs = monotonicMs()
        return { kind: 'tap', ...(await tap(parts, order.serviceId as ServiceId, () => monotonicMs() - startedMs)) }
      }
      case 'start-taps':
        await series?.end()
        series = startSeries(parts, order, monotonicMs)
        return { kind: 'start-taps' }
      case 'end-taps': {
        const ended = await series?.end()
        return ended !== undefined && series?.runId === order.runId ? ended : NO_TAPS
      }
      default:
        return null
    }
  }

  const stop = host.onNews((news) => {
    if (news.type !== 'trial') return
    carryOut(news.order)
      .then(async (report) => {
        if (report !== null) await tellTrial(host, news.trialId, report, log)
      })
      .catch((error: unknown) => log.error({ err: error, kind: news.order.kind }, 'a trial threw'))
  })
  return {
    async close() {
      stop()
      await series?.end()
    },
  }
}
