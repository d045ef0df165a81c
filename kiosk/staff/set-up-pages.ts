import type { Language } from '#shared/domain/ids.ts'
import { CODE_PAGE_CANDIDATES, codePageSample } from '#shared/slip/code-page-check.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { SlipLine, TextLine } from '#shared/slip/slip.ts'
import { createWords } from '#shared/words/create-words.ts'
import { slipBytes } from '../devices/bytes.ts'

/** Not a number: nobody must take this paper for a ticket. */
const HUGE_TEXT = 'TEST'
const FEED: SlipLine = { type: 'feed', lineCount: 1 }

const line = (text: string, look: Partial<TextLine> = {}): TextLine => ({
  type: 'text',
  text,
  size: 'normal',
  weight: 'regular',
  align: 'center',
  direction: 'ltr',
  ground: 'paper',
  ...look,
})

interface TestPage {
  readonly language: Language
  readonly address: string
  readonly logo: string | null
}

/** A page that shows all a ticket is made of: a bar as wide as the paper, letters, pictures, the square code. */
export function testPageBytes({ language, address, logo }: TestPage, profile: PrinterProfile): Promise<Buffer> {
  const words = createWords(language)
  const direction = words.direction
  const lines: readonly SlipLine[] = [
    line(words.say('staff.testPage'), { ground: 'ink', size: 'large', weight: 'bold', direction }),
    FEED,
    line(`${profile.paperMm} mm`),
    line(address.slice(0, profile.columnCount)),
    { type: 'rule' },
    ...(logo === null ? [] : [{ type: 'logo', png: logo } as const, FEED]),
    { type: 'sign', sign: { pictogram: 'service', colour: 'blue' } },
    FEED,
    line(HUGE_TEXT, { size: 'huge', weight: 'bold' }),
    ...(['fr', 'en', 'ar'] as const).map((it) => {
      const spoken = createWords(it)
      return line(spoken.say('staff.testLetters'), { direction: spoken.direction })
    }),
    FEED,
    { type: 'qr', data: 'smartqueue:test' },
    FEED,
    { type: 'feed', lineCount: profile.feedBeforeCutLineCount },
    { type: 'cut' },
  ]
  return slipBytes({ language, lines }, profile)
}

/** Each way to write accents that printers know, numbered: the lines that read right tell which this one means. */
export async function codePagesBytes(language: Language, profile: PrinterProfile): Promise<Buffer> {
  const words = createWords(language)
  const drawn: PrinterProfile = { ...profile, codePages: [] }
  const title = line(words.say('staff.codePageSheet'), { ground: 'ink', weight: 'bold', direction: words.direction })
  const head = await slipBytes({ language, lines: [title, FEED] }, drawn)
  const samples = await Promise.all(
    CODE_PAGE_CANDIDATES.map((candidate, index) => {
      // The number is drawn first, so that a line nobody can read still has its name.
      const lines = [line(String(index + 1), { align: 'left', weight: 'bold' })]
      return Promise.all([
        slipBytes({ language, lines: lines }, drawn),
        slipBytes(
          { language, lines: [line(codePageSample(candidate), { align: 'left' })] },
          { ...profile, codePages: [candidate] },
        ),
      ])
    }),
  )
  const end: readonly SlipLine[] = [{ type: 'feed', lineCount: profile.feedBeforeCutLineCount }, { type: 'cut' }]
  const last = await slipBytes({ language, lines: end }, profile)
  return Buffer.concat([head, ...samples.flat(), last])
}
