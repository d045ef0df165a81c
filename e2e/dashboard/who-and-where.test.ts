import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import { ACCOUNT_TEXTS } from '../../shared/words/account.ts'
import { createDashboardWords } from '../../shared/words/dashboard-words.ts'
import { CHROMIUM_FLAGS, findChromium } from '../../tools/chromium.ts'
import { findByAxe, findOverflow, readAxe } from '../gallery/look.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from '../identity/test-identity.ts'
import { DESK, openWindow } from './window.ts'

// Who somebody is and where she may go: the head of every page, her account, how people sign in, who changed what, tenants.

const FOLDER = process.env['DASHBOARD_PICTURES']
const PHONE = { width: 360, height: 740 } as const
const NEW_PASSWORD = 'quite another sentence'

let cloud: TestCloudIdentity
let browser: Browser
let axe = ''
beforeAll(async () => {
  cloud = await openTestIdentity()
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: [...CHROMIUM_FLAGS] })
  axe = await readAxe()
  if (FOLDER !== undefined) mkdirSync(FOLDER, { recursive: true })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

async function signIn(page: Page, { email }: TestPerson, path: string, password = PASSWORD): Promise<void> {
  await page.goto(`${cloud.url}${path}`)
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(password)
  await page.locator('button').first().click()
  await page.locator('.shell h1, .shell .empty-state').first().waitFor()
}

/** As it is seen by whoever sees it, and by whoever listens; nothing is cut on a phone. */
async function look(page: Page, name: string): Promise<void> {
  await page.locator('h1').first().waitFor()
  for (const [size, width] of [
    [DESK, 1280],
    [PHONE, 360],
  ] as const) {
    await page.setViewportSize(size)
    if (FOLDER !== undefined) await page.screenshot({ path: join(FOLDER, `${name}-${width}.png`), fullPage: true })
    expect([name, width, await findByAxe(page, axe, [])]).toEqual([name, width, []])
  }
  const found = (await page.evaluate(findOverflow)).filter(
    (it) =>
      !/^wider than its box: (input|select)|^must be scrolled|only-heard|thead|^leaves the window: (tr|th)/.test(it),
  )
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect([name, found, wide]).toEqual([name, [], 0])
  await page.setViewportSize(DESK)
}

const go = (page: Page, to: string) => page.evaluate((it) => history.pushState(null, '', it), to)

/** Another tenant in which she is a member. */
async function alsoIn({ personId }: TestPerson): Promise<TestPerson> {
  const other = await cloud.newPerson({ role: 'admin' })
  const { tenantId } = other
  await cloud.store.asTenant(tenantId, (db) =>
    db.query("insert into member values ($1, $2, 'manager', now())", [tenantId, personId]),
  )
  return other
}

