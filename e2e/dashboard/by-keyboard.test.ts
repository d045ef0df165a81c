import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDashboardWords, type DashboardKey } from '../../shared/words/dashboard-words.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from '../identity/test-identity.ts'
import { openWindow } from './window.ts'

/** Presses of Tab from the top of a page to any of its parts: more, and nobody works so. */
const TABS_MAX = 120
const PIN = '483920'

let cloud: TestCloudIdentity
let browser: Browser
let person: TestPerson
let page: Page
/** What had the focus and did not show it. */
const unshown = new Set<string>()

beforeAll(async () => {
  cloud = await openTestIdentity()
  person = await cloud.newPerson({ role: 'admin' })
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: [...CHROMIUM_FLAGS] })
  const opened = await openWindow(browser, 'fr')
  page = opened.page
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

const say = (key: DashboardKey, values = {}): string => createDashboardWords('fr').say(key, values)
const inFrench = (label: string): string => say('dash.inLanguage', { label, language: 'Français' })

/** @returns what has the focus and does not show it; '': it does, or nothing has */
function findUnshown(): string {
  const { activeElement } = document
  if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return ''
  // What is drawn beside a field that is not seen itself, as a switch.
  const drawn = [activeElement, ...(activeElement.parentElement?.querySelectorAll('*') ?? [])]
  const isShown = drawn.some((it) => {
    const { outlineStyle, outlineColor, boxShadow } = getComputedStyle(it)
    return (outlineStyle !== 'none' && outlineColor !== 'rgba(0, 0, 0, 0)') || boxShadow !== 'none'
  })
  return isShown ? '' : activeElement.outerHTML.slice(0, 200)
}

/** Tab goes on until the focus is there. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' })
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    if (await target.evaluate((it) => it === document.activeElement)) return
    await page.keyboard.press('Tab')
    const found = await page.evaluate(findUnshown)
    if (found !== '') unshown.add(found)
  }
  throw new Error(`Tab never comes to ${target}`)
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true }).first()
const anchor = (name: string): Locator => page.getByRole('link', { name, exact: true }).first()
const field = (label: string): Locator => page.getByLabel(label).first()

async function press(target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(target)
  await page.keyboard.press(key)
}
async function type(target: Locator, text: string): Promise<void> {
  await tabTo(target)
  await page.keyboard.type(text)
}
/** A choice is made by the arrows, as in any list. */
async function choose(target: Locator, label: string): Promise<void> {
  await tabTo(target)
  const chosen = (): Promise<string> =>
    target.evaluate((it) => (it as HTMLSelectElement).selectedOptions[0]?.textContent?.trim() ?? '')
  for (let steps = 0; steps < 20 && (await chosen()) !== label; steps += 1) await page.keyboard.press('ArrowDown')
  expect(await chosen()).toBe(label)
}
/** From the list by its form, and back. */
async function add(list: DashboardKey, adds: DashboardKey, fill: () => Promise<void>): Promise<void> {
  await press(page.locator('.branch-nav').getByRole('link', { name: say(list), exact: true }))
  await press(page.getByRole('link', { name: say(adds) }).first())
  await fill()
  await press(button(say('dash.save')))
  await page.locator('.table').waitFor()
}

test('a branch is built and published, and its day asked for, by keyboard alone; what has the focus shows it', async () => {
  await page.goto(`${cloud.url}/dashboard/t/${person.slug}`)
  await type(page.locator('#email'), person.email)
  await type(page.locator('#password'), PASSWORD)
  await page.keyboard.press('Enter')
  await page.locator('.shell').waitFor()
  await press(anchor(say('dash.newBranch')))
  await type(field(say('dash.branchName')), 'Agence du Plateau')
  await tabTo(field(say('dash.zone')))
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Africa/Dakar')
  await press(button(say('dash.makeBranch')))
  await page.waitForURL(/\/setup\/branch$/)
  const name = inFrench(say('dash.field.name'))
  await add('dash.queues', 'dash.addQueue', () => type(field(name), 'Caisses'))
  await add('dash.services', 'dash.addService', async () => {
    await type(field(name), 'Dépôt')
    await type(field(say('dash.field.prefix')), 'A')
    await choose(field(say('dash.field.queueId')), 'Caisses')
  })
  await add('dash.countersTitle', 'dash.addCounter', async () => {
    await type(field(name), 'Guichet 1')
    await press(page.getByRole('checkbox', { name: 'Caisses' }), 'Space')
  })
  await add('dash.agents', 'dash.addAgent', async () => {
    await type(field(say('dash.field.agentName')), 'Awa Ndiaye')
    await choose(field(say('dash.field.role')), say('dash.role.manager'))
    await type(field(say('dash.field.pin')), PIN)
  })
  await press(page.locator('.branch-nav').getByRole('link', { name: say('dash.publishTitle') }))
  await page.locator('.difference').first().waitFor()
  await press(button(say('dash.publish')))
  await page.getByText(say('dash.published', { version: '1' })).waitFor()
  await press(anchor(say('dash.reports')))
  await page.locator('h1').waitFor()
  await press(anchor(say('dash.members')))
  await page.locator('.table').waitFor()
  await press(button(say('dash.dark')))
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
  expect([...unshown]).toEqual([])
}, 180_000)
