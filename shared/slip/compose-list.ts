import { formatTime } from '../words/format.ts'
import { slipMoment, slipWords } from '../words/slip.ts'
import { listWords } from '../words/waiting-list.ts'
import { composeSlip, type Look, textLines } from './compose.ts'
import type { PrinterProfile } from './profile.ts'
import type { Slip, SlipContent, SlipLine } from './slip.ts'
import type { ListContent, ListLine } from './waiting-list.ts'

/** What a kiosk prints: a customer's ticket, or staff's waiting list. */
export type PaperContent = SlipContent | ListContent

export const isList = (content: PaperContent): content is ListContent => 'kind' in content

/** A box, a number of five characters with its star, and a space: with a time it fills 58 mm of large letters. */
const NUMBER_COLUMNS = 11

/** A sheet of the waiting list: a box for each number, to be ticked by hand. */
function composeList(content: ListContent, profile: PrinterProfile): Slip {
  const { language, timezone, atMs, page, pageCount, lines, count, leftOut, copyNumber } = content
  const words = listWords(language)
  const text = (line: string, look: Look = {}) => textLines(line, look, { language, profile })
  const start: Look = { align: language === 'ar' ? 'right' : 'left' }
  const feed = (lineCount: number): SlipLine => ({ type: 'feed', lineCount })
  const isLast = page === pageCount
  const copy = slipWords(language).copy(copyNumber)

  // One word, so that it is not broken, and its times stand under each other.
  const boxed = ({ number, isPriority, issuedAtMs }: Extract<ListLine, { type: 'number' }>): string =>
    `[ ] ${isPriority ? `${number}*` : number}`
      .padEnd(NUMBER_COLUMNS)
      .concat(formatTime(issuedAtMs, language, timezone))
  const drawn = (line: ListLine): readonly SlipLine[] =>
    line.type === 'queue'
      ? [feed(1), ...text(line.name, { ...start, weight: 'bold' }), { type: 'rule' }]
      : text(boxed(line).replaceAll(' ', '\u00a0'), { ...start, size: 'large' })

  return {
    language,
    lines: [
      ...(copyNumber > 1 ? text(copy, { size: 'large', weight: 'bold', ground: 'ink' }) : []),
      ...text(content.branchName, { weight: 'bold' }),
      { type: 'rule' },
      ...text(words.title, { size: 'large', weight: 'bold' }),
      ...text(slipMoment(language, atMs, timezone), { weight: 'bold' }),
      ...(pageCount > 1 ? text(words.page(page, pageCount)) : []),
      feed(1),
      ...text(words.help, start),
      ...(count === 0 ? [feed(1), ...text(words.nobody, { weight: 'bold' })] : []),
      ...lines.flatMap(drawn),
      { type: 'rule' },
      ...(isLast && leftOut > 0 ? text(words.more(leftOut), { ...start, weight: 'bold' }) : []),
      ...(isLast ? text(words.end(count), start) : []),
      feed(profile.feedBeforeCutLineCount),
      { type: 'cut' },
    ],
  }
}

/** @param logo - the branch's, for tickets; see composeSlip */
export const composePaper = (content: PaperContent, profile: PrinterProfile, logo: string | null = null): Slip =>
  isList(content) ? composeList(content, profile) : composeSlip(content, profile, logo)
