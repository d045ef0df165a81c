import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addIssuer } from '../../cloud-sync/identity/elsewhere/issuers.ts'
import { invite, markMailed } from '../../cloud-sync/identity/members/invitations.ts'
import { findPersonByEmail } from '../../cloud-sync/identity/people/people.ts'
import { createArtifacts } from '../../cloud-sync/identity/provider/artifacts.ts'
import { addClient } from '../../cloud-sync/identity/provider/clients.ts'
import { openMailer } from '../../cloud-sync/mail/mailer.ts'
import { silent } from '../../cloud-sync/testing/test-database.ts'
import { LANGUAGES, type Language } from '../../shared/domain/ids.ts'
import { ACCOUNT_TEXTS } from '../../shared/words/account.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity, type TestPerson } from './test-identity.ts'
import { type Mailbox, openMailbox } from './test-mailbox.ts'
import { openWindows, type Windows } from './windows.ts'

let mailbox: Mailbox
let cloud: TestCloudIdentity
let windows: Windows
beforeAll(async () => {
  mailbox = await openMailbox()
  cloud = await openTestIdentity({ mailer: openMailer({ smtpUrl: mailbox.url, from: 'queue@example.org' }, silent) })
  windows = await openWindows()
}, 120_000)
afterAll(async () => {
  await windows?.close()
  await cloud?.close()
  cloud?.identity.mailer?.close()
  await mailbox?.close()
})

function authorization(resource?: string): string {
  const url = new URL(`${cloud.url}/oauth/authorize`)
  url.search = new URLSearchParams({
    ...{ client_id: 'dashboard', redirect_uri: `${cloud.url}/dashboard/signed-in`, response_type: 'code' },
    ...{ scope: 'openid read:queue', state: 'state-of-this-test', ...(resource !== undefined && { resource }) },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
  }).toString()
  return url.href
}

const arrived = (page: Page): Promise<void> => page.waitForURL(/\/dashboard\/signed-in\?.*code=/)
const press = (page: Page): Promise<void> => page.locator('button').first().click()

/** @param isMailed - whoever comes with it has read a mail; otherwise somebody handed it on */
async function linkFor(tenant: TestPerson, email: string, language: Language, isMailed = true): Promise<string> {
  const invited = await invite(
    cloud.store,
    tenant.tenantId,
    { email, role: 'manager', language, madeBy: tenant.personId },
    Date.now(),
    async () => {},
  )
  if (isMailed && invited.kind === 'Invited') await markMailed(cloud.store, invited.invitationId)
  return `${cloud.url}/join/${invited.kind === 'Invited' ? invited.token : ''}`
}

/** A program of others has her leave, as its sign-in would have kept it. */
async function letActFor(email: string, name: string): Promise<void> {
  const redirectUri = 'https://walls.example.org/signed-in'
  const clientId = await addClient(cloud.administratorUrl, { name, redirectUri }, Date.now())
  const accountId = (await findPersonByEmail(cloud.store, email))?.personId
  if (clientId === null || accountId === undefined) throw new Error('nobody acts for nobody')
  await createArtifacts(cloud.store, Date.now)('Grant').upsert(randomUUID(), { accountId, clientId }, 60)
}

