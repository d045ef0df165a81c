import { setTimeout as wait } from 'node:timers/promises'
import type { ReprintAct } from '#shared/host/device-orders.ts'
import { isList } from '#shared/slip/compose-list.ts'
import { APPLIED, EXPIRED } from '#shared/wire/outcomes.ts'
import type { KioskStore } from './kiosk-store.ts'
import type { PrintJob } from './print-job.ts'
import type { PrintQueue } from './print-queue.ts'

const LOOK_MS = 200
/** Jobs before it have their turn first; the printer itself is given up before. */
const JOB_MS_MAX = 90_000

const OUTCOMES: Readonly<Record<Exclude<PrintJob['state'], 'queued' | 'sending'>, Awaited<ReturnType<ReprintAct>>>> = {
  confirmed: APPLIED,
  sent: APPLIED,
  failed: 'NoPrinter',
  uncertain: 'OrderInterrupted',
  expired: EXPIRED,
}

/** The paper that is meant: of a ticket the one printed last, or the last of all. Lists for staff are nobody's ticket. */
function paperOf(store: KioskStore, ticketId: string | null): PrintJob | undefined {
  return store.jobs().find((job) => {
    if (ticketId !== null) return job.ticketId === ticketId
    const stored = store.job(job.id)
    return stored !== null && !isList(stored.slip)
  })
}

/**
 * Prints a ticket again because head office wants it: a copy that says that it is one. The job is the order's own, so that an
 * order that is told twice, also after a cut of the power, prints nothing more.
 */
export function reprintFor(store: KioskStore, queue: Pick<PrintQueue, 'reprint'>, wallMs: () => number): ReprintAct {
  return async (orderId, ticketId, isLate) => {
    if (store.job(orderId) === null) {
      if (isLate) return EXPIRED
      const paper = paperOf(store, ticketId)
      if (paper === undefined) return 'PrintJobUnknown'
      queue.reprint(paper.id, Math.floor(wallMs()), orderId)
    }
    for (let waitedMs = 0; waitedMs < JOB_MS_MAX; waitedMs += LOOK_MS) {
      const state = store.job(orderId)?.state ?? 'failed'
      if (state !== 'queued' && state !== 'sending') return OUTCOMES[state]
      await wait(LOOK_MS)
    }
    return 'OrderInterrupted'
  }
}
