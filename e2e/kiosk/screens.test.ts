import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sentence } from '../../kiosk/speech/read-page.ts'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import { openSpeech, type Speech } from '../../shared/speech/espeak.ts'
import { loudness, secondsOf } from '../../shared/speech/wav.ts'
import { findByAxe, findOverflow } from '../gallery/look.ts'
import { openGallery, shotName } from '../gallery/open.ts'
import { picturesOf, type Shot } from '../gallery/shots.ts'

// Every screen of the kiosk in both modes, languages and sizes in turn; KIOSK_SCREENS=all takes every scene of the
// gallery in three languages, both modes and both sizes.

const isAll = process.env['KIOSK_SCREENS'] === 'all'
/** The long form takes a quarter of an hour where others work too. */
const LOOK_MS_MAX = 3_600_000
const SIZES = [1080, 1280]
/** One scene for each screen a customer can meet. */
const SCENES =
  'unpaired,staff-sign-in,idle,idle-alone,idle-heard,choose-service,choose-hours,choose-categories,choose-warned,' +
  'visit-several,search-found,search-listed,details-name,details-consent,details-phone,check-in,check-in-alone,taking,' +
  'your-ticket,out-of-paper,closed-later,closed-intake,refused-full,no-tickets,emergency'
/** Of the height, from above: what is touched stands below it in the accessible mode. */
const OUT_OF_REACH = 0.4
/** Their letters are as usual, and nobody hears them: for installers and staff, who are no customers. */
const isForStaff = ({ screen }: Shot): boolean => /^(unpaired|six-words|staff-)/.test(screen)

const TOUCHED: ReadonlySet<string> = new Set(['six-words', 'search-listed', 'details-letters', 'details-consent'])

const wanted = picturesOf({ face: 'kiosk', screen: isAll ? '' : SCENES, language: '', width: SIZES.join(), mode: '' })
const scenes = [...new Set(wanted.map(({ screen }) => screen))]
/** In the short form each screen and mode is looked at once, in a language and a size that come round in turn. */
const shots = wanted.filter(({ screen, language, mode, width }) => {
  const turn = scenes.indexOf(screen) + (mode === 'usual' ? 0 : 1)
  return isAll || (language === LANGUAGES[turn % 3] && width === SIZES[turn % 2])
})

let gallery: Awaited<ReturnType<typeof openGallery>>
let page: Page
let axe = ''
let speech: Speech
beforeAll(async () => {
  speech = openSpeech('espeak-ng', pino({ level: 'silent' }))
  gallery = await openGallery('kiosk', ['--autoplay-policy=no-user-gesture-required'])
  page = gallery.page
  axe = gallery.axe
}, 120_000)
afterAll(async () => {
  speech?.close()
  await gallery?.close()
})

async function open(shot: Shot): Promise<void> {
  await gallery.open(shot)
  // Some scenes are touched once they are drawn.
  if (TOUCHED.has(shot.screen)) await page.waitForTimeout(150)
}

/** Controls that a seated person does not reach, or a hand misses. */
const findOutOfReach = (share: number): Promise<readonly string[]> =>
  page.evaluate((upper) => {
    const found: string[] = []
    for (const part of document.querySelectorAll<HTMLElement>('button, input')) {
      // A dot to choose by is touched with its words.
      const control = part.closest<HTMLElement>('.choice') ?? part
      // A field that no touch changes is filled by keys, which are looked at as all others.
      if (getComputedStyle(control).pointerEvents === 'none') continue
      const area = control.closest('[data-scrolls]')?.getBoundingClientRect()
      const box = control.getBoundingClientRect()
      const isSeen = box.height > 0 && (area === undefined || (box.bottom > area.top && box.top < area.bottom))
      if (!isSeen || getComputedStyle(control).visibility === 'hidden') continue
      const topPx = Math.max(box.top, area?.top ?? 0)
      const name = `"${control.textContent?.slice(0, 30)}" ${control.className}`
      if (topPx < upper * innerHeight - 12) found.push(`stands at ${Math.round(topPx)}: ${name}`)
      if (Math.min(box.bottom, area?.bottom ?? box.bottom) > innerHeight + 1) found.push(`below the screen: ${name}`)
      if (box.height < 64 || box.width < 64) found.push(`${Math.round(box.width)} × ${Math.round(box.height)}: ${name}`)
    }
    return found
  }, share)

/** Letters by what they say, so that the same text can be measured in both modes. */
const letterSizes = (): Promise<Readonly<Record<string, number>>> =>
  page.evaluate(() => {
    const sizes: Record<string, number> = {}
    const texts = document.createTreeWalker(document.querySelector('.kiosk') ?? document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const parent = text.parentElement
      const said = (text.textContent ?? '').trim()
      if (parent === null || said === '' || parent.closest('.only-heard') !== null) continue
      if (parent.clientWidth > 1) sizes[said] = Number.parseFloat(getComputedStyle(parent).fontSize)
    }
    return sizes
  })

/** The letters of the usual mode, against which those of the accessible one are held. */
interface Letters {
  readonly sizes: Readonly<Record<string, number>>
  readonly bodyPx: number
}

