import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBankStory, type StoredStory } from '../../branch-server/testing/stored-story.ts'
import { watchTenant } from '../../cloud-sync/alerts/watch-tenant.ts'
import { addBranch } from '../../cloud-sync/store/branches.ts'
import { type BranchIdentity, receive } from '../../cloud-sync/store/inbox.ts'
import { keepPresent } from '../../cloud-sync/store/present-rows.ts'
import { silent } from '../../cloud-sync/testing/test-database.ts'
import type { Origin } from '../../shared/domain/commands.ts'
import { LANGUAGES, type Language, type TicketId } from '../../shared/domain/ids.ts'
import { amadou, binta, callerAt, cash, counter1, counter2, kiosk1, loans } from '../../shared/domain/testing/bank.ts'
import { presentOf } from '../../shared/project/present.ts'
import { createDashboardWords, type DashboardKey } from '../../shared/words/dashboard-words.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { findByAxe, findOverflow, readAxe } from '../gallery/look.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from '../identity/test-identity.ts'
import { epochsOf, sendCatalogues } from '../sync/told-story.ts'
import { DESK, openWindow } from './window.ts'

/** Where pictures are kept to be looked at; left out: nowhere. */
const FOLDER = process.env['DASHBOARD_PICTURES']
const PATIENCE = { timeout: 60_000, interval: 200 }
const MINUTE_MS = 60_000
const PHONE = { width: 360, height: 740 } as const

let cloud: TestCloudIdentity
let browser: Browser
let axe = ''
let person: TestPerson
let branch: BranchIdentity
let story: StoredStory
let stop = (): void => {}
beforeAll(async () => {
  cloud = await openTestIdentity()
  stop = cloud.app.live.start()
  person = await cloud.newPerson({ role: 'admin' })
  const { tenantId } = person
  branch = { tenantId, branchId: await addBranch(cloud.database, tenantId, { fr: 'Dakar Plateau' }, 'Africa/Dakar') }
  await addBranch(cloud.database, tenantId, { fr: 'Thiès' }, 'Africa/Dakar')
  await cloud.database.asTenant(tenantId, (db) =>
    db.query("update branch set public_key = 'a key' where tenant_id = $1 and branch_id = $2", [
      ...[tenantId, branch.branchId],
    ]),
  )
  // Whoever has waited for half an hour is late.
  story = openBankStory(Date.now() - 30 * MINUTE_MS)
  await sendCatalogues(cloud.database, branch, story)
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: [...CHROMIUM_FLAGS] })
  axe = await readAxe()
  if (FOLDER !== undefined) mkdirSync(FOLDER, { recursive: true })
}, 120_000)
afterAll(async () => {
  stop()
  await browser?.close()
  await cloud?.close()
  story?.[Symbol.dispose]()
})

const at = (counter: typeof counter1): Origin => ({ kind: 'caller', deviceId: callerAt(counter) })
let count = 0
function come(serviceId = cash): TicketId {
  count += 1
  const ticketId = `visit-${count}` as TicketId
  const about = { ticketId, serviceId, channel: 'kiosk', priority: null, language: null } as const
  story.ask({ type: 'IssueTicket', ...about }, { kind: 'kiosk', deviceId: kiosk1 })
  return ticketId
}

let sent = 0
/** What the branch did comes up, and how it is. */
async function bring(): Promise<void> {
  story.commit()
  for (const { epoch, events } of epochsOf(story)) {
    await receive(cloud.database, branch, epoch, events.slice(sent))
    sent = events.length
  }
  const devices = [
    { deviceId: 'kiosk-1', kind: 'kiosk', isInContact: true, paper: 'near-end' as const },
    { deviceId: 'display-1', kind: 'display', isInContact: false },
  ]
  const present = presentOf(story.state, devices, story.clock.read())
  if (present === null) throw new Error('The branch has nothing to say')
  const nowMs = Date.now()
  await keepPresent(cloud.database, branch, present, { signedAtMs: nowMs, nowMs })
  cloud.app.live.changed(branch)
}

function startDay(): void {
  story.ask({ type: 'OpenCounter', counterId: counter1, agentId: amadou }, at(counter1))
  story.ask({ type: 'OpenCounter', counterId: counter2, agentId: binta }, at(counter2))
  const served = come()
  story.clock.pass(MINUTE_MS)
  for (const serviceId of [cash, cash, loans, cash]) come(serviceId)
  story.ask({ type: 'CallTicket', counterId: counter1, ticketId: served }, at(counter1))
  story.ask({ type: 'StartService', ticketId: served }, at(counter1))
  story.ask({ type: 'StartBreak', counterId: counter2, reason: null }, at(counter2))
  story.clock.pass(Date.now() - story.clock.read().wallMs)
}

/** She opens an address and signs in on her way there. That her line is cut is told in the console, too. */
async function openSignedIn(language: Language, path: string) {
  const { page, complaints } = await openWindow(browser, language, /^Failed to load resource|WebSocket connection/)
  await page.goto(`${cloud.url}${path}`)
  await page.locator('#email').fill(person.email)
  await page.locator('#password').fill(PASSWORD)
  await page.locator('button').first().click()
  await page.locator('.shell').waitFor()
  return { page, complaints, words: createDashboardWords(language) }
}

