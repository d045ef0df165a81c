import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import { keptName, openKept, readLines } from '../gallery/kept.ts'
import { findByAxe, findOverflow, findUnreadable } from '../gallery/look.ts'
import { openGallery, shotName } from '../gallery/open.ts'
import { picturesOf, type Shot } from '../gallery/shots.ts'

// Screens of the display, their texts and boxes compared with those that were looked at and kept in `screens/`.
// DISPLAY_SCREENS=all takes every scene in three languages, by day and by night, at four sizes; DISPLAY_SCREENS=keep
// keeps what the short form sees, and keep-all every one of the long form.

const asked = process.env['DISPLAY_SCREENS'] ?? ''
const isAll = asked === 'all' || asked === 'keep-all'
const kept = openKept(join(import.meta.dirname, 'screens'), asked)
/** One scene for each way a display can look. */
const SCENES = 'four-calls,stale,waits,delay-call,emergency,picture-call,ticker-call,calls-alone,one-queue,rush-all'
/** Where there is least room, and where something lay over what must be read: these have failed. */
const NARROWEST: readonly string[] = [
  'delay-call en usual 1920',
  'emergency-stale fr light 1280',
  'ticker-long ar light 1920',
  'picture-stale en usual 1080',
]
const SIZES = [1920, 1080, 1280, 360]
/** To be read from the last row; what stands on a screen that is nobody's yet is for the installer. */
const LETTER_PX_MIN = 39.9
const LOOK_MS_MAX = 3_600_000

const every = picturesOf({ face: 'display', screen: '', language: '', width: '', mode: '' })
const wanted = isAll ? every : every.filter(({ screen }) => SCENES.split(',').includes(screen))
const scenes = [...new Set(wanted.map(({ screen }) => screen))]
/** In the short form each scene once, its language, size and theme coming round in turn. */
const inTurn = wanted.filter(({ screen, language, mode, width }) => {
  const turn = scenes.indexOf(screen)
  return (
    isAll ||
    (language === LANGUAGES[turn % 3] &&
      width === SIZES[Math.floor(turn / 3) % SIZES.length] &&
      (mode === 'light') === (turn % 2 === 1))
  )
})

const shots = isAll ? inTurn : [...inTurn, ...every.filter((shot) => NARROWEST.includes(shotName(shot)))]

let gallery: Awaited<ReturnType<typeof openGallery>>
beforeAll(async () => {
  gallery = await openGallery('display')
}, 120_000)
afterAll(() => gallery?.close())

async function faultsOf(shot: Shot): Promise<readonly string[]> {
  const { page, axe } = gallery
  await gallery.open(shot)
  const lines = await page.evaluate(readLines)
  const isForInstaller = (await page.locator('.lobby-alone').count()) > 0
  const small = lines.filter(({ letterPx }) => letterPx < LETTER_PX_MIN && !isForInstaller)
  return [
    ...(lines.length === 0 ? ['nothing stands there'] : []),
    ...kept.meet(shot, lines),
    ...small.map(({ letterPx, text }) => `${Math.round(letterPx)} px: ${text}`),
    ...(await page.evaluate(findOverflow)),
    ...(await page.evaluate(findUnreadable)),
    ...(asked === 'keep-all' ? [] : await findByAxe(page, axe, ['serious', 'critical'])),
  ]
}

test(
  'every screen reads as it did when it was looked at, from the last row, and nothing runs out of its box',
  async () => {
    expect(shots.length).toBe(isAll ? wanted.length : scenes.length + NARROWEST.length)
    const found: string[] = []
    for (const shot of shots) found.push(...(await faultsOf(shot)).map((fault) => `${keptName(shot)}: ${fault}`))
    kept.end()
    expect(found).toEqual([])
  },
  LOOK_MS_MAX,
)
