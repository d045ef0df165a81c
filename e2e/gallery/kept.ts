import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Shot } from './shots.ts'

/** Screens as they were when somebody looked at them: every text of a picture and where its letters stand, in a file. */

export interface Line {
  readonly text: string
  /** Left, top, width and height of its letters, in px. */
  readonly box: readonly number[]
  /** Of its letters, in px of a panel on which a rem is 16. */
  readonly letterPx: number
}

/** What is kept of a line. */
type KeptLine = Pick<Line, 'text' | 'box'>

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
function keep(folder: string, shot: Shot, lines: readonly Line[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${keptName(shot)}.txt`), asText(lines))
}

/** @returns null: it was never kept */
function readKept(folder: string, shot: Shot): readonly KeptLine[] | null {
  const file = join(folder, `${keptName(shot)}.txt`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly KeptLine[]) : null
}

/** Every picture of a face in one file, by name: too many to lie side by side. */
const ALL = 'all.json.gz'

function keepAll(folder: string, pictures: ReadonlyMap<string, readonly Line[]>): void {
  const kept = [...pictures].map(([name, lines]) => [name, lines.map(({ text, box }) => ({ text, box }))])
  writeFileSync(join(folder, ALL), gzipSync(JSON.stringify(Object.fromEntries(kept)), { level: 9 }))
}

/** @returns by name; empty: none was ever kept */
function readAll(folder: string): ReadonlyMap<string, readonly KeptLine[]> {
  const file = join(folder, ALL)
  if (!existsSync(file)) return new Map()
  const kept = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Record<string, readonly KeptLine[]>
  return new Map(Object.entries(kept))
}

/** @returns what is not as it was */
function differences(kept: readonly KeptLine[] | null, lines: readonly Line[]): readonly string[] {
  if (kept === null) return ['it was never kept']
  const texts = (some: readonly { readonly text: string }[]): string => some.map(({ text }) => text).join(' | ')
  if (texts(kept) !== texts(lines)) return [`it says ${texts(lines)}, not ${texts(kept)}`]
  return lines.flatMap(({ text, box }, at) =>
    box.some((px, side) => Math.abs(px - (kept[at]?.box[side] ?? 0)) > OFF_PX_MAX)
      ? [`"${text}" is at ${box}, not ${kept[at]?.box}`]
      : [],
  )
}

/** What a run of pictures does with those that were kept: compares each, or keeps them anew. */
export interface KeptPictures {
  /** @returns what is not as it was */
  meet(shot: Shot, lines: readonly Line[]): readonly string[]
  /** Once all were met. */
  end(): void
}

/**
 * @param asked - `keep`, `keep-all`: keeps them; `all`: compares with all that were kept; otherwise with those that lie
 * side by side
 */
export function openKept(folder: string, asked: string): KeptPictures {
  const all = asked === 'all' ? readAll(folder) : new Map<string, readonly KeptLine[]>()
  const met = new Map<string, readonly Line[]>()
  return {
    meet(shot, lines) {
      const name = keptName(shot)
      met.set(name, lines)
      if (asked === 'keep') keep(folder, shot, lines)
      if (asked.startsWith('keep')) return []
      return differences(asked === 'all' ? (all.get(name) ?? null) : readKept(folder, shot), lines)
    },
    end() {
      if (asked === 'keep-all') keepAll(folder, met)
    },
  }
}
