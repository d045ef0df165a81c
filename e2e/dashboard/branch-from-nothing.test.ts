import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { openTestBranch } from '../../branch-server/testing/test-branch.ts'
import { LANGUAGES, type Language } from '../../shared/domain/ids.ts'
import { createDashboardWords, type DashboardKey } from '../../shared/words/dashboard-words.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { findByAxe, findOverflow, readAxe } from '../gallery/look.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from '../identity/test-identity.ts'
import { DESK, openWindow } from './window.ts'

/** Where pictures are kept to be looked at; left out: nowhere. */
const FOLDER = process.env['DASHBOARD_PICTURES']
const PATIENCE = { timeout: 60_000, interval: 200 }
const PIN = '483920'
const [PHONE, WALL] = [
  { width: 360, height: 740 },
  { width: 2560, height: 1440 },
] as const

let cloud: TestCloudIdentity
let browser: Browser
let axe = ''
let person: TestPerson
beforeAll(async () => {
  cloud = await openTestIdentity()
  person = await cloud.newPerson({ role: 'admin' })
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: [...CHROMIUM_FLAGS] })
  axe = await readAxe()
  if (FOLDER !== undefined) mkdirSync(FOLDER, { recursive: true })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

const say = (key: DashboardKey, values = {}): string => createDashboardWords('fr').say(key, values)

/** She opens an address and signs in on her way there. */
async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(`${cloud.url}${path}`)
  await page.locator('#email').fill(person.email)
  await page.locator('#password').fill(PASSWORD)
  await page.locator('button').first().click()
  await page.locator('.shell').waitFor()
}

async function picture(page: Page, name: string): Promise<void> {
  if (FOLDER !== undefined) await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true })
}

/** Nothing is cut on a phone or on a wall, nothing is hard to read or to reach by whoever listens. */
async function look(page: Page, name: string, hasAxe = true): Promise<void> {
  await page.locator('h1').waitFor()
  await picture(page, `${name}-1280`)
  if (hasAxe) expect([name, await findByAxe(page, axe, [])]).toEqual([name, []])
  for (const [size, pixels] of [
    ['360', PHONE],
    ['2560', WALL],
  ] as const) {
    await page.setViewportSize(pixels)
    await picture(page, `${name}-${size}`)
    const found = (await page.evaluate(findOverflow)).filter(
      // A field scrolls what is longer than it is; the page itself is scrolled.
      (it) =>
        !/^wider than its box: (input|select|span\.\S+ mantine-Switch-track)|^must be scrolled|only-heard|thead|^leaves the window: (tr|th)/.test(
          it,
        ),
    )
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect([name, size, found, wide]).toEqual([name, size, [], 0])
  }
  await page.setViewportSize(DESK)
}

const field = (page: Page, label: string) => page.getByLabel(label).first()
const link = (page: Page, name: string) => page.locator('.branch-nav').getByRole('link', { name, exact: true })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()
const inFrench = (label: string): string => say('dash.inLanguage', { label, language: 'Français' })

/** Adds one entry by its form, and comes back to its list. */
async function add(page: Page, list: DashboardKey, button: DashboardKey, fill: () => Promise<void>): Promise<void> {
  await link(page, say(list)).click()
  await page
    .getByRole('link', { name: say(button) })
    .first()
    .click()
  await fill()
  await press(page, say('dash.save'))
  await page.locator('.table').waitFor()
}