/** Letters against which less than 7 : 1 stands. */
async function findPale(): Promise<string[]> {
  const { axe: runner } = window as unknown as { axe: typeof import('axe-core') }
  const { violations } = await runner.run({ runOnly: ['color-contrast-enhanced'] })
  return violations.flatMap(({ nodes }) => nodes.map(({ html, any }) => `${any[0]?.message} ${html.slice(0, 80)}`))
}

/** What was seen and heard of one picture. */
interface Seen {
  readonly shot: Shot
  readonly faults: readonly string[]
  readonly outOfReach: readonly string[]
  readonly sizes: Readonly<Record<string, number>>
  readonly usual: Letters
  readonly heading: string
  readonly sentences: readonly Sentence[]
}

const bodySize = (): Promise<number> =>
  page.evaluate(() => Number.parseFloat(getComputedStyle(document.querySelector('.kiosk') ?? document.body).fontSize))

/** Measured once for both modes, for the long form has hundreds of screens. */
const lettersOf = new Map<string, Letters>()

async function look(shot: Shot): Promise<Seen> {
  const isAccessible = shot.mode === 'accessible'
  const asUsual: Shot = { ...shot, mode: 'usual' }
  const known = lettersOf.get(shotName(asUsual))
  if (known === undefined || !isAccessible) await open(asUsual)
  const usual = known ?? { sizes: await letterSizes(), bodyPx: await bodySize() }
  lettersOf.set(shotName(asUsual), usual)
  if (isAccessible) await open(shot)
  return {
    shot,
    usual,
    faults: [...(await page.evaluate(findOverflow)), ...(await findByAxe(page, axe, []))],
    outOfReach: isAccessible ? await findOutOfReach(OUT_OF_REACH) : [],
    sizes: await letterSizes(),
    heading: await page.evaluate(() => document.querySelector('h1, .emergency p')?.textContent ?? ''),
    sentences: await page.evaluate(() => (window as unknown as { spokenHere: () => readonly Sentence[] }).spokenHere()),
  }
}

const seen: Seen[] = []
beforeAll(async () => {
  for (const shot of shots) seen.push(await look(shot))
}, LOOK_MS_MAX)

const accessible = (): readonly Seen[] => seen.filter(({ shot }) => shot.mode === 'accessible' && !isForStaff(shot))

test('axe finds nothing on any screen, and nothing runs out of its box, in both modes', () => {
  expect(seen.length).toBe(isAll ? wanted.length : scenes.length * 2)
  expect(seen.flatMap(({ shot, faults }) => faults.map((fault) => `${shotName(shot)}: ${fault}`))).toEqual([])
})

test('in the accessible mode all that is touched is low and large', () => {
  // In an emergency there is nothing to touch.
  const touched = seen.filter(({ shot }) => shot.mode === 'accessible' && !shot.screen.startsWith('emergency'))
  expect(touched.length).toBeGreaterThan(10)
  expect(touched.flatMap(({ shot, outOfReach }) => outOfReach.map((it) => `${shotName(shot)}: ${it}`))).toEqual([])
})

test('in the accessible mode letters are twice as large', () => {
  const small = accessible()
    .filter(({ shot }) => !shot.screen.startsWith('emergency'))
    .flatMap(({ shot, sizes, usual }) =>
      Object.entries(sizes).flatMap(([text, sizePx]) => {
        // Small and usual letters double; what is large already need not be larger than twice the usual letter.
        const leastPx = 2 * Math.min(usual.sizes[text] ?? usual.bodyPx, usual.bodyPx)
        return sizePx < leastPx * 0.99 ? [`${shotName(shot)}: ${sizePx} px, not ${leastPx}: ${text}`] : []
      }),
    )
  expect(small).toEqual([])
})

test('a machine that is set to more contrast gets it in the usual mode, too', async () => {
  await page.emulateMedia({ contrast: 'more', reducedMotion: 'reduce' })
  const pale: string[] = []
  for (const screen of [
    'idle-alone',
    'choose-hours',
    'visit-several',
    'details-name',
    'check-in-unknown',
    'out-of-paper',
  ]) {
    const shot: Shot = { face: 'kiosk', screen, language: 'fr', mode: 'usual', width: 1080, height: 1920 }
    await open(shot)
    await page.evaluate(axe)
    pale.push(...(await page.evaluate(findPale)).map((it) => `${shotName(shot)}: ${it}`))
  }
  await page.emulateMedia({ contrast: null, reducedMotion: 'reduce' })
  expect(pale).toEqual([])
})

test('every screen is spoken: what it says becomes sound in the voice of its language', async () => {
  const silent: string[] = []
  let seconds = 0
  for (const { shot, heading, sentences } of accessible()) {
    const first = heading.split(/[\s\u00a0]/)[0] ?? ''
    if (!sentences.some(({ text }) => text.includes(first))) silent.push(`${shotName(shot)}: its heading is not said`)
    if (!sentences.some(({ language }) => language === shot.language)) silent.push(`${shotName(shot)}: another voice`)
    for (const { text, language } of sentences) {
      const sound = await speech.say(text, language)
      if (typeof sound === 'string' || loudness(sound) < 0.02) silent.push(`${shotName(shot)}: ${text}`)
      else seconds += secondsOf(sound)
    }
  }
  expect(silent).toEqual([])
  expect(seconds).toBeGreaterThan(seen.length)
})
