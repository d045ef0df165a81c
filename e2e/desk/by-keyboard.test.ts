import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { ACT_KEYS } from '../../caller/keys.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { begin, press, pressKey, rowNumbers, sees, status } from '../world/people.ts'
import { openWorld, sampleBank, until, type World } from '../world/world.ts'

/** Other programs work here, too. */
const PATIENCE = { timeout: 15_000 }
/** Each part of the story: what never comes is not waited for as long as whole programs are. */
const STORY_MS_MAX = 120_000
/** Calls of which the middle one is held against round trips. */
const CALLS = 7
/**
 * From the key to the call on the screen goes one durable command, the event back, and drawing; a bare round trip is such
 * a command sent from the same page, and the next frame. Where that takes 50 ms, a call may take 200.
 */
const KEY_TO_SCREEN_RATIO_MAX = 4

/** Whether two boxes lie over each other. */
const meet = (page: Page, one: string, other: string): Promise<boolean> =>
  page.evaluate(
    ([first, second]) => {
      const boxOf = (selector: string) => document.querySelector(selector)?.getBoundingClientRect()
      const [a, b] = [boxOf(first ?? ''), boxOf(second ?? '')]
      if (a === undefined || b === undefined) throw new Error('One of the two is not there')
      return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    },
    [one, other],
  )

