import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Shot } from './shots.ts'

/** Screens as they were when somebody looked at them: every text of a picture and where its letters stand, in a file. */

export interface Line {
  readonly text: string
  /** Left, top, width and height of its letters, in px. */
  readonly box: readonly number[]
  /** Of its letters, in px of a panel on which a rem is 16. */
  readonly letterPx: number
}

/** Letters are drawn alike everywhere, for the fonts come along; a box may be off by the rounding of its parts. */
const OFF_PX_MAX = 3

/** Runs in the page. */
export function readLines(): Line[] {
  const lines: Line[] = []
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const texts = document.createTreeWalker(document.querySelector('#root') ?? document.body, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const parent = text.parentElement
    const said = (text.textContent ?? '').trim()
    if (parent === null || said === '' || parent.closest('.only-heard') !== null) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const { left, top, width, height } = range.getBoundingClientRect()
    if (width <= 1) continue
    lines.push({
      text: said,
      box: [left, top, width, height].map(Math.round),
      letterPx: (Number.parseFloat(getComputedStyle(parent).fontSize) / rem) * 16,
    })
  }
  return lines
}

/** As its file is called. */
export const keptName = ({ screen, language, mode, width }: Shot): string => `${screen}-${language}-${width}-${mode}`

const asText = (lines: readonly Line[]): string =>
  `[\n${lines.map(({ text, box }) => `  ${JSON.stringify({ text, box })}`).join(',\n')}\n]\n`

/** Keeps a picture as it is now, for somebody has looked at it. */
export function keep(folder: string, shot: Shot, lines: readonly Line[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${keptName(shot)}.txt`), asText(lines))
}

/** @returns what is not as it was; null: this picture was never kept */
export function differences(folder: string, shot: Shot, lines: readonly Line[]): readonly string[] | null {
  const file = join(folder, `${keptName(shot)}.txt`)
  if (!existsSync(file)) return null
  const kept = JSON.parse(readFileSync(file, 'utf8')) as readonly Pick<Line, 'text' | 'box'>[]
  const texts = (some: readonly { readonly text: string }[]): string => some.map(({ text }) => text).join(' | ')
  if (texts(kept) !== texts(lines)) return [`it says ${texts(lines)}, not ${texts(kept)}`]
  return lines.flatMap(({ text, box }, at) =>
    box.some((px, side) => Math.abs(px - (kept[at]?.box[side] ?? 0)) > OFF_PX_MAX)
      ? [`"${text}" is at ${box}, not ${kept[at]?.box}`]
      : [],
  )
}