async function buildBranch(page: Page): Promise<string> {
  await page.getByRole('link', { name: say('dash.newBranch') }).click()
  await press(page, say('dash.makeBranch'))
  await page.getByText(say('dash.fault.missing')).waitFor()
  await field(page, say('dash.branchName')).fill('Agence du Plateau')
  await field(page, say('dash.zone')).fill('Africa/Dakar')
  await press(page, say('dash.makeBranch'))
  await page.waitForURL(/\/setup\/branch$/)
  const name = inFrench(say('dash.field.name'))
  await add(page, 'dash.queues', 'dash.addQueue', () => field(page, name).fill('Caisses'))
  await link(page, say('dash.services')).click()
  await page.getByRole('link', { name: say('dash.addService') }).click()
  await field(page, name).fill('Dépôt')
  await field(page, say('dash.field.prefix')).fill('a')
  await page.getByLabel(say('dash.field.queueId')).selectOption({ label: 'Caisses' })
  await press(page, say('dash.save'))
  // What is wrong is said at its field, and stays in the draft until it is mended.
  await page.getByText(say('dash.fault.prefix')).waitFor()
  await look(page, 'service-faulty')
  await field(page, say('dash.field.prefix')).fill('A')
  await press(page, say('dash.save'))
  await page.locator('.table').waitFor()
  await add(page, 'dash.countersTitle', 'dash.addCounter', async () => {
    await field(page, name).fill('Guichet 1')
    await page.getByRole('checkbox', { name: 'Caisses' }).check()
  })
  await add(page, 'dash.agents', 'dash.addAgent', async () => {
    await field(page, say('dash.field.agentName')).fill('Awa Ndiaye')
    await page.getByLabel(say('dash.field.role')).selectOption('manager')
    await field(page, say('dash.field.pin')).fill(PIN)
  })
  return /branches\/([0-9a-f-]+)/.exec(page.url())?.[1] ?? ''
}

test('a branch is built from nothing, published, fetched by its server, its floor is seen and its day read; nobody is locked out by her language', async () => {
  const { page, complaints } = await openWindow(browser, 'fr')
  await signIn(page, `/dashboard/t/${person.slug}`)
  await page.getByText(say('dash.noBranches')).waitFor()
  await look(page, 'no-branches')
  const branchId = await buildBranch(page)
  const base = `/dashboard/t/${person.slug}/branches/${branchId}`
  await link(page, `${say('dash.publishTitle')}`).click()
  await page.locator('.difference').first().waitFor()
  await look(page, 'publish')
  await press(page, say('dash.publish'))
  await page.getByText(say('dash.published', { version: '1' })).waitFor()
  await link(page, say('dash.toConnect')).click()
  await press(page, say('dash.makeCode'))
  const code = (await page.locator('.code').textContent()) ?? ''
  await look(page, 'connect')

  await using branch = await openTestBranch({ cloud: { url: cloud.url, code }, catalogue: null, logLevel: 'fatal' })
  const services = async () => branch.running.waist.branch().state.catalogue?.body.services.map((it) => it.prefix)
  await expect.poll(services, PATIENCE).toEqual(['A'])
  const caller = await branch.pair('caller')
  const kiosk = await branch.pair('kiosk')
  expect((await caller.open('guichet-1', 'awa-ndiaye', PIN)).status).toBe(200)
  const serviceId = branch.running.waist.branch().state.catalogue?.body.services[0]?.id ?? ''
  expect((await kiosk.issue(serviceId)).status).toBe(201)

  await page.goto(`${cloud.url}${base}`)
  const waiting = () => {
    // It says how it is every quarter of a minute of its own time.
    branch.clock.pass(16_000)
    return page.locator('.totals dd').first().textContent()
  }
  await expect.poll(waiting, PATIENCE).toBe('1')
  await page.getByText('Awa Ndiaye').waitFor()
  await look(page, 'floor')
  await workDay(branch, kiosk, caller, serviceId)
  await readFigures(page)
  expect(complaints).toEqual([])
  await page.context().close()

  for (const language of LANGUAGES) await readAll(language, base)
}, 480_000)

/** Customers of the day beside the first: the last of all does not come. */
const FURTHER_CUSTOMERS = 4
const MINUTE_MS = 60_000

