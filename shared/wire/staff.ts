import type { AgentId } from '../domain/ids.ts'
import type { PrinterProfile, ProfileCodePage } from '../slip/profile.ts'
import type { PrinterState } from './printers.ts'

/** Whose PIN it was. */
export interface StaffAnswer {
  readonly agentId: AgentId
  readonly role: 'agent' | 'manager'
}

/** Where a kiosk's printers come from: KIOSK_PRINTER, its own set-up, or nowhere, and then it only pretends. */
export type PrinterSource = 'environment' | 'set-up' | 'none'

/** A paper as staff see it. */
export interface StaffJob {
  readonly id: string
  readonly number: string
  readonly state: 'queued' | 'sending' | 'confirmed' | 'sent' | 'failed' | 'uncertain' | 'expired'
  readonly copy: number
  readonly judgement: 'came-out' | 'missing' | null
}

export interface StaffPrinter {
  readonly address: string
  readonly paperMm: PrinterProfile['paperMm']
  readonly status: PrinterState
  readonly isSimulated: boolean
}

/** All that the first page of the staff menu shows. */
export interface StaffOverview extends StaffAnswer {
  readonly printers: readonly StaffPrinter[]
  readonly source: PrinterSource
  /** The latest first. */
  readonly jobs: readonly StaffJob[]
}

/** A place where a printer is, or may be. */
export interface FoundPrinter {
  /** As in KIOSK_PRINTER. */
  readonly address: string
  readonly type: 'network' | 'serial' | 'usb' | 'os'
}

/** What a printer turned out to be on its test page. */
export interface TriedPrinter {
  readonly address: string
  readonly outcome: 'confirmed' | 'sent' | 'failed' | 'uncertain'
  readonly status: PrinterState
  readonly receipt: PrinterProfile['receipt']
  readonly automaticStatus: PrinterProfile['automaticStatus']
}

/** What a guided set-up does, one thing at a time; its page asks until it is done. */
export type SetUpTask =
  | { readonly type: 'idle' }
  | { readonly type: 'running' }
  | { readonly type: 'found'; readonly printers: readonly FoundPrinter[] }
  | { readonly type: 'tried'; readonly printer: TriedPrinter }
  | { readonly type: 'lettered'; readonly outcome: TriedPrinter['outcome'] }

/** `second`: gets what the first that was set up surely did not take. */
export const PRINTER_PLACES = ['only', 'second'] as const

/** A printer as it is chosen at the end of the set-up. */
export interface ChosenPrinter {
  readonly address: string
  readonly paperMm: PrinterProfile['paperMm']
  readonly codePages: readonly ProfileCodePage[]
  readonly qr: PrinterProfile['qr']
  readonly receipt: PrinterProfile['receipt']
  readonly automaticStatus: PrinterProfile['automaticStatus']
}
