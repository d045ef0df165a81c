import type { PrinterState } from '#shared/wire/printers.ts'

/**
 * What is known of one print job.
 * `confirmed`: the printer itself said that the ticket was processed. `sent`: all bytes were handed over and nothing
 * spoke against it. `failed`: the printer took no byte, printing again is safe. `uncertain`: some or all bytes left and
 * the end is unknown; ask a person before printing again, and then print a marked copy.
 */
export type PrintOutcome = 'confirmed' | 'sent' | 'failed' | 'uncertain'

/** `confirmed`: gives receipts. `status-only`: tells paper and cover. `blind`: takes bytes and says nothing. */
export type PrinterCapability = PrinterState['capability']

export type PrinterStatus = PrinterState
export type PrinterHint = PrinterState['hint']

export interface PrintHow {
  /** Ends whatever an earlier job left half done; sent before the printer is asked anything. null = nothing did. */
  readonly clearing?: Uint8Array | null
  /** The receipt came after the ticket was given up as uncertain: it is out. Called once, or never. */
  readonly onLateReceipt?: () => void
  /** Gives up waiting; bytes that have left cannot be called back. */
  readonly signal?: AbortSignal
}

/** One ticket printer with one owner. It never retries by itself: only the owner knows whether a number may be printed twice. */
export interface TicketPrinter {
  /** True for a printer that only pretends: no customer has this paper. */
  readonly isSimulated: boolean
  /** Prints one job, one at a time, each step within its own time. Never throws for what a printer or a line does. */
  print(bytes: Uint8Array, how?: PrintHow): Promise<PrintOutcome>
  /** Asks now. An unreachable printer is an answer, not an error. */
  status(): Promise<PrinterStatus>
  /** Calls when the printer speaks unasked, which it does when its state changes; left out where none of them does. */
  onNews?(listener: () => void): void
  close(): Promise<void>
}

/**
 * Whether a ticket may be sent: nothing known speaks against it. A blind printer is trusted, for want of better.
 */
export function canPrint(status: PrinterStatus): boolean {
  return status.online !== false && status.paper !== 'out' && status.cover !== 'open'
}
