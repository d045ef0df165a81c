import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { Slip, SlipLine, TextLine } from '#shared/slip/slip.ts'

const HEADINGS = [
  { text: 'Essai de l’imprimante', direction: 'ltr' },
  { text: 'Printer test', direction: 'ltr' },
  { text: 'تجربة الطابعة', direction: 'rtl' },
] as const

const line = (text: string, more: Partial<TextLine> = {}): TextLine => ({
  type: 'text',
  text,
  size: 'normal',
  weight: 'regular',
  align: 'center',
  direction: 'ltr',
  ground: 'paper',
  ...more,
})

/**
 * What is printed when an installer tries a printer: no ticket, and not to be taken for one. Whoever types the code back
 * has seen the paper.
 */
export function trialSlip(code: string, profile: PrinterProfile): Slip {
  const lines: SlipLine[] = [
    ...HEADINGS.map(({ text, direction }) => line(text, { direction, weight: 'bold', ground: 'ink' })),
    { type: 'feed', lineCount: 1 },
    line(code, { size: 'huge', weight: 'bold' }),
    { type: 'feed', lineCount: 1 },
    { type: 'rule' },
    // Once more in letters that the printer draws itself.
    line(code),
    { type: 'feed', lineCount: profile.feedBeforeCutLineCount },
    { type: 'cut' },
  ]
  return { language: 'fr', lines }
}
