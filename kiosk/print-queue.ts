import { randomUUID } from 'node:crypto'
import type { TicketId } from '#shared/domain/ids.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { composePaper, isList, type PaperContent } from '#shared/slip/compose-list.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { SlipContent } from '#shared/slip/slip.ts'
import type { ListContent } from '#shared/slip/waiting-list.ts'
import { clearingBytes, slipBytes } from './devices/bytes.ts'
import type { PrinterCapability, PrintOutcome, TicketPrinter } from './devices/printer.ts'
import type { KioskStore, PrinterLeft } from './kiosk-store.ts'
import type { PrintJob, PrintState, StoredJob } from './print-job.ts'
import { type PrintersStatus, type PrinterWatch, watchPrinters } from './printer-watch.ts'
import { trialSlip } from './trial-slip.ts'

/** Jobs that wait for their turn. */
const WAITING_MAX = 32
/** Whoever waited longer for paper has left with the number from the screen; their paper would be somebody's litter. */
const JOB_LIVES_MS = 20_000

/** Staff come for every sheet of their list, but not for one of long ago. */
const SHEET_LIVES_MS = 600_000

/** A printer with the paper and the letters it has. */
export interface ProfiledPrinter {
  /** As in KIOSK_PRINTER. */
  readonly address: string
  readonly printer: TicketPrinter
  readonly profile: PrinterProfile
}

export interface PrintQueueParts {
  /** In the order in which they are tried; each has no other owner. */
  readonly printers: readonly ProfiledPrinter[]
  readonly store: KioskStore
  readonly log: HostLog
  readonly monotonicMs: () => number
  /** The branch's logo of today, as a data URL; null = none. */
  readonly logo: () => string | null
}

/** One job at a time, each state written down before its effect. */
export interface PrintQueue {
  /** A job for a ticket's first paper, not yet stored: it is kept together with the ticket. */
  draft(ticketId: TicketId, slip: SlipContent): StoredJob
  /** Prints a stored job when its turn comes. */
  start(job: StoredJob): void
  /** Prints on others from now on, once what is being printed is done; those of before are let go. */
  use(printers: readonly ProfiledPrinter[]): Promise<void>
  /** In the order in which they are tried. */
  printers(): readonly ProfiledPrinter[]
  /** Does something while nobody else speaks to a printer; tickets wait meanwhile. */
  aside<Result>(task: () => Promise<Result>): Promise<Result>
  /** Keeps a sheet for staff in the journal, and prints it. @param isTooLate - nobody waits for it: it is only kept */
  printSheet(ticketId: TicketId, sheet: ListContent, atMs: number, isTooLate?: boolean): void
  /** A marked copy. @param newId - of its job, where somebody knows it by that @returns null when there is no such job */
  reprint(jobId: string, atMs: number, newId?: string): PrintJob | null
  /** Prints a slip with a code on the printer at this place alone, after the tickets that wait; no job is kept of it. */
  printTrial(place: number, code: string): Promise<TrialPrint>
  status(): Promise<PrintersStatus>
  /** Calls back at once and whenever staff should know something new. */
  onStatus(listener: (status: PrintersStatus) => void): void
  close(): Promise<void>
}

/** What came of a slip on trial. */
export interface TrialPrint {
  readonly outcome: PrintOutcome | 'no-printer'
  readonly capability: PrinterCapability
  readonly isSimulated: boolean
}

/** The next ticket must be whole whatever became of the slip, so the printer's state is written down as for a ticket. */
async function printTrial({ printers, store }: PrintQueueParts, place: number, code: string): Promise<TrialPrint> {
  const found = printers[place]
  if (found === undefined) return { outcome: 'no-printer', capability: 'blind', isSimulated: false }
  const { address, printer, profile } = found
  const { isSimulated } = printer
  const bytes = await slipBytes(trialSlip(code, profile), profile)
  const wasBroken = store.isBroken(address)
  store.leavePrinter({ address, isBroken: true })
  const outcome = await printer.print(bytes, { clearing: wasBroken ? clearingBytes(profile) : null })
  store.leavePrinter({ address, isBroken: outcome === 'uncertain' || (outcome === 'failed' && wasBroken) })
  return { outcome, capability: (await printer.status()).capability, isSimulated }
}

interface Trying {
  readonly parts: PrintQueueParts
  readonly printers: readonly ProfiledPrinter[]
  readonly onLateReceipt: () => void
  readonly note: (state: PrintState, attempts: number, left: PrinterLeft) => boolean
}

/**
 * Tries one printer after the other, as long as each has surely not taken a byte. A ticket that may be on paper goes
 * nowhere else: only a person can say whether a copy is needed, and it is marked as one.
 */
