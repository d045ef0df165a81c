import { randomUUID } from 'node:crypto'
import type { TicketId } from '#shared/domain/ids.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { composeSlip } from '#shared/slip/compose.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { SlipContent } from '#shared/slip/slip.ts'
import { slipBytes } from './devices/bytes.ts'
import type { PrinterStatus, TicketPrinter } from './devices/printer.ts'
import type { KioskStore, PrintJob, PrintState, StoredJob } from './kiosk-store.ts'

/** Jobs that wait for the one printer. */
const WAITING_MAX = 32

/** One printer, one job at a time, each state written down before its effect. */
export interface PrintQueue {
  /** A job for a ticket's first paper, not yet stored: it is kept together with the ticket. */
  draft(ticketId: TicketId, slip: SlipContent): StoredJob
  /** Prints a stored job when its turn comes. */
  start(job: StoredJob): void
  /** A marked copy. @returns null when there is no such job */
  reprint(jobId: string, atMs: number): PrintJob | null
  status(): Promise<PrinterStatus & { readonly simulated: boolean }>
  close(): Promise<void>
}

export function createPrintQueue(
  printer: TicketPrinter,
  profile: PrinterProfile,
  store: KioskStore,
  log: HostLog,
): PrintQueue {
  let work = Promise.resolve()
  let waitingCount = 0

  /** The ticket is kept already and somebody waits for its paper: a disk that refuses this line holds nothing up. */
  function note({ id, number }: StoredJob, state: PrintState, attempts: number): void {
    try {
      store.setJob(id, state, attempts)
    } catch (error) {
      log.error({ err: error, number, state }, 'the state of a print job could not be written down')
    }
  }

  async function print(job: StoredJob): Promise<void> {
    const bytes = await slipBytes(composeSlip(job.slip, profile), profile)
    note(job, 'sending', job.attempts + 1)
    const outcome = await printer.print(bytes)
    note(job, outcome, job.attempts + 1)
    if (outcome === 'failed' || outcome === 'uncertain')
      log.warn({ number: job.number, outcome }, 'the slip may be missing')
  }

  function start(job: StoredJob): void {
    if (waitingCount >= WAITING_MAX) {
      note(job, 'failed', job.attempts)
      return
    }
    waitingCount += 1
    work = work
      .then(() => print(job))
      .catch((error: unknown) => {
        log.error({ err: error, number: job.number }, 'a print job threw')
        note(job, 'uncertain', job.attempts + 1)
      })
      .finally(() => {
        waitingCount -= 1
      })
  }

  return {
    draft: (ticketId, slip) => ({
      id: randomUUID(),
      ticketId,
      number: slip.number,
      state: 'queued',
      attempts: 0,
      copy: slip.copyNumber,
      slip,
    }),
    start,
    reprint(jobId, atMs) {
      const first = store.job(jobId)
      if (first === null) return null
      const copy = 1 + store.lastCopy(first.ticketId)
      const slip: SlipContent = { ...first.slip, copyNumber: copy }
      const job: StoredJob = { ...first, id: randomUUID(), state: 'queued', attempts: 0, copy, slip }
      store.addJob(job, atMs)
      start(job)
      const { slip: _, ...told } = job
      return told
    },
    async status() {
      return { ...(await printer.status()), simulated: printer.isSimulated }
    },
    async close() {
      await work
      await printer.close()
    },
  }
}
