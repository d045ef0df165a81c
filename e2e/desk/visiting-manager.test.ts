import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { MANAGER_IDLE_MS } from '../../caller/use-idle-sign-out.ts'
import type { CounterId } from '../../shared/domain/ids.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { answer, press, pressUntil, say, sees, signIn } from '../world/people.ts'
import { openWorld, until, type World } from '../world/world.ts'

const COUNTER = 'counter-1' as CounterId

describe('a manager at the desk of an agent', () => {
  let world: World
  let faces: Faces
  let door: DeviceClient
  let awa: Page
  let host: RunningHost
  let number: string

  const state = () => world.branch.running.waist.branch().state
  const seat = () => state().openCounters.get(COUNTER)

  async function comes(pin: string): Promise<void> {
    await awa.keyboard.press('m')
    await awa.locator('dialog[open] .pin-input').fill(pin)
    await awa.locator('dialog[open] .pin-input').press('Enter')
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 8))
    door = await world.branch.pair('kiosk')
    faces = await openBrowser()
    host = await world.caller('awa')
    awa = await faces.open('caller', host.url, { width: 1280, height: 900 })
    await signIn(awa, 'Guichet 1', 'Awa Ndiaye', '271828')
    number = (await door.issue('cash')).body.number
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  test('a wrong PIN opens nothing and says so where it was typed', async () => {
    await press(awa, 'Space', 'called')
    await press(awa, 'Space', 'serving')
    await comes('000000')
    await awa.locator('dialog[open] .field-problem', { hasText: say('problem.PinWrong') }).waitFor()
    await awa.keyboard.press('Escape')
    await awa.locator('dialog[open]').waitFor({ state: 'detached' })
    await sees(awa, number, 'serving')
  })

  test('her PIN lays her pages over the desk, in three languages, while the customer stays in front of the agent', async () => {
    for (const language of ['fr', 'en', 'ar'] as const) {
      const words = createWords(language)
      await awa.locator('.head-language').selectOption(language)
      await awa.locator('.tool-manage', { hasText: words.say('manager.title') }).click()
      await awa.locator('dialog[open]', { hasText: words.say('manager.visitText', { agent: 'Awa Ndiaye' }) }).waitFor()
      await awa.keyboard.press('Escape')
      await awa.locator('dialog[open]').waitFor({ state: 'detached' })
    }
    await awa.locator('.head-language').selectOption('fr')
    await comes('141421')
    await awa.locator('.manager').waitFor()
    await awa.locator('.head-post', { hasText: 'Ibrahima Fall' }).waitFor()
    expect(seat()?.agentId).toBe('awa')
    await awa.keyboard.press('Space')
    await awa.keyboard.press('3')
    await awa.locator('.intake button').press('Enter')
    await answer(awa, [])
    await until('the tickets are stopped', () => state().isIntakeStopped)
    expect((await fetch(`${host.url}/api/v1/reports/today`)).status).toBe(200)
  })

  test('one key gives the desk back, and the agent has no more rights than before', async () => {
    await pressUntil(awa, 'Escape', '.current-ticket')
    await sees(awa, number, 'serving')
    expect((await fetch(`${host.url}/api/v1/reports/today`)).status).toBe(403)
    await press(awa, 'Space', 'none')
  })

  test('pages that nobody touches give the desk back by themselves', async () => {
    await awa.clock.install()
    await comes('141421')
    await awa.locator('.manager').waitFor()
    await awa.clock.fastForward(MANAGER_IDLE_MS)
    await awa.locator('.desk').waitFor()
    await until('she is signed out', () => state().managers.size === 0)
    expect(seat()?.agentId).toBe('awa')
  })

  test('an agent whose counter a manager has freed is told so', async () => {
    const office = await faces.open('office', (await world.caller('office')).url, { width: 1280, height: 900 })
    await office.locator('.choice-text', { hasText: say('manager.pages') }).click()
    await office.locator('.choice-text', { hasText: 'Ibrahima Fall' }).click()
    await office.keyboard.type('141421')
    await office.keyboard.press('Enter')
    await office.locator('.manager').waitFor()
    await office.keyboard.press('2')
    await office
      .locator('.floor tbody tr', { hasText: 'Guichet 1' })
      .getByText(say('manager.free'), { exact: true })
      .click()
    await answer(office, [])
    await awa.locator('.sign-in', { hasText: say('caller.counterTaken') }).waitFor()
  })

  test('loaded anew, her pages sign her out and speak of no mistake; on a low screen they scroll inside, not as a whole', async () => {
    const office = await faces.open('office anew', (await world.caller('office anew')).url, {
      width: 1024,
      height: 600,
    })
    await office.locator('.choice-text', { hasText: say('manager.pages') }).click()
    await office.locator('.choice-text', { hasText: 'Ibrahima Fall' }).click()
    await office.keyboard.type('141421')
    await office.keyboard.press('Enter')
    await office.locator('.figures table').waitFor()
    expect(await office.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0)
    await office.reload()
    await office.locator('.sign-in').waitFor()
    await until('she is signed out', () => state().managers.size === 0)
    await expect(office.locator('.toast-problem').innerText({ timeout: 2_000 })).rejects.toThrow()
  })

  test('no screen complained', () => {
    expect(faces.complaints).toEqual([])
  })
})
