import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import { keptName, openKept, readLines } from '../gallery/kept.ts'
import { findByAxe, findOverflow } from '../gallery/look.ts'
import { openGallery, shotName } from '../gallery/open.ts'
import { picturesOf, type Shot } from '../gallery/shots.ts'

// Screens of the caller by day and by night, in languages and sizes in turn, compared with those kept in `screens/`.
// CALLER_SCREENS=all takes every scene of the gallery in three languages, both colours and all sizes; CALLER_SCREENS=keep
// keeps what the short form sees, and keep-all every one of the long form.

const asked = process.env['CALLER_SCREENS'] ?? ''
const isAll = asked === 'all' || asked === 'keep-all'
const kept = openKept(join(import.meta.dirname, 'screens'), asked)
const LOOK_MS_MAX = 3_600_000
/** One scene for each thing an agent or a manager can meet. */
const SCENES =
  'sign-in,waiting,over-target,stale,toast,finish,on-break,today,floor,paper,paper-after,setup-pressed,' +
  'bar-free,bar-over-target,bar-emergency,voice-list,voice-record,voice-own,voice-file,voice-done,media-list,media-sending,people'
/** Where a name once stood half beside the screen. */
const NARROWEST: readonly string[] = ['called en night 1024']

const every = picturesOf({ face: 'caller', screen: '', language: '', width: '', mode: '' })
const wanted = isAll ? every : every.filter(({ screen }) => SCENES.split(',').includes(screen))
const scenes = [...new Set(wanted.map(({ screen }) => screen))]
const widthsOf = (screen: string): readonly number[] => [
  ...new Set(wanted.filter((it) => it.screen === screen).map(({ width }) => width)),
]
/** In the short form each scene is looked at once, in a language, a size and colours that come round in turn. */
const inTurn = wanted.filter(({ screen, language, mode, width }) => {
  const turn = scenes.indexOf(screen)
  const widths = widthsOf(screen)
  const isTurn = language === LANGUAGES[turn % 3] && width === widths[turn % widths.length]
  return isAll || (isTurn && mode === (turn % 2 === 0 ? 'usual' : 'night'))
})
const shots = isAll ? inTurn : [...inTurn, ...every.filter((shot) => NARROWEST.includes(shotName(shot)))]

let gallery: Awaited<ReturnType<typeof openGallery>>
beforeAll(async () => {
  gallery = await openGallery('caller')
}, 120_000)
afterAll(() => gallery?.close())

/** What lies over the primary button, or cuts it: whatever else stands on the screen, it can be pressed. */
function findCovered(): string[] {
  const button = document.querySelector('.primary-act')
  if (button === null || document.querySelector('dialog[open]') !== null) return []
  const { left, right, top, bottom } = button.getBoundingClientRect()
  if (bottom > innerHeight + 1 || right > innerWidth + 1 || left < -1) return ['the primary button is cut']
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2]
  // Its corners are round.
  const points = [
    [middleX, middleY],
    [left + 4, middleY],
    [right - 4, middleY],
    [middleX, top + 4],
    [middleX, bottom - 4],
  ] as const
  const over = points
    .map(([x, y]) => document.elementFromPoint(x, y))
    .find((it) => it?.closest('.primary-act') !== button)
  return over == null ? [] : [`over the primary button: ${over.className}`]
}

async function faultsOf(shot: Shot): Promise<readonly string[]> {
  const { page, axe } = gallery
  await gallery.open(shot)
  const lines = await page.evaluate(readLines)
  return [
    ...kept.meet(shot, lines),
    ...(await page.evaluate(findOverflow)),
    ...(await page.evaluate(findCovered)),
    ...(asked === 'keep-all' ? [] : await findByAxe(page, axe, [])),
  ]
}

test(
  'every screen reads as it did when it was looked at; axe finds nothing, nothing leaves its box or covers the primary button',
  async () => {
    const faults: string[] = []
    for (const shot of shots) faults.push(...(await faultsOf(shot)).map((fault) => `${keptName(shot)}: ${fault}`))
    expect(shots.length).toBe(isAll ? wanted.length : scenes.length + NARROWEST.length)
    kept.end()
    expect(faults).toEqual([])
  },
  LOOK_MS_MAX,
)
