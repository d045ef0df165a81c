import { canPrint, type PrinterCapability, type PrinterHint, type PrinterStatus } from './printer.ts'

/** The questions of `DLE EOT n` that matter for tickets. */
export const STATUS_QUESTIONS = { printer: 1, offlineCause: 2, paper: 4 } as const

const OFFLINE_BIT = 0x08
const COVER_OPEN_BIT = 0x04
const STOPPED_BY_PAPER_END_BIT = 0x20
const ERROR_BIT = 0x40
const PAPER_NEAR_END_BITS = 0x0c
const PAPER_END_BITS = 0x60

/** The printer's answer bytes; null = no answer to that question. */
export interface StatusAnswers {
  readonly printer: number | null
  readonly offlineCause: number | null
  readonly paper: number | null
}

function has(answer: number | null, bits: number): boolean {
  return answer !== null && (answer & bits) !== 0
}

function hintOf(status: Omit<PrinterStatus, 'hint'>, hasError: boolean): PrinterHint {
  if (status.cover === 'open') return 'close-cover'
  if (status.paper === 'out') return 'load-paper'
  if (hasError || status.online === false) return 'check-printer'
  if (status.capability === 'blind') return 'status-unknown'
  return status.paper === 'near-end' ? 'paper-low' : 'ready'
}

/** @param givesReceipts - the profile says that this printer answers `GS ( H` */
export function statusOf(answers: StatusAnswers, givesReceipts: boolean): PrinterStatus {
  const capability: PrinterCapability = answers.printer === null ? 'blind' : givesReceipts ? 'confirmed' : 'status-only'
  const isOut = has(answers.paper, PAPER_END_BITS) || has(answers.offlineCause, STOPPED_BY_PAPER_END_BIT)
  const paper = isOut ? 'out' : has(answers.paper, PAPER_NEAR_END_BITS) ? 'near-end' : 'ok'
  const hasError = has(answers.offlineCause, ERROR_BIT)
  const status = {
    capability,
    online: answers.printer === null ? null : !has(answers.printer, OFFLINE_BIT) && !hasError,
    paper: answers.paper === null && !isOut ? 'unknown' : paper,
    cover: answers.offlineCause === null ? 'unknown' : has(answers.offlineCause, COVER_OPEN_BIT) ? 'open' : 'closed',
  } as const
  return { ...status, hint: hintOf(status, hasError) }
}

/** The status of a printer that no connection reaches. */
export function unreachableStatus(capability: PrinterCapability): PrinterStatus {
  return { capability, online: false, paper: 'unknown', cover: 'unknown', hint: 'not-reachable' }
}

/** Whether the answers after a job leave no doubt about it. */
export function isGoodAfterwards(status: PrinterStatus): boolean {
  return status.capability !== 'blind' && canPrint(status)
}