describe.each(LANGUAGES)('in a browser, in %s', (language) => {
  const texts = { ...SIGN_IN_TEXTS[language], ...ACCOUNT_TEXTS[language] }

  test('somebody is invited to two tenants, joins both, chooses where she works, and signs out everywhere', async () => {
    const [first, second] = [await cloud.newPerson({ role: 'admin' }), await cloud.newPerson({ role: 'admin' })]
    const email = `${randomUUID().slice(0, 8)}.ndiaye@example.org`
    const page = await windows.open(language)
    await page.goto(await linkFor(first, email, language))
    await windows.look(page, language, 'join')
    await page.locator('#name').fill('Awa Ndiaye')
    await page.locator('#password').fill('short')
    await press(page)
    await page.getByText(texts.TooShort).waitFor()
    // By a link that was handed on nobody is told whether she has an account.
    await page.goto(await linkFor(first, email, language, false))
    await windows.look(page, language, 'join-either')
    await page.locator('#name').fill('Awa Ndiaye')
    await page.locator('#password').fill('Password1234')
    await press(page)
    await page.getByText(texts.passwordUnfit).waitFor()
    await windows.look(page, language, 'join-unfit')
    await page.locator('#password').fill(PASSWORD)
    await press(page)
    await page.getByText(texts.joinedHelp).waitFor()
    await windows.look(page, language, 'joined')
    expect(await page.getByRole('link', { name: texts.enter }).getAttribute('href')).toBe('/dashboard/')
    await page.goto(await linkFor(second, email, language))
    await windows.look(page, language, 'join-known')
    const link = await linkFor(second, email, language, false)
    await page.goto(link)
    await page.locator('#password').fill(PASSWORD)
    await press(page)
    await page.getByText(texts.joinedHelp).waitFor()
    await page.goto(link)
    await page.getByText(texts.inviteEnded).waitFor()
    await windows.look(page, language, 'invite-ended')

    await page.goto(authorization())
    await page.locator('#email').fill(email)
    await page.locator('#password').fill(PASSWORD)
    await press(page)
    await page.getByText(texts.tenantTitle).waitFor()
    await windows.look(page, language, 'place')
    await page.locator(`button[value="${second.slug}"]`).click()
    await arrived(page)
    await page.goto(authorization())
    await page.locator(`button[value="${first.slug}"]`).click()
    await arrived(page)

    await letActFor(email, 'Walls of Dakar')
    await page.goto(`${cloud.url}/account`)
    await windows.look(page, language, 'account')
    await page.getByRole('button', { name: texts.takeBack }).click()
    await page.getByText('Walls of Dakar').waitFor({ state: 'detached' })
    await press(page)
    await page.locator('#code').fill(/\b\d{6}\b/.exec((await mailbox.latest(email)).text)?.[0] ?? '')
    await windows.look(page, language, 'mail-code')
    await press(page)
    await page.getByText(texts.emailProved).waitFor()
    await page.getByText(texts.factor).click()
    await windows.look(page, language, 'second-factor')
    const secret = ((await page.locator('bdi').first().textContent()) ?? '').replaceAll(' ', '')
    await page.locator('#code').fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate())
    await page.locator('#password').fill(PASSWORD)
    await press(page)
    await page.getByText(texts.backupTitle).waitFor()
    await windows.look(page, language, 'backup-codes')
    await page.goto(`${cloud.url}/account/second-factor`)
    await page.getByText(texts.factorOn).waitFor()
    await windows.look(page, language, 'second-factor-on')
    await page.goto(`${cloud.url}/oauth/sign-out`)
    await windows.look(page, language, 'sign-out')
    await page.getByText(texts.everywhere).click()
    await page.getByText(texts.everywhereTitle).waitFor()
    await windows.look(page, language, 'everywhere')
    await press(page)
    await page.getByText(texts.everywhereDone).waitFor()
    await windows.look(page, language, 'everywhere-done')
    await page.goto(`${cloud.url}/account`)
    await page.getByText(texts.nobody).waitFor()
    await windows.look(page, language, 'nobody')
    await page.context().close()
  })

  test('a forgotten password is asked for on the page of the sign-in, and chosen by the link', async () => {
    const person = await cloud.newPerson({ role: 'agent' })
    const issuer = { name: 'Contoso', issuer: 'https://contoso.example', clientId: 'one', clientSecret: 'two' }
    await addIssuer(cloud.store, { tenantId: person.tenantId, ...issuer, madeBy: null }, Date.now(), async () => {})
    const page = await windows.open(language, 'dark')
    await page.goto(authorization(`${cloud.url}/api/v1/tenants/${person.slug}`))
    await windows.look(page, language, 'sign-in')
    await page.getByText(texts.forgot).click()
    await windows.look(page, language, 'forgot')
    await page.locator('#email').fill(person.email)
    await press(page)
    await page.getByText(texts.forgotSent).waitFor()
    await windows.look(page, language, 'forgot-sent')
    await page.goto((await mailbox.latest(person.email)).link)
    await windows.look(page, language, 'reset')
    await page.locator('#password').fill('quite another sentence')
    await press(page)
    await page.getByText(texts.resetDone).waitFor()
    await windows.look(page, language, 'reset-done')
    await page.goto(`${cloud.url}/oauth/authorize?client_id=nobody`)
    await windows.look(page, language, 'error')
    await page.context().close()
  })
})
