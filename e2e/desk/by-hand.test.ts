import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { readButtonPlace } from '../../caller/devices/buttons.ts'
import { GLOBAL_KEYS } from '../../caller/devices/global-keys.ts'
import type { CallerHost } from '../../caller/host.ts'
import { openPty, type Pty } from '../paper/pty.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { press, say, sees, signIn, status } from '../world/people.ts'
import { openWorld, until, type World } from '../world/world.ts'

/** Other programs work here, too. */
const PATIENCE = { timeout: 15_000 }

/** How many tones this page has made. */
const tones = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { tones: number }).tones)

// One story, told in order: a counter with a push-button on a serial cable, its desk and its bar.
describe('a counter that is worked by hand', () => {
  let world: World
  let faces: Faces
  let door: DeviceClient
  let host: CallerHost
  let desk: Page
  let bar: Page
  let button: Pty
  let place = ''
  let raisedCount = 0
  /** What the desk's page was told of presses. */
  const toldToDesk: string[] = []
  const toldToBar: string[] = []

  const calls = () => [...world.branch.running.waist.branch().state.tickets.values()]
  const statusOf = (number: string) => calls().find(({ facts }) => facts.number === number)?.phase.status

  async function take(): Promise<string> {
    world.clock.pass(1_000)
    return (await door.issue('cash')).body.number
  }
  /** A press after the one before it: hands are slower than contacts bounce. */
  function pushes(text: string): void {
    world.clock.pass(1_000)
    button.cable.stdin.write(text)
  }
  const leadsTo = (wanted: string) => expect.poll(() => status(desk), PATIENCE).toBe(wanted)
  async function plug(): Promise<void> {
    button = await openPty()
    rmSync(place, { force: true })
    symlinkSync(button.path, place)
  }
  const isThere = async (): Promise<unknown> => {
    const state = (await (await fetch(`${host.url}/local/v1/state`)).json()) as { presses: { isButtonThere: boolean } }
    return state.presses.isButtonThere
  }
  function hears(page: Page, told: string[]): void {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"press"')) told.push(String(payload))
      }),
    )
  }
  async function listens(page: Page): Promise<void> {
    await page.addInitScript(() => {
      const counted = window as unknown as { tones: number; OscillatorNode: typeof OscillatorNode }
      counted.tones = 0
      counted.OscillatorNode = class extends OscillatorNode {
        override start(when?: number): void {
          counted.tones += 1
          super.start(when)
        }
      }
    })
    await page.reload()
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 8))
    door = await world.branch.pair('kiosk')
    place = join(world.folder, 'usb-button')
    await plug()
    const buttons = readButtonPlace(`serial:${place}?baud=9600`)
    if (!buttons.ok) throw new Error(buttons.refusal)
    host = await world.caller('awa', { buttons: buttons.value })
    host.onRaise(() => {
      raisedCount += 1
    })
    faces = await openBrowser()
    desk = await faces.open('desk', host.url, { width: 1280, height: 800 })
    await signIn(desk, 'Guichet 1', 'Awa Ndiaye', '271828')
    bar = await faces.open('bar', `${host.url}/?bar`, { width: 640, height: 56 }, desk)
    await bar.getByText(say('caller.bar.waiting', { count: 0 })).waitFor()
    hears(desk, toldToDesk)
    hears(bar, toldToBar)
    await listens(desk)
    await listens(bar)
    await desk.locator('.desk').waitFor()
    await bar.locator('.primary-act').waitFor()
  }, 120_000)
  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
    await button?.close()
  })

  test('when somebody waits one of the two pages makes one soft sound, and the bar says how many', async () => {
    const number = await take()
    await expect.poll(async () => (await tones(desk)) + (await tones(bar)), PATIENCE).toBe(2)
    await bar.getByText(say('caller.bar.waiting', { count: 1 })).waitFor()
    expect(statusOf(number)).toBe('waiting')
  })

  test('a push calls the next, and a contact that bounces does not start the service, too', async () => {
    pushes('111\r\n')
    await leadsTo('called')
    await sees(desk, 'A001', 'called')
    await expect.poll(() => bar.locator('.bar-number').textContent(), PATIENCE).toBe('A001')
    expect(await bar.locator('.primary-act').textContent()).toContain(say('caller.start'))
    pushes('xyz')
    pushes('1')
    await leadsTo('serving')
    await take()
    // Not while somebody is served.
    expect((await tones(desk)) + (await tones(bar))).toBe(2)
  })

  test('what asks first is asked at the desk, and nothing acts behind the question', async () => {
    pushes('HOLD\n')
    await desk.locator('dialog[open]').waitFor()
    expect(raisedCount).toBe(1)
    const toldCount = toldToDesk.length
    pushes('1')
    await until('the page was told', () => toldToDesk.length === toldCount + 1)
    await desk.locator('dialog[open] button').first().press('Escape')
    await desk.locator('dialog[open]').waitFor({ state: 'detached' })
    expect(statusOf('A001')).toBe('serving')
  })

  test('a button that is pulled out and plugged in again goes on where it was', async () => {
    await button.close()
    await until('the button is missed', async () => (await isThere()) === false)
    await desk.keyboard.press('k')
    await desk.getByText(say('caller.buttonAway'), { exact: false }).waitFor()
    await desk.keyboard.press('Escape')
    await plug()
    await until('the button is there again', async () => (await isThere()) === true)
    pushes('1')
    await leadsTo('none')
    expect(statusOf('A001')).toBe('completed')
  })

  test('a key of the whole machine does the same, and the page shows which there are', async () => {
    host.setGlobalKeys(GLOBAL_KEYS.slice(0, 1))
    expect(host.press('primary')).toBe(true)
    await leadsTo('called')
    expect(host.press('manage')).toBe(false)
    await desk.keyboard.press('k')
    await desk.getByText(say('caller.keysEverywhere')).waitFor()
    expect(await desk.locator('.key-list').last().locator('.key-name').allTextContents()).toEqual([
      'Ctrl',
      'Shift',
      'F9',
    ])
  })

  test('the sound is turned off by keyboard, and stays off on this device', async () => {
    await desk.locator('dialog[open] .switch input').first().press('Space')
    await desk.keyboard.press('Escape')
    await desk.locator('dialog[open]').waitFor({ state: 'detached' })
    await desk.reload()
    await press(desk, 'n', 'none')
    await desk.keyboard.press('k')
    expect(await desk.locator('dialog[open] .switch input').first().isChecked()).toBe(false)
    await desk.keyboard.press('Escape')
  })

  test('without the desk’s page the bar does what is pressed, and its own button too', async () => {
    await desk.close()
    const number = await take()
    await bar.locator('.primary-act[aria-disabled=false]').waitFor()
    // Nobody is called yet, so there is nobody to recall.
    await until('presses come to the bar', () => host.press('recall') && toldToBar.length > 0)
    pushes('NEXT\n')
    await expect.poll(() => statusOf(number), PATIENCE).toBe('called')
    await expect.poll(() => bar.locator('.bar-number').textContent(), PATIENCE).toBe(number)
    await bar.locator('.primary-act').click()
    await expect.poll(() => statusOf(number), PATIENCE).toBe('serving')
    // The branch has it a moment before the bar has its answer.
    await bar.locator('.primary-act[aria-disabled=false]').waitFor()
    await bar.keyboard.press('Space')
    await expect.poll(() => statusOf(number), PATIENCE).toBe('completed')
    await bar.close()
    await until('no page is left', () => !host.press('primary'))
  })

  test('no screen complained', () => {
    expect(faces.complaints).toEqual([])
  })
})
