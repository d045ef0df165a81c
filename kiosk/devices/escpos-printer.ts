import { randomInt } from 'node:crypto'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import {
  canPrint,
  type PrinterCapability,
  type PrinterStatus,
  type PrintHow,
  type PrintOutcome,
  type TicketPrinter,
} from './printer.ts'
import type { OpenLink, PrinterLink } from './printer-link.ts'
import {
  isGoodAfterwards,
  STATUS_QUESTIONS,
  type StatusAnswers,
  statusOf,
  unreachableStatus,
} from './printer-status.ts'
import { hearPrinter } from './printer-voice.ts'

/** How long each step of one job may take. The customer's screen waits for none of them. */
export interface PrinterWaits {
  readonly connectMs: number
  readonly statusMs: number
  /** Until the operating system has taken the ticket. */
  readonly sendMs: number
  /** Until the printer gives its receipt, which it does when the paper is out. */
  readonly receiptMs: number
  /** How often a printer that owes a receipt is asked whether it can still print. */
  readonly lookMs: number
  readonly closeMs: number
}

export const PRINTER_WAITS: PrinterWaits = {
  connectMs: 500,
  statusMs: 400,
  sendMs: 1_200,
  receiptMs: 6_000,
  lookMs: 500,
  closeMs: 400,
}

const DLE = 0x10
const EOT = 0x04
/** `GS ( H` function 48: answer with these four characters once everything before has been processed. */
const RECEIPT_REQUEST = [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30]
const RECEIPT_IDS_MAX = 36 ** 4

/** `GS a`: tell by yourself of paper, cover and faults. A reset ends it, so that it is asked for after each job. */
const AUTOMATIC_STATUS_REQUEST = [0x1d, 0x61, 0x0e]
/** Tickets whose receipt may still come, when somebody puts in paper. */
const OWED_MAX = 8

export interface EscposSettings {
  readonly receipt: PrinterProfile['receipt']
  /** Left out: the printer is asked again and again, and tells nothing by itself. */
  readonly automaticStatus?: PrinterProfile['automaticStatus']
  readonly waits?: PrinterWaits
  /** How fast the line is; bytes on a slow one take their time on top of the waits. */
  readonly bytesPerMs?: number
}

function within(waitMs: number, signal?: AbortSignal): AbortSignal {
  const deadline = AbortSignal.timeout(waitMs)
  return signal === undefined ? deadline : AbortSignal.any([deadline, signal])
}

/** Drawn, not counted: a receipt that comes late, perhaps for a job of before the last start, must fit no other job. */
const drawReceiptId = (): string => randomInt(RECEIPT_IDS_MAX).toString(36).toUpperCase().padStart(4, '0')

async function ask(link: PrinterLink, question: number, deadline: AbortSignal): Promise<number | null> {
  const before = await link.waitFor((bytes) => hearPrinter(bytes).answers.length, AbortSignal.abort())
  if (!(await link.write(Uint8Array.of(DLE, EOT, question), deadline))) return null
  return link.waitFor((bytes) => hearPrinter(bytes).answers[before ?? 0] ?? null, deadline)
}

/** Stops at the first silence: a late answer would be taken for the answer to the next question. */
async function askStatus(link: PrinterLink, deadline: AbortSignal): Promise<StatusAnswers> {
  const printer = await ask(link, STATUS_QUESTIONS.printer, deadline)
  const offlineCause = printer === null ? null : await ask(link, STATUS_QUESTIONS.offlineCause, deadline)
  const paper = offlineCause === null ? null : await ask(link, STATUS_QUESTIONS.paper, deadline)
  return { printer, offlineCause, paper }
}

const isWhole = ({ printer, offlineCause, paper }: StatusAnswers): boolean =>
  printer !== null && offlineCause !== null && paper !== null

/** Runs one task after the other. */
function oneAtATime(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task)
    last = run.catch(() => undefined)
    return run
  }
}

/**
 * A printer that speaks ESC/POS, over any line. The line is kept between jobs when the printer answers on it, so that
 * nobody else prints in between and its state is known; a blind one gets a line per job, for how it hangs up is all
 * that is ever heard of it. `confirmed` is only said with the printer's own receipt; a good status alone is `sent`.
 */