// One story, told in order, with no mouse at all.
describe('a day at the desk by keyboard alone', { timeout: STORY_MS_MAX }, () => {
  let world: World
  let faces: Faces
  let door: DeviceClient
  let desk: Page
  /** Keys of the desk that have done something here. */
  const used = new Set<string>()

  const tickets = () => [...world.branch.running.waist.branch().state.tickets.values()]
  const statusOf = (number: string) => tickets().find(({ facts }) => facts.number === number)?.phase.status
  const is = (number: string, wanted: string) => until(`${number} is ${wanted}`, () => statusOf(number) === wanted)
  const isFree = () => expect.poll(() => status(desk), PATIENCE).toBe('none')

  async function take(serviceId = 'cash'): Promise<string> {
    world.clock.pass(1_000)
    const { number } = (await door.issue(serviceId)).body
    await expect.poll(() => rowNumbers(desk, 'waiting'), PATIENCE).toContain(number)
    return number
  }
  async function key(letter: string, leadsTo: string): Promise<void> {
    used.add(letter)
    await press(desk, letter === ' ' ? 'Space' : letter, leadsTo)
  }
  async function asks(letter: string): Promise<void> {
    used.add(letter)
    await begin(desk, letter)
  }
  /** Enter does what the dialog is for, once the desk has the answer to the deed before it. */
  async function answers(...keys: readonly string[]): Promise<void> {
    for (const name of keys) await desk.keyboard.press(name)
    await desk.locator('dialog[open] [type=submit]:not([aria-disabled=true])').waitFor()
    await desk.keyboard.press('Enter')
    await desk.locator('dialog[open]').waitFor({ state: 'detached' })
  }
  /** Tab goes on until the focus is where it is wanted. */
  async function tabTo(selector: string): Promise<void> {
    for (let tries = 0; tries < 60; tries += 1) {
      if (await desk.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return
      await desk.keyboard.press('Tab')
    }
    throw new Error(`Tab never comes to ${selector}`)
  }
  /** The arrows go to a row; Tab goes on to its further buttons. */
  async function rowButton(list: string, number: string, nth: number): Promise<void> {
    for (let tries = 0; tries < 40; tries += 1) {
      const row = await desk.evaluate(
        () => document.activeElement?.closest('.row')?.querySelector('.row-number')?.textContent?.trim() ?? '',
      )
      const isThere = await desk.evaluate((name) => document.activeElement?.closest(`.list-${name}`) !== null, list)
      if (row === number && isThere) {
        for (let tabs = 0; tabs < nth; tabs += 1) await desk.keyboard.press('Tab')
        // The branch has done the deed before; the desk may still wait for its answer, and takes no other until then.
        await desk.locator('button:focus:not([aria-disabled=true])').waitFor()
        return desk.keyboard.press('Enter')
      }
      await desk.keyboard.press('ArrowDown')
    }
    throw new Error(`The arrows never come to ${number}`)
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 8))
    await world.branch.installer.send('PUT', '/api/v1/catalogue', sampleBank)
    door = await world.branch.pair('kiosk')
    faces = await openBrowser()
    desk = await faces.open('desk', (await world.caller('awa')).url, { width: 1280, height: 800 })
    await desk.locator('.sign-in').waitFor()
  }, 120_000)
  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  test('a counter is opened', async () => {
    await tabTo('.choice input[type=radio]')
    await desk.keyboard.press('Space')
    await tabTo('.choices ~ .choices input[type=radio]')
    await desk.keyboard.press('Space')
    await tabTo('.pin-input')
    await desk.keyboard.type('271828')
    await desk.keyboard.press('Enter')
    await desk.locator('.primary-act').waitFor()
  })

  test('somebody is called, recalled, returned, missed, put back, called by choice and cancelled', async () => {
    const [first, second] = [await take(), await take()]
    await key(' ', 'called')
    await sees(desk, first, 'called')
    used.add('r')
    await pressKey(desk, 'r')
    await desk.locator('.current-recalls').waitFor()
    await key('b', 'none')
    await key(' ', 'called')
    // The news of an act may come before its answer: who has gone on to a row meanwhile stays there.
    const answer = Promise.withResolvers<void>()
    await desk.route('**/no-show', async (route) => {
      const response = await route.fetch()
      await answer.promise
      await route.fulfill({ response })
    })
    await key('n', 'none')
    await expect.poll(() => rowNumbers(desk, 'no-shows'), PATIENCE).toContain(first)
    const acts = rowButton('no-shows', first, 0)
    await desk.locator('.list-no-shows button:focus[aria-disabled=true]').waitFor()
    answer.resolve()
    await acts
    await is(first, 'waiting')
    await desk.unrouteAll({ behavior: 'wait' })
    await rowButton('waiting', second, 0)
    await sees(desk, second, 'called')
    await key('b', 'none')
    await rowButton('waiting', second, 1)
    await desk.locator('dialog[open]').waitFor()
    await answers()
    await is(second, 'cancelled')
    await key(' ', 'called')
    await key(' ', 'serving')
  })

  test('a note is written, the customer put on hold with a reason, taken up again and sent elsewhere', async () => {
    await asks('w')
    await desk.keyboard.type('Revient à midi')
    await desk.keyboard.press('Control+Enter')
    await desk.locator('dialog[open]').waitFor({ state: 'detached' })
    await desk.locator('.current-note').waitFor()
    await asks('h')
    await tabTo('dialog[open] input[type=radio]')
    await answers('ArrowDown')
    await isFree()
    const [held] = await rowNumbers(desk, 'held')
    world.clock.pass(65_000)
    await desk.locator('.list-held').getByText('1:0', { exact: false }).first().waitFor()
    await rowButton('held', held ?? '', 0)
    await expect.poll(() => status(desk), PATIENCE).toBe('serving')
    await asks('t')
    await tabTo('dialog[open] input[type=radio]')
    await answers('Space')
    await is(held ?? '', 'waiting')
    await isFree()
  })

  test('a service ends with its outcome, one is served at once, a ticket is given, a number is typed', async () => {
    await asks('s')
    await answers('ArrowDown')
    await expect.poll(() => status(desk), PATIENCE).toBe('serving')
    await asks('o')
    await tabTo('dialog[open] input[type=radio]')
    await answers('ArrowDown')
    await isFree()
    const before = tickets().length
    await asks('g')
    await tabTo('dialog[open] input[type=radio]')
    await answers('ArrowDown')
    await until('a ticket is given', () => tickets().length === before + 1)
    await asks('a')
    await desk.keyboard.type('A1001')
    await answers()
    await sees(desk, 'A1001', 'called')
    await press(desk, 'n', 'none')
  })

  test('a break, the desk’s settings, the manager’s door, the paper page and the end of the day', async () => {
    await asks('p')
    await answers()
    await desk.locator('.break-card').waitFor()
    await desk.keyboard.press('Space')
    await desk.locator('.desk').waitFor()
    await asks('k')
    await tabTo('dialog[open] .switch:nth-of-type(2) input')
    await desk.keyboard.press('Space')
    expect(await desk.locator('html').getAttribute('data-theme')).toBe('dark')
    await desk.keyboard.press('Escape')
    await asks('m')
    await desk.keyboard.press('Escape')
    await desk.locator('dialog[open]').waitFor({ state: 'detached' })
    await desk.keyboard.press('e')
    await desk.locator('.paper').first().waitFor()
    await desk.keyboard.press('Escape')
    await desk.locator('.desk').waitFor()
  })

  test('what is said of an act never covers the primary button, in any window', async () => {
    for (const [width, height] of [
      [360, 740],
      [1280, 800],
      [1920, 1080],
      [1024, 768],
    ] as const) {
      await desk.setViewportSize({ width, height })
      if ((await rowNumbers(desk, 'waiting')).length === 0) await take()
      await key(' ', 'called')
      // Another's word would stand here for this one's.
      await desk.locator('.toast').waitFor({ state: 'detached' })
      await desk.locator('.primary-act[aria-disabled=false]').waitFor()
      await desk.keyboard.press('r')
      await desk.locator('.toast').waitFor()
      expect({ width, covers: await meet(desk, '.toast', '.primary-act') }).toEqual({ width, covers: false })
      expect(await meet(desk, '.toast', '.current-number')).toBe(false)
      await key('n', 'none')
    }
    await desk.setViewportSize({ width: 1280, height: 800 })
  })

  test('from the key to the call on the screen it takes little more than a bare round trip', async () => {
    const keyMs: number[] = []
    const tripMs: number[] = []
    for (let turn = 0; turn < CALLS; turn += 1) {
      const number = await take()
      tripMs.push(
        await desk.evaluate(async () => {
          const startMs = performance.now()
          const answer = await fetch('/api/v1/tickets', {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
            body: JSON.stringify({ serviceId: 'cash', channel: 'counter' }),
          })
          await answer.json()
          await new Promise(requestAnimationFrame)
          return performance.now() - startMs
        }),
      )
      expect(number).not.toBe('')
      await desk.locator('.primary-act[aria-disabled=false]').waitFor()
      const shown = desk.evaluate(
        () =>
          new Promise<number>((resolve) => {
            let pressedMs = 0
            document.addEventListener('keydown', (event) => (pressedMs = event.timeStamp), {
              capture: true,
              once: true,
            })
            const seen = new MutationObserver(() => {
              if (document.querySelector('.current-ticket[data-status=called]') === null) return
              seen.disconnect()
              // Drawn with the next frame.
              requestAnimationFrame(() => resolve(performance.now() - pressedMs))
            })
            seen.observe(document.body, { subtree: true, childList: true, attributes: true })
          }),
      )
      await desk.evaluate(() => 0)
      await desk.keyboard.press('Space')
      keyMs.push(await shown)
      await press(desk, 'n', 'none')
    }
    const middle = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
    const ratio = middle(keyMs) / middle(tripMs)
    console.log(
      `key to screen ${middle(keyMs).toFixed(1)} ms, bare round trip ${middle(tripMs).toFixed(1)} ms, ratio ${ratio.toFixed(2)}`,
    )
    expect(ratio).toBeLessThan(KEY_TO_SCREEN_RATIO_MAX)
  })

  test('the counter is closed, and every key of the desk has been used', async () => {
    await asks('l')
    await answers()
    await desk.locator('.sign-in').waitFor()
    const missing = Object.values(ACT_KEYS).filter((letter) => !used.has(letter.toLowerCase()))
    expect(missing).toEqual([])
    expect(faces.complaints).toEqual([])
  })
})
