// Everything people try at a kiosk to get behind it, with a real Chromium on a screen of its own and real keys, and what a
// page that was turned against us could try. No navigation, no window, no download; the page is the very same one afterwards.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BrowserEvent } from '../../tools/browser-pipe.ts'
import { GESTURES, type Gesture, SCRIPTS } from './gestures.ts'
import { openScreenBox, type ScreenBox } from './screen-box.ts'

let box: ScreenBox
beforeAll(async () => {
  box = await openScreenBox()
})
afterAll(async () => {
  await box?.[Symbol.asyncDispose]()
})

const MARK = 'theVeryPage'
/** A screen that everybody gets away from is told by the first of them: each further one would wait for a page that is gone. */
const FAULTS_MAX = 3
const pause = (waitMs: number) => new Promise((resolve) => setTimeout(resolve, waitMs))

/** What of all that the browser told is an escape; a window that its keeper shut before it loaded anything is none. */
function escapeOf({ method, params }: BrowserEvent): readonly string[] {
  if (method === 'Page.frameNavigated') {
    const { frame } = params as { frame: { url: string; parentId?: string } }
    return frame.parentId === undefined ? [`went to ${frame.url}`] : []
  }
  if (method === 'Page.downloadWillBegin' || method === 'Browser.downloadWillBegin') return ['a download began']
  if (/downloadProgress$/.test(method) && params['state'] === 'completed') return ['a download came through']
  if (method === 'Page.windowOpen') return ['a window was opened']
  return []
}

/** @returns what went wrong, with the gesture after which it was seen first */
async function tryAll(gestures: readonly Gesture[], faultsMax = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const { eyes, said } = box
  await eyes.evaluate(`globalThis.${MARK} = true`)
  const windowsBefore = box.windowCount()
  const faults: string[] = []
  for (const { name, make } of gestures) {
    if (faults.length >= faultsMax) return faults
    const [heardBefore, saidBefore] = [eyes.heard.length, said.length]
    await make(box)
    await pause(15)
    const seen = [...eyes.heard.slice(heardBefore).flatMap(escapeOf), ...said.slice(saidBefore)]
    faults.push(...seen.map((what) => `${name}: ${what}`))
  }
  await pause(1_000)
  const { targetInfos = [] } = ((await eyes.ask('Target.getTargets')) ?? {}) as {
    targetInfos?: { type: string; url: string }[]
  }
  const pages = targetInfos.filter(({ type }) => type === 'page').map(({ url }) => url)
  if (pages.length !== 1 || pages[0] !== box.url) faults.push(`in the end there are ${pages.join(', ')}`)
  if (box.windowCount() !== windowsBefore) faults.push(`in the end there are ${box.windowCount()} windows`)
  if ((await eyes.evaluate(MARK)) !== true) faults.push('in the end it is another page')
  return faults
}

test('nobody at the screen gets away from the page', async () => {
  // A key that is pressed before the page has the keys would prove nothing.
  box.act('mousemove', '540', '1100', 'click', '1')
  await box.eyes.evaluate(`addEventListener('keydown', () => { globalThis.heardKey = true })`)
  await expect
    .poll(async () => {
      box.act('key', 'shift')
      return box.eyes.evaluate('globalThis.heardKey')
    })
    .toBe(true)
  expect(GESTURES.length).toBeGreaterThanOrEqual(200)
  expect(new Set(GESTURES.map(({ name }) => name)).size).toBe(GESTURES.length)
  expect(await tryAll(GESTURES, FAULTS_MAX)).toEqual([])
  const scale = await box.eyes.evaluate(
    '[visualViewport.scale, outerWidth / innerWidth].map((it) => Math.round(it * 100))',
  )
  expect(scale).toEqual([100, 100])
})

test('a page that is turned against us is held by the keeper of its window', async () => {
  const refusals =
    /: (the page was kept from going somewhere else|a window was refused|a window was opened|a download began)$/
  const faults = await tryAll(SCRIPTS)
  expect(faults.filter((fault) => !refusals.test(fault))).toEqual([])
  // Two windows and three addresses were tried that only the keeper could refuse.
  expect(box.said.filter((what) => what === 'a window was refused').length).toBe(2)
  expect(box.said.filter((what) => what.includes('kept from going')).length).toBeGreaterThanOrEqual(3)
})
