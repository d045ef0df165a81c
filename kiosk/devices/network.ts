import type { PrinterProfile } from '#shared/slip/profile.ts'
import {
  canPrint,
  type PrinterCapability,
  type PrinterStatus,
  type PrintOutcome,
  type TicketPrinter,
} from './printer.ts'
import { openLink, type PrinterLink } from './printer-link.ts'
import {
  isGoodAfterwards,
  isStatusByte,
  STATUS_QUESTIONS,
  type StatusAnswers,
  statusOf,
  unreachableStatus,
} from './printer-status.ts'

/** The waits of one job, in its order; together they stay under the three seconds a customer is kept waiting. */
export const CONNECT_WAIT_MS = 500
export const STATUS_WAIT_MS = 400
export const SEND_WAIT_MS = 1200
export const CLOSE_WAIT_MS = 400
/** Connect, ask, send with its receipt, ask again, say goodbye. */
export const JOB_WAIT_MS_MAX = CONNECT_WAIT_MS + STATUS_WAIT_MS + SEND_WAIT_MS + STATUS_WAIT_MS + CLOSE_WAIT_MS
/** Jobs and questions waiting for this printer; more are refused rather than printed to people who have left. */
const WAITING_MAX = 4

const DLE = 0x10
const EOT = 0x04
/** `GS ( H` function 48: answer with these four characters once everything before has been processed. */
const RECEIPT_REQUEST = [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30]
const RECEIPT_HEAD = [0x37, 0x22]
const RECEIPT_NUMBER_MAX = 9999

export interface NetworkPrinterOptions {
  readonly host: string
  readonly port: number
  readonly receipt: PrinterProfile['receipt']
}

function within(waitMs: number, signal: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(waitMs)
  return signal === undefined ? deadline : AbortSignal.any([deadline, signal])
}

async function ask(link: PrinterLink, question: number, deadline: AbortSignal): Promise<number | null> {
  link.forget()
  if (!(await link.write(Uint8Array.of(DLE, EOT, question), deadline))) return null
  return link.waitFor((bytes) => bytes.find(isStatusByte) ?? null, deadline)
}

/** Stops at the first silence: a late answer would be taken for the answer to the next question. */
async function askStatus(link: PrinterLink, deadline: AbortSignal): Promise<StatusAnswers> {
  const printer = await ask(link, STATUS_QUESTIONS.printer, deadline)
  const offlineCause = printer === null ? null : await ask(link, STATUS_QUESTIONS.offlineCause, deadline)
  const paper = offlineCause === null ? null : await ask(link, STATUS_QUESTIONS.paper, deadline)
  return { printer, offlineCause, paper }
}

function findReceipt(receiptId: string): (bytes: readonly number[]) => true | null {
  const wanted = Buffer.from([...RECEIPT_HEAD, ...Buffer.from(receiptId), 0])
  return (bytes) => (Buffer.from(bytes).includes(wanted) ? true : null)
}

interface Job {
  readonly bytes: Uint8Array
  readonly signal: AbortSignal | undefined
  /** null = this printer gives no receipts. */
  readonly receiptId: string | null
  readonly onStatus: (answers: StatusAnswers) => PrinterStatus
}

/** From the first byte on, only `sent`, `confirmed` or `uncertain` are true. */
async function send(link: PrinterLink, job: Job, isBlind: boolean): Promise<PrintOutcome> {
  const deadline = within(SEND_WAIT_MS, job.signal)
  const receipt = job.receiptId === null ? [] : [...RECEIPT_REQUEST, ...Buffer.from(job.receiptId)]
  link.forget()
  // One write: a question in the middle of the data would be taken for part of a picture.
  if (!(await link.write(Buffer.concat([job.bytes, Uint8Array.from(receipt)]), deadline))) return 'uncertain'

  const isProcessed = job.receiptId !== null && (await link.waitFor(findReceipt(job.receiptId), deadline)) === true
  if (isBlind) return isProcessed ? 'confirmed' : job.receiptId === null && link.isAlive() ? 'sent' : 'uncertain'
  const after = job.onStatus(await askStatus(link, within(STATUS_WAIT_MS, job.signal)))
  if (isProcessed) return 'confirmed'
  return job.receiptId === null && isGoodAfterwards(after) ? 'sent' : 'uncertain'
}

async function printJob(link: PrinterLink, job: Job): Promise<PrintOutcome> {
  const before = job.onStatus(await askStatus(link, within(STATUS_WAIT_MS, job.signal)))
  if (job.signal?.aborted === true || !link.isAlive() || !canPrint(before)) {
    await link.close(within(CLOSE_WAIT_MS, undefined))
    return 'failed'
  }
  const outcome = await send(link, job, before.capability === 'blind')
  const isClean = await link.close(within(CLOSE_WAIT_MS, undefined))
  // From a blind printer the way it hangs up is all we ever hear.
  return outcome === 'sent' && before.capability === 'blind' && !isClean ? 'uncertain' : outcome
}

/** Runs one task after the other; `null` when too many wait already. */
function oneAtATime(): <Result>(task: () => Promise<Result>) => Promise<Result> | null {
  let last: Promise<unknown> = Promise.resolve()
  let waitingCount = 0
  return (task) => {
    if (waitingCount >= WAITING_MAX) return null
    waitingCount += 1
    const run = last.then(task).finally(() => {
      waitingCount -= 1
    })
    last = run.catch(() => undefined)
    return run
  }
}

/**
 * A printer on the network, port 9100 and the like: one connection per job, asked before and after.
 * `confirmed` is only said with the printer's own receipt; a good status alone is `sent`.
 */
export function networkPrinter(options: NetworkPrinterOptions): TicketPrinter {
  const inTurn = oneAtATime()
  const givesReceipts = options.receipt === 'process-id'
  let capability: PrinterCapability = 'blind'
  let receiptNumber = 0

  const remember = (answers: StatusAnswers): PrinterStatus => {
    const status = statusOf(answers, givesReceipts)
    capability = status.capability
    return status
  }

  async function print(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<PrintOutcome> {
    if (signal?.aborted === true) return 'failed'
    const link = await openLink(options.host, options.port, within(CONNECT_WAIT_MS, signal))
    if (link === null) return 'failed'
    receiptNumber = (receiptNumber % RECEIPT_NUMBER_MAX) + 1
    const receiptId = givesReceipts ? String(receiptNumber).padStart(4, '0') : null
    return printJob(link, { bytes, signal, receiptId, onStatus: remember })
  }

  async function status(): Promise<PrinterStatus> {
    const link = await openLink(options.host, options.port, within(CONNECT_WAIT_MS, undefined))
    if (link === null) return unreachableStatus(capability)
    const answers = await askStatus(link, within(STATUS_WAIT_MS, undefined))
    const isAlive = link.isAlive()
    await link.close(within(CLOSE_WAIT_MS, undefined))
    return isAlive || answers.printer !== null ? remember(answers) : unreachableStatus(capability)
  }

  return {
    isSimulated: false,
    print: (bytes, signal) => inTurn(() => print(bytes, signal)) ?? Promise.resolve('failed'),
    status: () => inTurn(status) ?? Promise.resolve(unreachableStatus(capability)),
    // No connection outlives its job: closing waits for the one in flight.
    close: async () => {
      await inTurn(() => Promise.resolve())
    },
  }
}
