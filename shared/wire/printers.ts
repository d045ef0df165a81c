import { Type } from 'typebox'
import { id, literals, type ParsedBy, strict } from './schema.ts'

/** Printers of one kiosk. */
const PRINTERS_MAX = 2

/** What staff should do about a printer; its words are in shared/words. */
export const PRINTER_HINTS = [
  'ready',
  'paper-low',
  'load-paper',
  'close-cover',
  'check-printer',
  'not-reachable',
  'status-unknown',
  'simulated',
] as const

export const PrinterState = Type.Object(
  {
    capability: literals(['confirmed', 'status-only', 'blind']),
    /** null = the printer does not say. */
    online: Type.Union([Type.Boolean(), Type.Null()]),
    paper: literals(['ok', 'near-end', 'out', 'unknown']),
    cover: literals(['open', 'closed', 'unknown']),
    hint: literals(PRINTER_HINTS),
  },
  strict,
)
export type PrinterState = ParsedBy<typeof PrinterState>

/** Papers that one kiosk tells of. */
export const PAPER_TROUBLES_MAX = 20

/** A paper of which staff must know: the branch refused it, or nobody knows whether it came out, or it never began. */
export const PaperTrouble = Type.Object(
  {
    number: Type.String({ pattern: '^[A-Z]{1,4}[0-9]{3,5}$' }),
    trouble: literals(['refused', 'uncertain', 'expired']),
  },
  strict,
)
export type PaperTrouble = ParsedBy<typeof PaperTrouble>

/** Staff know of one. */
export const PaperSeenBody = Type.Object({ deviceId: id(), ...PaperTrouble.properties }, strict)

/** How a kiosk's printers are, in the order in which they are tried. */
export const PrintersBody = Type.Object(
  {
    printers: Type.Array(PrinterState, { minItems: 1, maxItems: PRINTERS_MAX }),
    /** The kiosk has no voice for those who do not see; left out where it has one. */
    isMute: Type.Optional(Type.Boolean()),
    /** Left out where there are none. */
    papers: Type.Optional(Type.Array(PaperTrouble, { maxItems: PAPER_TROUBLES_MAX })),
  },
  strict,
)
export type PrintersBody = ParsedBy<typeof PrintersBody>

/** A kiosk says so again this often, whatever happens; one that has not for three times as long says nothing any more. */
export const PRINTERS_TOLD_MS = 20_000
export const PRINTERS_KEPT_MS = 3 * PRINTERS_TOLD_MS

/** One kiosk's printers as staff hear of them. */
export interface KioskPrinters {
  readonly deviceId: string
  readonly name: string
  readonly printers: readonly PrinterState[]
  readonly isMute?: boolean
  /** Papers of which nobody has yet said that she knows. */
  readonly papers?: readonly PaperTrouble[]
}