describe.each(LANGUAGES)('in %s', (language) => {
  const { say } = createDashboardWords(language)

  test('the head says which tenant it is and who she is; she goes to another and to her account by keyboard', async () => {
    const person = await cloud.newPerson({ role: 'admin' })
    const other = await alsoIn(person)
    const { page, complaints } = await openWindow(browser, language)
    await signIn(page, person, `/dashboard/t/${person.slug}`)
    await page.locator('.head-name', { hasText: 'Banque' }).waitFor()
    const account = page.getByRole('link', { name: say('dash.account', { name: 'Awa' }) })
    expect(await account.textContent()).toBe('Awa')
    await look(page, `${language}-head`)
    await page.getByRole('link', { name: say('dash.switchTenant') }).focus()
    await page.keyboard.press('Enter')
    await page.locator(`button.place[value="${other.slug}"]`).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(new RegExp(`/dashboard/t/${other.slug}$`))
    await page.locator('.head-name').waitFor()
    await account.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: ACCOUNT_TEXTS[language].accountTitle }).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('how people sign in and who changed what are looked at, looked for and taken away', async () => {
    const person = await cloud.newPerson({ role: 'admin' })
    const { page, complaints } = await openWindow(browser, language)
    await signIn(page, person, `/dashboard/t/${person.slug}/sign-in`)
    await page.getByText(say('dash.issuers.none')).waitFor()
    await look(page, `${language}-issuers`)
    await page.getByRole('button', { name: say('dash.issuers.toAdd') }).click()
    await page.keyboard.type('Nowhere')
    await page.getByLabel(say('dash.issuers.issuer')).fill('https://127.0.0.1:9/')
    await page.getByLabel(say('dash.issuers.clientId')).fill('x')
    await page.locator('input[type=password]').fill('y')
    await page.getByRole('button', { name: say('dash.issuers.add'), exact: true }).click()
    await page.getByText(say('problem.IssuerUnreachable' as never)).waitFor()
    await go(page, `/dashboard/t/${person.slug}/audit`)
    await page.locator('.table tbody').getByText('Awa').first().waitFor()
    await look(page, `${language}-audit`)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: say('dash.audit.export') }).click(),
    ])
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\n')
    expect(lines.map((it) => (JSON.parse(it) as { code: string }).code)).toContain('SignedIn')
    await page.getByLabel(say('dash.audit.what')).selectOption('SignedIn')
    await page.waitForURL(/audit\?code=SignedIn$/)
    expect(await page.locator('.table tbody tr').count()).toBe(1)
    await page.getByLabel(say('dash.audit.search')).fill('of nobody at all')
    await page.getByText(say('dash.audit.none')).waitFor()
    await page.getByRole('button', { name: say('dash.audit.clear') }).click()
    await page.locator('.table tbody tr').nth(1).waitFor()
    for (const path of ['members', 'programs', 'daily', 'alerts']) {
      await go(page, `/dashboard/t/${person.slug}/${path}`)
      await page.locator('.empty-state button').first().waitFor()
      await look(page, `${language}-${path}-empty`)
      await page.locator('.empty-state button').first().click()
      expect(await page.evaluate(() => document.activeElement?.tagName)).toMatch(/^(INPUT|SELECT)$/)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('whoever runs the cloud sees its tenants, makes one, and opens it', async () => {
    const person = await cloud.newPerson({ role: 'super-admin' })
    const { page, complaints } = await openWindow(browser, language)
    await signIn(page, person, '/dashboard/platform')
    await page.getByText(person.slug, { exact: true }).waitFor()
    await page.getByRole('button', { name: say('dash.tenants.add') }).click()
    await page.getByText(say('dash.fault.missing')).waitFor()
    await look(page, `${language}-tenants`)
    const slug = `made-in-${language}`
    await page.getByLabel(say('dash.tenants.name'), { exact: true }).fill('Banque neuve')
    await page.getByLabel(say('dash.tenants.slug')).fill(slug)
    await page.getByRole('button', { name: say('dash.tenants.add') }).click()
    await page.getByText(say('dash.tenants.added')).waitFor()
    await page.getByRole('button', { name: say('dash.tenants.add') }).click()
    await page.getByText(say('problem.SlugTaken' as never)).waitFor()
    await go(page, '/dashboard/platform/audit')
    await page.locator('.table tbody tr').first().waitFor()
    await look(page, `${language}-platform-audit`)
    await go(page, '/dashboard/platform')
    await page.getByRole('link', { name: `${say('dash.tenants.open')} — ${slug}` }).click()
    await page.locator('.head-name', { hasText: 'Banque neuve' }).waitFor()
    await page.getByRole('link', { name: say('dash.platform'), exact: true }).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('a password is changed by whoever knows the one before; then she signs in anew, with the new one', async () => {
    const texts = ACCOUNT_TEXTS[language]
    const person = await cloud.newPerson({ role: 'manager' })
    const { page } = await openWindow(browser, language)
    await signIn(page, person, `/dashboard/t/${person.slug}`)
    // A session is known by the whole second.
    await page.waitForTimeout(1_100)
    await page.goto(`${cloud.url}/account`)
    await look(page, `${language}-account`)
    await page.getByText(texts.passwordChange).click()
    const choose = async (current: string, chosen: string) => {
      await page.locator('#current').fill(current)
      await page.locator('#password').fill(chosen)
      // The page before says something, too: what is looked for is on the next.
      await Promise.all([page.waitForEvent('load'), page.locator('button').first().click()])
    }
    await choose('not the sentence', NEW_PASSWORD)
    await page.locator('[role=alert]').waitFor()
    await look(page, `${language}-password-wrong`)
    await choose(PASSWORD, 'short')
    await page.locator('[role=alert]').waitFor()
    await choose(PASSWORD, NEW_PASSWORD)
    await page.getByText(texts.resetDoneHelp).waitFor()
    await page.goto(`${cloud.url}/account`)
    await page.getByText(texts.nobody).waitFor()
    // So is a token: what was given in the second of the change is over, and no person is so quick.
    await page.waitForTimeout(1_100)
    await signIn(page, person, `/dashboard/t/${person.slug}`, NEW_PASSWORD)
    await page.context().close()
  })
})

test('nobody but whoever runs the cloud is let onto its page', async () => {
  const person = await cloud.newPerson({ role: 'admin' })
  const { page } = await openWindow(browser, 'fr')
  await page.goto(`${cloud.url}/dashboard/platform`)
  await page.locator('#email').fill(person.email)
  await page.locator('#password').fill(PASSWORD)
  await page.locator('button').first().click()
  await page.getByText(createDashboardWords('fr').say('dash.signInFailed')).waitFor()
  await page.context().close()
})
