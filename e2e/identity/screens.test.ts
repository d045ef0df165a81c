import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstLink } from '../../cloud-sync/identity/people/links.ts'
import { beginTotp, newTotp } from '../../cloud-sync/identity/people/second-factor.ts'
import { resourceOf } from '../../cloud-sync/identity/provider/resources.ts'
import { LANGUAGES } from '../../shared/domain/ids.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'
import { openWindows, type Windows } from './windows.ts'

let cloud: TestCloudIdentity
let windows: Windows
beforeAll(async () => {
  cloud = await openTestIdentity()
  windows = await openWindows()
}, 120_000)
afterAll(async () => {
  await windows?.close()
  await cloud?.close()
})
const open: Windows['open'] = (...words) => windows.open(...words)
const look: Windows['look'] = (...words) => windows.look(...words)

function authorization(person: TestPerson): string {
  const url = new URL(`${cloud.url}/oauth/authorize`)
  url.search = new URLSearchParams({
    ...{ client_id: 'dashboard', redirect_uri: `${cloud.url}/dashboard/signed-in`, response_type: 'code' },
    ...{ scope: 'openid read:queue', resource: resourceOf(cloud.url, person.slug), state: 'state-of-this-test' },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
  }).toString()
  return url.href
}

async function enter(page: Page, email: string, password: string): Promise<void> {
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(password)
  await page.locator('button').click()
}

const arrived = (page: Page): Promise<void> => page.waitForURL(/\/dashboard\/signed-in\?.*code=/)

describe.each(LANGUAGES)('in a browser, in %s', (language) => {
  const texts = SIGN_IN_TEXTS[language]

  test('a wrong password is told, and the right one leads on', async () => {
    const person = await cloud.newPerson({ role: 'manager' })
    const page = await open(language)
    await page.goto(authorization(person))
    await look(page, language, 'password')
    await enter(page, person.email, 'not the sentence')
    await page.getByText(texts.wrong).waitFor()
    expect(await page.locator('#email').inputValue()).toBe(person.email)
    await look(page, language, 'wrong')
    await enter(page, person.email, PASSWORD)
    await arrived(page)
    await page.context().close()
  })

  test('whoever has a second factor is asked for it, and a code works once', async () => {
    const person = await cloud.newPerson({ role: 'manager' })
    const { secret } = newTotp(person.email)
    const codeAt = (ms: number): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ms })
    const begunMs = Date.now() - 30_000
    const backups = await beginTotp(cloud.store, person.personId, { secret, code: codeAt(begunMs) }, begunMs)
    const page = await open(language, 'dark')
    await page.goto(authorization(person))
    await enter(page, person.email, PASSWORD)
    await page.locator('#code').fill(codeAt(begunMs))
    await look(page, language, 'code')
    await page.locator('button').click()
    await page.getByText(texts.codeWrong).waitFor()
    await look(page, language, 'code-wrong')
    await page.locator('#code').fill(backups?.[0] ?? '')
    await page.locator('button').click()
    await arrived(page)
    await page.context().close()
  })

  test('too many wrong passwords lock her out for a while, whoever types', async () => {
    const person = await cloud.newPerson({ role: 'agent' })
    const page = await open(language)
    await page.goto(authorization(person))
    for (let tries = 0; tries < 5; tries += 1) await enter(page, person.email, `wrong sentence ${tries}`)
    await enter(page, person.email, PASSWORD)
    await page.getByText(texts.locked).waitFor()
    await look(page, language, 'locked')
    cloud.pass(61_000)
    await enter(page, person.email, PASSWORD)
    await arrived(page)
    await page.context().close()
  })

  test('a sign-in that is over says so', async () => {
    const page = await open(language)
    await page.goto(`${cloud.url}/sign-in/of-somebody-else`)
    await page.getByText(texts.ended).waitFor()
    await look(page, language, 'ended')
    await page.context().close()
  })
})

test('an address from which too much comes is told so on a page, and so is a form that is none', async () => {
  const ask = () => cloud.app.inject({ url: '/first/of-nobody-at-all-and-long-enough-', remoteAddress: '192.0.2.9' })
  for (let tries = 0; tries < 60; tries += 1) expect((await ask()).statusCode).toBe(400)
  const busy = await ask()
  expect([busy.statusCode, busy.body.includes(SIGN_IN_TEXTS.fr.busy)]).toEqual([429, true])
  const bare = await cloud.app.inject({
    ...{ method: 'POST', url: '/sign-in/of-somebody-else/password', headers: { 'accept-language': 'ar' } },
    body: { password: 1 },
  })
  expect([bare.statusCode, bare.body.includes(SIGN_IN_TEXTS.ar.refused)]).toEqual([400, true])
})

test('nobody makes a first administrator where somebody can sign in already', async () => {
  expect(await firstLink(cloud.store, Date.now())).toBeNull()
})

test('the first administrator is made by a link that works once', async () => {
  const fresh = await openTestIdentity()
  const older = await firstLink(fresh.store, Date.now())
  const token = await firstLink(fresh.store, Date.now())
  const page = await open('fr')
  await page.goto(`${fresh.url}/first/${older}`)
  await page.getByText(SIGN_IN_TEXTS.fr.linkEnded).waitFor()
  await page.goto(`${fresh.url}/first/${token}`)
  await look(page, 'fr', 'first')
  await page.locator('#name').fill('Awa Ndiaye')
  await page.locator('#email').fill('awa.ndiaye@example.org')
  await page.locator('#password').fill('awa.ndiaye is me')
  await page.locator('button').click()
  await page.getByText(SIGN_IN_TEXTS.fr.TooPlain).waitFor()
  await look(page, 'fr', 'first-plain')
  await page.locator('#password').fill(PASSWORD)
  await page.locator('button').click()
  await page.getByText(SIGN_IN_TEXTS.fr.created).waitFor()
  await page.goto(`${fresh.url}/first/${token}`)
  await page.getByText(SIGN_IN_TEXTS.fr.linkEnded).waitFor()
  await look(page, 'fr', 'link-ended')
  await page.context().close()
  await fresh.close()
})