async function printOnce({ parts, printers, onLateReceipt, note }: Trying, job: StoredJob): Promise<PrintOutcome> {
  let attempts = job.attempts
  for (const [place, { address, printer, profile }] of printers.entries()) {
    const bytes = await slipBytes(composePaper(job.slip, profile, parts.logo()), profile)
    const wasBroken = parts.store.isBroken(address)
    attempts += 1
    // Without this line a kill could not be told from a job that never began.
    if (!note('sending', attempts, { address, isBroken: true })) return 'failed'
    const clearing = wasBroken ? clearingBytes(profile) : null
    const outcome = await printer.print(bytes, { clearing, onLateReceipt })
    const isBroken = outcome === 'uncertain' || (outcome === 'failed' && wasBroken)
    const isTriedNext = outcome === 'failed' && place + 1 < printers.length
    note(isTriedNext ? 'queued' : outcome, attempts, { address, isBroken })
    if (!isTriedNext) return outcome
  }
  return 'failed'
}

export function createPrintQueue(parts: PrintQueueParts): PrintQueue {
  const { store, log, monotonicMs } = parts
  let { printers } = parts
  const watch: PrinterWatch = watchPrinters(printers.map(({ printer }) => printer))
  let work = Promise.resolve()
  let waitingCount = 0

  /** @returns whether it is written down */
  function note({ id, number }: StoredJob, state: PrintState, attempts: number, left: PrinterLeft | null): boolean {
    try {
      store.setJob(id, state, attempts, left)
      return true
    } catch (error) {
      log.error({ err: error, number, state }, 'the state of a print job could not be written down')
      return false
    }
  }

  /** The printer went on when it could, and says so. How it stands now is told by whatever it printed since. */
  function confirmLate(jobId: string): void {
    const job = store.job(jobId)
    if (job?.state === 'uncertain') note(job, 'confirmed', job.attempts, null)
  }

  async function print(job: StoredJob): Promise<void> {
    const trying: Trying = {
      ...{ parts, printers, note: (...noted) => note(job, ...noted) },
      onLateReceipt: () => confirmLate(job.id),
    }
    const outcome = await printOnce(trying, job)
    if (outcome === 'confirmed' || outcome === 'sent') return
    log.warn({ number: job.number, outcome }, 'the slip may be missing')
    watch.lookNow()
  }

  function start(job: StoredJob): void {
    if (waitingCount >= WAITING_MAX) {
      note(job, 'failed', job.attempts, null)
      return
    }
    waitingCount += 1
    const startedMs = monotonicMs()
    work = work
      .then(async () => {
        const livesMs = isList(job.slip) ? SHEET_LIVES_MS : JOB_LIVES_MS
        if (monotonicMs() - startedMs <= livesMs) await print(job)
        else note(job, 'expired', job.attempts, null)
      })
      .catch((error: unknown) => {
        log.error({ err: error, number: job.number }, 'a print job threw')
        note(job, 'uncertain', job.attempts + 1, null)
      })
      .finally(() => {
        waitingCount -= 1
      })
  }

  /** After what is under way, and before what comes next; whoever asked hears when it throws, and the next job does not. */
  function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = work.then(task)
    work = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }

  async function letGo(those: readonly ProfiledPrinter[]): Promise<void> {
    for (const { printer, address } of those)
      await printer.close().catch((error: unknown) => log.warn({ err: error, address }, 'a printer was not let go of'))
  }

  return {
    draft: (ticketId, slip) => ({
      id: randomUUID(),
      ticketId,
      number: slip.number,
      state: 'queued',
      attempts: 0,
      copy: slip.copyNumber,
      judgement: null,
      slip,
    }),
    start,
    use: (next) =>
      inTurn(async () => {
        const before = printers
        printers = next
        await watch.use(next.map(({ printer }) => printer))
        await letGo(before.filter((it) => !next.includes(it)))
      }),
    printers: () => printers,
    aside: (task) =>
      inTurn(async () => {
        try {
          await watch.rest()
          await letGo(printers)
          return await task()
        } finally {
          watch.goOn()
        }
      }),
    printSheet(ticketId, sheet, atMs, isTooLate = false) {
      const number = `${sheet.page}/${sheet.pageCount}`
      const fresh = { state: isTooLate ? 'expired' : 'queued', attempts: 0, judgement: null } as const
      const job: StoredJob = { ...fresh, id: randomUUID(), ticketId, number, copy: 1, slip: sheet }
      store.addJob(job, atMs)
      if (!isTooLate) start(job)
    },
    reprint(jobId, atMs, newId = randomUUID()) {
      const first = store.job(jobId)
      if (first === null) return null
      const copy = 1 + store.lastCopy(first.ticketId)
      const slip: PaperContent = { ...first.slip, copyNumber: copy }
      const fresh = { state: 'queued', attempts: 0, judgement: null } as const
      const job: StoredJob = { ...first, ...fresh, id: newId, copy, slip }
      store.addJob(job, atMs)
      start(job)
      const { slip: _, ...told } = job
      return told
    },
    printTrial: (place, code) => inTurn(() => printTrial({ ...parts, printers }, place, code)),
    status: watch.status,
    onStatus: watch.onStatus,
    async close() {
      await work
      await watch.close()
      for (const { printer } of printers) await printer.close()
    },
  }
}
