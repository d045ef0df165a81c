/** What the square code on a paper says: which ticket it is, which kiosk printed it, and that kiosk's word for it. */
export interface PaperCode {
  readonly ticketId: string
  /** The kiosk's slot, 1 to 9. */
  readonly slot: number
  /** 16 signs of base 32: 10 bytes. */
  readonly signature: string
}

/** Before the ticket's id on every paper, signed or not. */
export const PAPER_PREFIX = 'smartqueue:ticket:'
/** Longer is no code of ours; a scanner may add a blank. */
export const PAPER_CODE_LENGTH_MAX = 100

const PATTERN =
  /^smartqueue:ticket:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([1-9])\.([0-9a-v]{16})$/

export const paperText = ({ ticketId, slot, signature }: PaperCode): string =>
  `${PAPER_PREFIX}${ticketId}.${slot}.${signature}`

/** Whether somebody has scanned a paper, of whomever it is: no number that is typed looks like that. */
export const looksLikePaper = (text: string): boolean => text.trim().toLowerCase().startsWith(PAPER_PREFIX)

/** @param text - as a scanner types it, also with the shift key stuck @returns null when no kiosk prints such a code */
export function readPaperCode(text: string): PaperCode | null {
  const match = PATTERN.exec(text.trim().toLowerCase())
  if (match === null) return null
  const [, ticketId = '', slot = '', signature = ''] = match
  return { ticketId, slot: Number(slot), signature }
}