export function escposPrinter(open: OpenLink, settings: EscposSettings): TicketPrinter {
  const { receipt, waits = PRINTER_WAITS, bytesPerMs = Number.POSITIVE_INFINITY } = settings
  const inTurn = oneAtATime()
  const givesReceipts = receipt === 'process-id'
  const automatic = settings.automaticStatus === 'offered' ? AUTOMATIC_STATUS_REQUEST : []
  const listeners: (() => void)[] = []
  /** By the receipt's id: who wants to know when it comes late. */
  const owed = new Map<string, () => void>()
  let link: PrinterLink | null = null
  /** The present line has been asked to speak by itself. */
  let isAskedToTell = false
  let taskCount = 0
  /** Once it has answered, its silence is a fault and no longer blindness. */
  let spoken: PrinterCapability | null = givesReceipts ? 'confirmed' : null

  const sendingOf = ({ length }: Uint8Array, signal?: AbortSignal): AbortSignal =>
    within(waits.sendMs + Math.ceil(length / bytesPerMs), signal)

  /** While nobody asks, whatever a printer says is news. */
  async function busy<Result>(task: () => Promise<Result>): Promise<Result> {
    taskCount += 1
    try {
      return await inTurn(task)
    } finally {
      taskCount -= 1
    }
  }

  /** Hears of tickets that were given up and are out after all, before what was said is forgotten. */
  async function heedReceipts(): Promise<void> {
    const said = await link?.waitFor((bytes) => hearPrinter(bytes).receipts, AbortSignal.abort())
    for (const id of said ?? []) {
      owed.get(id)?.()
      owed.delete(id)
    }
  }

  async function forgetSaid(): Promise<void> {
    if (owed.size > 0) await heedReceipts()
    link?.forget()
  }

  async function hangUp(): Promise<boolean> {
    const closing = link
    link = null
    isAskedToTell = false
    // What comes on another line is nobody's any more.
    owed.clear()
    return closing === null || (await closing.close(within(waits.closeMs)))
  }

  async function reach(clearing: Uint8Array | null, signal?: AbortSignal): Promise<PrinterStatus> {
    if (link?.isAlive() !== true) {
      link = await open(within(waits.connectMs, signal))
      isAskedToTell = false
      owed.clear()
      link?.onHeard(() => {
        if (owed.size > 0) void heedReceipts()
        if (taskCount === 0) for (const listener of listeners) listener()
      })
    }
    if (link === null) return unreachableStatus(spoken ?? 'blind')
    // Before the first question: a printer that is left in the middle of a picture would draw the question.
    if (clearing !== null) await link.write(clearing, sendingOf(clearing, signal))
    return look(signal)
  }

  async function look(signal?: AbortSignal): Promise<PrinterStatus> {
    if (link === null) return unreachableStatus(spoken ?? 'blind')
    await forgetSaid()
    const answers = await askStatus(link, within(waits.statusMs, signal))
    const status = statusOf(answers, givesReceipts)
    if (status.capability !== 'blind') spoken = status.capability
    const isSilent = spoken === null ? !link.isAlive() : !isWhole(answers)
    return isSilent ? unreachableStatus(spoken ?? 'blind') : status
  }

  /** A line that was kept may have died meanwhile; before a byte of the ticket has left, another try costs nothing. */
  async function reachSurely(how: PrintHow): Promise<PrinterStatus> {
    const wasKept = link !== null
    const clearing = how.clearing ?? null
    const status = await reach(clearing, how.signal)
    if (status.hint !== 'not-reachable') return status
    await hangUp()
    return wasKept && how.signal?.aborted !== true ? reach(clearing, how.signal) : status
  }

  /** Whether the receipt comes; a printer that cannot go on is not waited for, but owes it as long as it speaks. */
  async function receiptOf(id: string, signal?: AbortSignal): Promise<'given' | 'owed' | 'lost'> {
    const deadline = within(waits.receiptMs, signal)
    const isReceipt = (bytes: readonly number[]): true | null => hearPrinter(bytes).receipts.includes(id) || null
    let isSpeaking = false
    while (link?.isAlive() === true && !deadline.aborted) {
      if ((await link.waitFor(isReceipt, within(waits.lookMs, deadline))) === true) return 'given'
      const answers = await askStatus(link, within(waits.statusMs, signal))
      isSpeaking = isWhole(answers)
      if (!isSpeaking || !canPrint(statusOf(answers, true))) break
    }
    // It may have come together with the bad news: a ticket that took the last of the roll is out.
    if ((await link?.waitFor(isReceipt, AbortSignal.abort())) === true) return 'given'
    return isSpeaking && link?.isAlive() === true ? 'owed' : 'lost'
  }

  /** From the first byte on, only `sent`, `confirmed` or `uncertain` are true. */
  async function send(bytes: Uint8Array, isBlind: boolean, { signal, onLateReceipt }: PrintHow): Promise<PrintOutcome> {
    const id = givesReceipts ? drawReceiptId() : null
    const request = id === null ? [] : [...RECEIPT_REQUEST, ...Buffer.from(id)]
    await forgetSaid()
    // One write: a question in the middle of the data would be taken for part of a picture.
    const job = Buffer.concat([bytes, Uint8Array.from([...automatic, ...request])])
    const isTaken = await link?.write(job, sendingOf(job, signal))
    if (isTaken !== true) return 'uncertain'
    isAskedToTell = automatic.length > 0
    if (id !== null) {
      const receiptIs = await receiptOf(id, signal)
      if (receiptIs === 'owed' && owed.size < OWED_MAX) owed.set(id, onLateReceipt ?? (() => {}))
      return receiptIs === 'given' ? 'confirmed' : 'uncertain'
    }
    if (isBlind) return link?.isAlive() === true ? 'sent' : 'uncertain'
    return isGoodAfterwards(await look(signal)) ? 'sent' : 'uncertain'
  }

  async function print(bytes: Uint8Array, how: PrintHow): Promise<PrintOutcome> {
    const isGivenUp = () => how.signal?.aborted === true
    if (isGivenUp()) return 'failed'
    const before = await reachSurely(how)
    const isBlind = before.capability === 'blind'
    if (isGivenUp() || !canPrint(before)) {
      if (isBlind) await hangUp()
      return 'failed'
    }
    const outcome = await send(bytes, isBlind, how)
    // What follows a doubt begins on a line of its own, unless the printer still owes an answer on this one.
    if (!isBlind && (outcome !== 'uncertain' || owed.size > 0)) return outcome
    const isClean = await hangUp()
    return outcome === 'sent' && !isClean ? 'uncertain' : outcome
  }

  async function status(): Promise<PrinterStatus> {
    const found = await reachSurely({})
    if (found.capability === 'blind' || found.hint === 'not-reachable') await hangUp()
    else if (automatic.length > 0 && !isAskedToTell && canPrint(found))
      isAskedToTell = (await link?.write(Uint8Array.from(automatic), within(waits.sendMs))) === true
    return found
  }

  return {
    isSimulated: false,
    print: (bytes, how = {}) => busy(() => print(bytes, how)),
    status: () => busy(status),
    onNews: (listener) => void listeners.push(listener),
    close: async () => {
      await busy(hangUp)
    },
  }
}
