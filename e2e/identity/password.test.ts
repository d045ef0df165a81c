import * as client from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../cloud-sync/identity/people/passwords.ts'
import { provePassword } from '../../cloud-sync/identity/people/people.ts'
import { beginReset, changePassword, finishReset } from '../../cloud-sync/identity/people/resets.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity } from './test-identity.ts'
import { useUpStrangersTries } from './used-up-tries.ts'

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

test('whoever uses up the day’s tries of strangers does not keep her out of the browser in which she changed it', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const [browser, other] = [cloud.newBrowser(), cloud.newBrowser()]
  await browser.signIn(config, person)
  cloud.pass(2_000)
  expect((await browser.go(PATH, { current: PASSWORD, password: NEW_PASSWORD })).status).toBe(200)
  await useUpStrangersTries(cloud, person)
  const enter = async (by: typeof browser) => {
    const { page } = await by.ask(config)
    const ended = await by.go(`${page.url.pathname}/password`, { email: person.email, password: NEW_PASSWORD })
    return ended.url.searchParams.get('code') !== null
  }
  expect([await enter(other), await enter(browser)]).toEqual([false, true])
  cloud.pass(-2_000)
})

test('of two who have proved the same password one changes it: the other has proved nothing any more', async () => {
  const { personId, email } = await cloud.newPerson({ role: 'agent' })
  const source = { name: 'line here', isHers: false }
  const prove = (password: string) => provePassword(cloud.store, { email, password }, () => source, Date.now())
  const proved = await prove(PASSWORD)
  if (proved.kind !== 'Proved') throw new Error('not proved')
  const change = async (password: string) => {
    const chosen = { provedHash: proved.provedHash, passwordHash: await hashPassword(password) }
    return changePassword(cloud.store, personId, chosen, Date.now(), async () => {})
  }
  expect([await change(NEW_PASSWORD), await change('a third sentence of hers')]).toEqual([true, false])
  expect((await prove(NEW_PASSWORD)).kind).toBe('Proved')
})

test('a link and the old password used at once: neither waits for the other for ever, and one of them counts', async () => {
  const { personId, email } = await cloud.newPerson({ role: 'agent' })
  const source = { name: 'line here', isHers: false }
  const nothing = async (): Promise<void> => {}
  for (let turn = 0; turn < 5; turn += 1) {
    const atMs = Date.now() + turn * 61_000
    const reset = await beginReset(cloud.store, email, () => false, atMs)
    const password = turn === 0 ? PASSWORD : `sentence of turn ${turn - 1}`
    const proved = await provePassword(cloud.store, { email, password }, () => source, atMs)
    if (proved.kind !== 'Proved' || reset === null) throw new Error('not proved')
    const passwordHash = await hashPassword(`sentence of turn ${turn}`)
    const [byLink, byPassword] = await Promise.all([
      finishReset(cloud.store, reset.token, passwordHash, atMs, nothing),
      changePassword(cloud.store, personId, { provedHash: proved.provedHash, passwordHash }, atMs, nothing),
    ])
    expect([byLink !== null, byPassword].filter((it) => it)).toHaveLength(1)
  }
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
