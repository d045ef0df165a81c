import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { buildPages, findByAxe, findOverflow, readAxe, serve } from '../gallery/look.ts'
import { picturesOf, type Shot } from '../gallery/shots.ts'

// Screens of the caller by day and by night, in languages and sizes in turn; CALLER_SCREENS=all takes every scene of the
// gallery in three languages, both colours and all sizes.

const isAll = process.env['CALLER_SCREENS'] === 'all'
const LOOK_MS_MAX = 3_600_000
/** One scene for each thing an agent or a manager can meet. */
const SCENES =
  'sign-in,waiting,over-target,stale,toast,finish,on-break,today,floor,paper,paper-after,setup-pressed,' +
  'bar-free,bar-over-target,bar-emergency'

const wanted = picturesOf({ face: 'caller', screen: isAll ? '' : SCENES, language: '', width: '', mode: '' })
const scenes = [...new Set(wanted.map(({ screen }) => screen))]
const widthsOf = (screen: string): readonly number[] => [
  ...new Set(wanted.filter((it) => it.screen === screen).map(({ width }) => width)),
]
/** In the short form each scene is looked at once, in a language, a size and colours that come round in turn. */
const shots = wanted.filter(({ screen, language, mode, width }) => {
  const turn = scenes.indexOf(screen)
  const widths = widthsOf(screen)
  const isTurn = language === LANGUAGES[turn % 3] && width === widths[turn % widths.length]
  return isAll || (isTurn && mode === (turn % 2 === 0 ? 'usual' : 'night'))
})

let browser: Browser
let page: Page
let address = ''
let axe = ''
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-caller-screens-'))

beforeAll(async () => {
  await buildPages(folder, ['caller'])
  address = await serve(folder)
  axe = await readAxe()
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('No Chromium was found: apt-get install chromium, or set CHROMIUM.')
  browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] })
  page = await (await browser.newContext({ reducedMotion: 'reduce', bypassCSP: true })).newPage()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const nameOf = ({ screen, language, mode, width }: Shot): string => `${screen} ${language} ${mode} ${width}`

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

async function faultsOf({ screen, language, mode, width, height }: Shot): Promise<readonly string[]> {
  await page.setViewportSize({ width, height })
  await page.goto(`${address}/caller.html?screen=${screen}&language=${language}&mode=${mode}`)
  await page.locator('.caller').waitFor()
  await page.evaluate(() => document.fonts.ready)
  return [
    ...(await page.evaluate(findOverflow)),
    ...(await page.evaluate(findCovered)),
    ...(await findByAxe(page, axe, [])),
  ]
}

test(
  'axe finds nothing on any screen of the caller, nothing runs out of its box or covers the primary button',
  async () => {
    const faults: string[] = []
    for (const shot of shots) faults.push(...(await faultsOf(shot)).map((fault) => `${nameOf(shot)}: ${fault}`))
    expect(shots.length).toBe(isAll ? wanted.length : scenes.length)
    expect(faults).toEqual([])
  },
  LOOK_MS_MAX,
)
