import { type KioskPrinters, type PaperTrouble, PRINTER_HINTS, type PrinterState } from '#shared/wire/printers.ts'

type Hint = PrinterState['hint']
export type TroubleHint = Exclude<Hint, 'ready' | 'status-unknown' | 'simulated'> | 'no-voice'

/** A printer that somebody must walk to, or a kiosk that has lost its voice. */
export interface PrinterTrouble {
  /** Two kiosks may bear one name. */
  readonly deviceId: string
  readonly kiosk: string
  /** Which of a kiosk's printers; null = it has one. */
  readonly place: number | null
  readonly hint: TroubleHint
}

const CALM: readonly Hint[] = ['ready', 'status-unknown', 'simulated']
const isTrouble = (hint: Hint): hint is Exclude<TroubleHint, 'no-voice'> =>
  PRINTER_HINTS.includes(hint) && !CALM.includes(hint)

/** Reads what the branch says of its kiosks' printers; null = that was no answer. */
export function readTroubles(json: unknown): readonly PrinterTrouble[] | null {
  if (!Array.isArray(json)) return null
  return (json as readonly KioskPrinters[]).flatMap(({ deviceId, name, printers, isMute = false }) => [
    ...printers.flatMap(({ hint }, index) =>
      isTrouble(hint) ? [{ deviceId, kiosk: name, place: printers.length > 1 ? index + 1 : null, hint }] : [],
    ),
    ...(isMute ? [{ deviceId, kiosk: name, place: null, hint: 'no-voice' as const }] : []),
  ])
}

/** A paper that was refused or is in doubt, and the kiosk that gave it. */
export interface TroubledPaper extends PaperTrouble {
  readonly deviceId: string
  readonly kiosk: string
}

/** Reads the same answer for its papers; null = that was no answer. */
export function readTroubledPapers(json: unknown): readonly TroubledPaper[] | null {
  if (!Array.isArray(json)) return null
  return (json as readonly KioskPrinters[]).flatMap(({ deviceId, name, papers = [] }) =>
    papers.map((paper) => ({ ...paper, deviceId, kiosk: name })),
  )
}
