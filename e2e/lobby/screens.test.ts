import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import { findByAxe, findOverflow } from '../gallery/look.ts'
import { openGallery } from '../gallery/open.ts'
import { picturesOf, type Shot } from '../gallery/shots.ts'

// Screens of the display, their texts and boxes compared with those that were looked at and kept in `screens/`.
// DISPLAY_SCREENS=all takes every scene in three languages, by day and by night, at three sizes; DISPLAY_SCREENS=keep
// keeps what the short form sees.

const asked = process.env['DISPLAY_SCREENS'] ?? ''
const isAll = asked === 'all'
const KEPT = join(import.meta.dirname, 'screens')
/** One scene for each way a display can look. */
const SCENES = 'four-calls,stale,waits,delay-call,emergency,picture-call,ticker-call,calls-alone,one-queue,rush-all'
const SIZES = [1920, 1080, 1280]
/** Letters are drawn alike everywhere, for the fonts come along; a box may be off by the rounding of its parts. */
const OFF_PX_MAX = 3
const LOOK_MS_MAX = 3_600_000

const wanted = picturesOf({ face: 'display', screen: isAll ? '' : SCENES, language: '', width: '', mode: '' })
const scenes = [...new Set(wanted.map(({ screen }) => screen))]
/** In the short form each scene once, its language, size and theme coming round in turn. */
const shots = wanted.filter(({ screen, language, mode, width }) => {
  const turn = scenes.indexOf(screen)
  return (
    isAll ||
    (language === LANGUAGES[turn % 3] &&
      width === SIZES[Math.floor(turn / 3) % 3] &&
      (mode === 'light') === (turn % 2 === 1))
  )
})

interface Line {
  readonly text: string
  /** Left, top, width and height of its letters. */
  readonly box: readonly number[]
}

let gallery: Awaited<ReturnType<typeof openGallery>>
beforeAll(async () => {
  gallery = await openGallery('display')
}, 120_000)
afterAll(() => gallery?.close())

function readLines(): { readonly lines: Line[]; readonly small: string[] } {
  const lines: Line[] = []
  const small: string[] = []
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
    lines.push({ text: said, box: [left, top, width, height].map(Math.round) })
    // 16 px a rem on the panel that letters are measured for.
    const px = (Number.parseFloat(getComputedStyle(parent).fontSize) / rem) * 16
    if (px < 39.9 && parent.closest('.lobby-alone') === null) small.push(`${Math.round(px)} px: ${said}`)
  }
  return { lines, small }
}

/** As its file is called. */
const nameOf = ({ screen, language, mode, width }: Shot): string => `${screen}-${language}-${width}-${mode}`

async function look(shot: Shot) {
  const { page, axe } = gallery
  await gallery.open(shot)
  const faults = [...(await page.evaluate(findOverflow)), ...(await findByAxe(page, axe, ['serious', 'critical']))]
  return { ...(await page.evaluate(readLines)), faults }
}

/** What is not as it was when somebody looked at it. */
function differences(name: string, lines: readonly Line[]): readonly string[] {
  const file = join(KEPT, `${name}.txt`)
  if (asked === 'keep') {
    mkdirSync(KEPT, { recursive: true })
    writeFileSync(file, `[\n${lines.map((line) => `  ${JSON.stringify(line)}`).join(',\n')}\n]\n`)
  }
  // The long form looks at more than is kept.
  if (!existsSync(file)) return isAll ? [] : [`${name} was never kept`]
  const kept = JSON.parse(readFileSync(file, 'utf8')) as readonly Line[]
  const texts = (some: readonly Line[]): string => some.map(({ text }) => text).join(' | ')
  if (texts(kept) !== texts(lines)) return [`${name} says ${texts(lines)}, not ${texts(kept)}`]
  return lines.flatMap(({ text, box }, at) =>
    box.some((px, side) => Math.abs(px - (kept[at]?.box[side] ?? 0)) > OFF_PX_MAX)
      ? [`${name}: "${text}" is at ${box}, not ${kept[at]?.box}`]
      : [],
  )
}

test(
  'every screen reads as it did when it was looked at, from the last row, and nothing runs out of its box',
  async () => {
    expect(shots.length).toBe(isAll ? wanted.length : scenes.length)
    const found: string[] = []
    for (const shot of shots) {
      const { lines, small, faults } = await look(shot)
      const name = nameOf(shot)
      expect(lines.length, name).toBeGreaterThan(0)
      found.push(...differences(name, lines), ...[...small, ...faults].map((it) => `${name}: ${it}`))
    }
    expect(found).toEqual([])
  },
  LOOK_MS_MAX,
)
