import type * as client from 'openid-client'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity } from './test-identity.ts'

let cloud: TestCloudIdentity
let config: client.Configuration
beforeAll(async () => {
  cloud = await openTestIdentity()
  config = await cloud.discover()
}, 120_000)
afterAll(() => cloud?.close())

test('somebody turns her second factor on with a code and her password, signs in by it, and turns it off again', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const browser = cloud.newBrowser()
  await browser.signIn(config, person)
  const page = await browser.go('/account/second-factor')
  const secret = (/<bdi dir="ltr">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '')
  expect([secret.length, page.text.includes('<svg')]).toEqual([32, true])
  const codeAt = (passedMs: number): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + passedMs })
  const on = (code: string, password: string) => browser.go('/account/second-factor/on', { code, password })
  // An open window is not enough, and a wrong code turns nothing on.
  expect((await on(codeAt(0), 'not the sentence')).status).toBe(422)
  expect((await on('000000', PASSWORD)).status).toBe(422)
  const codes = (await on(codeAt(0), PASSWORD)).text.match(/\b\d{5} \d{5}\b/g) ?? []
  expect(new Set(codes).size).toBe(8)

  const enter = async (code: string) => {
    const other = cloud.newBrowser()
    const { page: asked } = await other.ask(config)
    await other.go(`${asked.url.pathname}/password`, { email: person.email, password: PASSWORD })
    return other.go(`${asked.url.pathname}/code`, { code })
  }
  expect((await enter(codeAt(0))).status).toBe(401)
  expect((await enter(codes[0] ?? '')).url.searchParams.get('code')).not.toBeNull()
  expect((await enter(codes[0] ?? '')).status).toBe(401)

  const off = (code: string, password: string) => browser.go('/account/second-factor/off', { code, password })
  expect((await off(codes[1] ?? '', 'not the sentence')).status).toBe(422)
  expect((await off('0000000000', PASSWORD)).status).toBe(422)
  expect((await off(codes[1] ?? '', PASSWORD)).url.pathname).toBe('/account')
  await cloud.newBrowser().signIn(config, person)
}, 60_000)

test('a second factor that cannot be read here any more is told with what to do, and lets nobody in', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  await cloud.store.work((db) =>
    db.query("update person set totp_sealed = '\\x00' where person_id = $1", [person.personId]),
  )
  const browser = cloud.newBrowser()
  const { page } = await browser.ask(config)
  await browser.go(`${page.url.pathname}/password`, { email: person.email, password: PASSWORD })
  const told = await browser.go(`${page.url.pathname}/code`, { code: '123456' })
  expect([told.status, told.text]).toEqual([401, expect.stringContaining(SIGN_IN_TEXTS.fr.codeUnreadable)])
})

test('a secret that was shown to somebody else, or to nobody, is turned on for nobody', async () => {
  const [one, other] = [await cloud.newPerson({ role: 'agent' }), await cloud.newPerson({ role: 'agent' })]
  const browser = cloud.newBrowser()
  await browser.signIn(config, one)
  expect((await browser.go('/account/second-factor/on', { code: '123456', password: PASSWORD })).text).toContain('<svg')
  expect((await cloud.newBrowser().go('/account/second-factor')).status).toBe(401)
  const [row] = await cloud.store.work((db) =>
    db.query<{ count: number }>(
      'select count(*)::int from person where totp_sealed is not null and person_id = any($1)',
      [[one.personId, other.personId]],
    ),
  )
  expect(row?.count).toBe(0)
})