/** Nothing is cut on a phone, nothing is hard to read or to reach by whoever listens. */
async function look(page: Page, name: string): Promise<void> {
  await page.locator('h1').waitFor()
  await page.locator('.waiting').waitFor({ state: 'detached' })
  const picture = async (size: string): Promise<void> => {
    if (FOLDER !== undefined) await page.screenshot({ path: join(FOLDER, `${name}-${size}.png`), fullPage: true })
  }
  await picture('1280')
  expect([name, await findByAxe(page, axe, [])]).toEqual([name, []])
  await page.setViewportSize(PHONE)
  await picture('360')
  const found = (await page.evaluate(findOverflow)).filter(
    // A field scrolls what is longer than it is; the page itself is scrolled.
    (it) =>
      !/^wider than its box: (input|select)|^must be scrolled|only-heard|thead|^leaves the window: (tr|th)/.test(it),
  )
  expect([name, found, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([
    ...[name, [], 0],
  ])
  await page.setViewportSize(DESK)
}

const go = (page: Page, path: string): Promise<void> =>
  page.evaluate((to) => history.pushState(null, '', to), `/dashboard/t/${person.slug}${path}`)

test('the floor follows its branch as it happens, alerts are seen and answered, and a line that is cut is said', async () => {
  startDay()
  await bring()
  const base = `/dashboard/t/${person.slug}`
  const { page, complaints, words } = await openSignedIn('fr', `${base}/branches/${branch.branchId}`)
  const { say } = words
  const text = (key: DashboardKey) => page.getByText(say(key), { exact: true })
  await page.locator('.live-mark.is-up').waitFor()
  const people = page.getByRole('table', { name: say('dash.live.people') })
  await expect.poll(() => people.locator('tbody tr').count(), PATIENCE).toBe(5)
  expect(await page.getByRole('table', { name: say('dash.countersTitle') }).textContent()).toMatch(/amadou.*A001/)
  expect(await people.locator('.is-late').count()).toBe(4)
  // Somebody comes: she is there without anybody asking.
  come()
  await bring()
  await expect.poll(() => people.locator('tbody tr').count(), PATIENCE).toBe(6)

  await go(page, '/alerts')
  await page.getByRole('button', { name: say('dash.alerts.addRule') }).click()
  const rules = page.getByRole('table', { name: say('dash.alerts.rules') })
  await rules.waitFor()
  const parts = { database: cloud.database, nowMs: () => Date.now(), log: silent, mailer: null, publicUrl: cloud.url }
  await watchTenant({ ...parts, live: cloud.app.live }, person.tenantId)
  const list = page.getByRole('table', { name: say('dash.alerts'), exact: true })
  await list.waitFor()
  expect(await list.locator('tbody tr').count()).toBe(2)
  await page
    .getByRole('button', { name: say('dash.alerts.acknowledge') })
    .first()
    .click()
  await text('dash.alerts.seen').first().waitFor()

  await go(page, `/branches/${branch.branchId}`)
  await page.locator('.live-mark.is-up').waitFor()
  await page.getByLabel(say('dash.messages.which')).first().selectOption('delay')
  await page.getByRole('button', { name: say('dash.messages.show') }).click()
  await text('dash.messages.waits').waitFor()
  cloud.app.live.close()
  await page.getByText(say('dash.live.down', { seconds: '5' })).waitFor()
  // It is there again by itself.
  await page.locator('.live-mark.is-up').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
}, 120_000)

test('a device is asked for its name, and taken away only when it is pressed twice; each is seen to wait', async () => {
  const path = `/branches/${branch.branchId}/devices`
  const { page, complaints, words } = await openSignedIn('en', `/dashboard/t/${person.slug}${path}`)
  const { say } = words
  const press = (key: DashboardKey) =>
    page
      .getByRole('button', { name: say(key) })
      .first()
      .click()
  const orders = page.getByRole('table', { name: say('dash.orders'), exact: true })
  await press('dash.orders.identify')
  await expect.poll(() => orders.locator('tbody tr').count(), PATIENCE).toBe(1)
  expect(await orders.textContent()).toMatch(/waits; given up after/)
  await press('dash.orders.remove')
  await press('dash.reallySo')
  await press('dash.orders.diagnostics')
  await expect.poll(() => orders.locator('tbody tr').count(), PATIENCE).toBe(3)
  expect(complaints).toEqual([])
  await page.context().close()
}, 120_000)

test('what is watched can be read in three languages, on a phone and at a desk, by day and by night', async () => {
  for (const language of LANGUAGES) {
    const { page, complaints, words } = await openSignedIn(language, `/dashboard/t/${person.slug}`)
    for (const path of [
      '',
      `/branches/${branch.branchId}`,
      `/branches/${branch.branchId}/devices`,
      '/alerts',
      '/daily',
    ]) {
      await go(page, path)
      await look(page, `${language}${path.replace(branch.branchId, 'floor').replaceAll('/', '-') || '-fleet'}`)
    }
    await page.getByRole('button', { name: words.say('dash.dark') }).click()
    for (const path of [`/branches/${branch.branchId}`, '/alerts']) {
      await go(page, path)
      await look(page, `${language}${path.replace(branch.branchId, 'floor').replaceAll('/', '-')}-dark`)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  }
}, 180_000)
