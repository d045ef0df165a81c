import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AgentId } from '../../shared/domain/ids.ts'
import { createWords } from '../../shared/words/create-words.ts'
import { type Faces, openBrowser } from '../world/browser.ts'
import { answer, pressUntil, say, signIn } from '../world/people.ts'
import { openWorld, until, type World } from '../world/world.ts'

const AWA = { name: 'Awa Ndiaye', pin: '271828' }
const NEW = { name: 'Mariama Sow', easyPin: '123456', pin: '590263', laterPin: '730518' }
const MANAGER_PIN = '141421'

describe('who works here, by a manager at a desk, without internet', () => {
  let world: World
  let faces: Faces
  let desk: Page

  const row = (name: string) => desk.locator('.people .queue-row', { hasText: name })
  const suspended = () => world.branch.running.waist.branch().state.suspended
  const dialog = () => desk.locator('dialog[open]')

  async function pressAt(name: string, what: 'people.newPin' | 'people.suspend' | 'people.restore'): Promise<void> {
    await row(name)
      .getByRole('button', { name: `${say(what)} ${name}` })
      .click()
  }

  async function managerComes(): Promise<void> {
    await pressUntil(desk, 'm', 'dialog[open] .pin-input')
    await dialog().locator('.pin-input').fill(MANAGER_PIN)
    await dialog().locator('.pin-input').press('Enter')
    await desk.locator('.manager').waitFor()
    await pressUntil(desk, '3', '.people')
  }

  beforeAll(async () => {
    world = await openWorld(Date.UTC(2026, 10, 23, 8))
    faces = await openBrowser()
    const host = await world.caller('desk')
    desk = await faces.open('caller', host.url, { width: 1280, height: 900 })
    await signIn(desk, 'Guichet 1', AWA.name, AWA.pin)
    await managerComes()
  }, 120_000)

  afterAll(async () => {
    await faces?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  test('a PIN that is too easy is refused where it was typed, and nothing of what was typed is lost', async () => {
    await desk.getByRole('button', { name: say('people.add'), exact: true }).click()
    await dialog().getByLabel(say('people.name')).fill(NEW.name)
    await dialog().locator('.pin-input').fill(NEW.easyPin)
    await dialog().locator('.dialog-actions button').last().click()
    await dialog()
      .locator('.dialog-problem', { hasText: say('problem.PinEasy') })
      .waitFor()
    expect(await dialog().getByLabel(say('people.name')).inputValue()).toBe(NEW.name)
  })

  test('somebody new is in the list at once, and is said to be of this branch alone', async () => {
    await dialog().locator('.pin-input').fill(NEW.pin)
    await answer(desk, [])
    await row(NEW.name).getByText(say('people.ofSite')).waitFor()
  })

  test('whoever is suspended stands there as that, and is back when the manager says so', async () => {
    await pressAt(AWA.name, 'people.suspend')
    await answer(desk, [])
    await row(AWA.name).getByText(say('people.suspended')).waitFor()
    expect([...suspended().keys()]).toEqual(['awa' as AgentId])
    await pressAt(AWA.name, 'people.restore')
    await until('she is back', () => suspended().size === 0)
    await row(AWA.name)
      .getByRole('button', { name: `${say('people.suspend')} ${AWA.name}` })
      .waitFor()
  })

  test('a new PIN opens a counter, the one before it no more', async () => {
    await pressAt(NEW.name, 'people.newPin')
    await dialog().locator('.pin-input').fill(NEW.laterPin)
    await answer(desk, [])
    const other = await world.caller('other')
    const page = await faces.open('caller', other.url, { width: 1024, height: 768 })
    await page.locator('.choice-text', { hasText: 'Guichet 2' }).click()
    await page.locator('.choice-text', { hasText: NEW.name }).click()
    await page.locator('.pin-input').fill(NEW.pin)
    await page.locator('.pin-input').press('Enter')
    await page.getByText(say('problem.PinWrong')).first().waitFor()
    await page.locator('.pin-input').fill(NEW.laterPin)
    await page.locator('.pin-input').press('Enter')
    await page.locator('.primary-act').waitFor()
  })

  test('the list reads in three languages', async () => {
    for (const language of ['en', 'ar', 'fr'] as const) {
      await desk.locator('.head-language').selectOption(language)
      await desk.locator('.people h2', { hasText: createWords(language).say('people.title') }).waitFor()
    }
  })
})
