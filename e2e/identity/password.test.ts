import * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginReset } from '../../cloud-sync/identity/people/resets.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity } from './test-identity.ts'

let cloud: TestCloudIdentity
let config: client.Configuration
beforeAll(async () => {
  cloud = await openTestIdentity()
  config = await cloud.discover()
}, 120_000)
afterAll(() => cloud?.close())

const PATH = '/account/password'
const NEW_PASSWORD = 'quite another sentence'

test('a password is changed by whoever knows the one before; whoever was signed in as her is so no more', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  const [browser, other] = [cloud.newBrowser(), cloud.newBrowser()]
  const { tokens } = await browser.signIn(config, person)
  await other.signIn(config, person)
  const reset = await beginReset(cloud.store, person.email, () => false, Date.now())
  const wrong = await browser.go(PATH, { current: NEW_PASSWORD, password: NEW_PASSWORD })
  expect([wrong.status, wrong.text.includes(SIGN_IN_TEXTS.fr.passwordWrong)]).toEqual([422, true])
  const short = await browser.go(PATH, { current: PASSWORD, password: 'short' })
  expect([short.status, short.text.includes(SIGN_IN_TEXTS.fr.TooShort)]).toEqual([422, true])
  // A session is known by the whole second.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await browser.go(PATH, { current: PASSWORD, password: NEW_PASSWORD })).status).toBe(200)
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  })
  for (const each of [browser, other]) expect((await each.go('/account')).status).toBe(401)
  // A link that was sent before opens nothing after.
  expect((await browser.go(`/reset/${reset?.token}`, { password: 'a third sentence of hers' })).status).toBe(410)
  const enter = async (password: string) => {
    const { page } = await browser.ask(config)
    return (await browser.go(`${page.url.pathname}/password`, { email: person.email, password })).url.searchParams
  }
  expect((await enter(PASSWORD)).get('code')).toBeNull()
  expect((await enter(NEW_PASSWORD)).get('code')).not.toBeNull()
})

test('nobody who is not signed in changes one, and guesses at an open window are counted', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const browser = cloud.newBrowser()
  expect((await browser.go(PATH)).status).toBe(401)
  expect((await browser.go(PATH, { current: PASSWORD, password: NEW_PASSWORD })).status).toBe(401)
  await browser.signIn(config, person)
  const guess = () => browser.go(PATH, { current: 'not her sentence', password: NEW_PASSWORD })
  for (let tries = 0; tries < 5; tries += 1) expect((await guess()).status).toBe(422)
  expect((await browser.go(PATH, { current: PASSWORD, password: NEW_PASSWORD })).text).toContain(
    SIGN_IN_TEXTS.fr.locked,
  )
})