/** A small day: each waits two minutes longer than the one before, is served for three, and the last is missed. */
async function workDay(
  branch: Awaited<ReturnType<typeof openTestBranch>>,
  kiosk: DeviceClient,
  caller: DeviceClient,
  serviceId: string,
): Promise<void> {
  for (let turn = 0; turn < FURTHER_CUSTOMERS; turn += 1) expect((await kiosk.issue(serviceId)).status).toBe(201)
  for (let turn = 0; turn <= FURTHER_CUSTOMERS; turn += 1) {
    branch.clock.pass(2 * MINUTE_MS)
    const called = await caller.callNext('guichet-1')
    expect(called.status).toBe(200)
    const { ticketId } = called.body
    const acts = turn === FURTHER_CUSTOMERS ? ['no-show'] : ['start', 'complete']
    for (const act of acts) {
      expect((await caller.act(ticketId, act)).status).toBe(200)
      branch.clock.pass(3 * MINUTE_MS)
    }
  }
}

const dateAround = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const figuresOf = (report: string, daysBack = 1): string =>
  `/dashboard/t/${person.slug}/reports/${report}?from=${dateAround(-daysBack)}&to=${dateAround(1)}`

/** Waits of 2, 10, 18, 26 and 34 minutes: the middle, nine of ten, within ten minutes, given up, missed. */
const TOTALS_OF_DAY = /5.*18:00.*34:00.*40\s%.*n0\s%.*e20\s%/

/** The day's figures are there once its log has come up; the same are taken away as a table and as a paper. */
async function readFigures(page: Page): Promise<void> {
  let daysBack = 1
  const totals = async () => {
    daysBack += 1
    await page.evaluate((to) => history.pushState(null, '', to), figuresOf('wait-times', daysBack))
    await page.getByRole('button', { name: say('dash.report.download', { format: 'PDF' }) }).waitFor()
    return page
      .locator('.report-totals')
      .textContent({ timeout: 1_000 })
      .catch(() => '')
  }
  await expect.poll(totals, PATIENCE).toMatch(TOTALS_OF_DAY)
  for (const [format, start] of [
    ['CSV', '\ufeff'],
    ['PDF', '%PDF-'],
  ] as const) {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      press(page, say('dash.report.download', { format })),
    ])
    expect(file.suggestedFilename()).toMatch(new RegExp(`^smartqueue-wait-times-.*\\.${format.toLowerCase()}$`))
    expect((await readFile(await file.path())).toString('utf8').startsWith(start)).toBe(true)
  }
}

/** All pages of a branch, in one language, by their own addresses; each survives the way to the sign-in and back. */
async function readAll(language: Language, base: string): Promise<void> {
  const { page, complaints } = await openWindow(browser, language)
  await signIn(page, `${base}/setup/services`)
  await page.waitForURL(/\/setup\/services$/)
  const direction = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])
  expect(direction).toEqual([language, language === 'ar' ? 'rtl' : 'ltr'])
  // By day and by night, each in a language of its own.
  if (language === 'ar')
    await page.getByRole('button', { name: createDashboardWords(language).say('dash.dark') }).click()
  const pages = ['', '/publish', '/setup/branch', '/setup/slip', '/setup/services', '/setup/agents/awa-ndiaye']
  pages.push('/setup/displays/new', '/setup/workProfiles/new', '/versions', '/file')
  for (const path of pages) {
    await page.evaluate((to) => history.pushState(null, '', to), `${base}${path}`)
    // The same in each language: names of fields, contrasts, order.
    await look(page, `${language}${path.replaceAll('/', '-') || '-floor'}`, language !== 'en')
  }
  const home = base.replace(/\/branches.*/, '')
  for (const path of [
    figuresOf('wait-times'),
    figuresOf('satisfaction'),
    ...['/members', '/programs', '/alerts', '/daily'].map((it) => `${home}${it}`),
  ]) {
    await page.evaluate((to) => history.pushState(null, '', to), path)
    await look(page, `${language}-${/(\w+)(\?|$)/.exec(path)?.[1]}`, language !== 'en')
  }
  await page.evaluate((to) => history.pushState(null, '', to), home)
  await look(page, `${language}-fleet`)
  expect(complaints).toEqual([])
  await page.context().close()
}
