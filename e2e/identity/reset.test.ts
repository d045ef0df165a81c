import * as client from 'openid-client'
import { Secret, TOTP } from 'otpauth'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newMailCode, proveMailCode, TRIES_MAX } from '../../cloud-sync/identity/people/mail-codes.ts'
import { MAILS_A_DAY_MAX } from '../../cloud-sync/identity/people/mail-counts.ts'
import { findPerson } from '../../cloud-sync/identity/people/people.ts'
import { beginReset, insertResetLink, MAILED_OPEN_MAX } from '../../cloud-sync/identity/people/resets.ts'
import { beginTotp, newTotp } from '../../cloud-sync/identity/people/second-factor.ts'
import { openMailer } from '../../cloud-sync/mail/mailer.ts'
import { SIGN_IN_TEXTS } from '../../shared/words/sign-in.ts'
import { openTestIdentity, PASSWORD, type TestCloudIdentity } from './test-identity.ts'
import { type Mailbox, openMailbox } from './test-mailbox.ts'
import { useUpStrangersTries } from './used-up-tries.ts'

let mailbox: Mailbox
let cloud: TestCloudIdentity
let config: client.Configuration
/** Of mails that could not be sent. */
const warned: string[] = []
beforeAll(async () => {
  mailbox = await openMailbox()
  const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) })
  const mailer = openMailer({ smtpUrl: mailbox.url, from: 'queue@example.org' }, log)
  cloud = await openTestIdentity({ mailer })
  config = await cloud.discover()
}, 120_000)
afterAll(async () => {
  await cloud?.close()
  cloud?.identity.mailer?.close()
  await mailbox?.close()
})

const NEW_PASSWORD = 'quite another sentence'
const forget = (email: string) => cloud.newBrowser().go('/forgot', { email })

test('a forgotten password is changed by a link that was mailed; whoever was signed in as her is so no more', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  const browser = cloud.newBrowser()
  const { tokens } = await browser.signIn(config, person)
  const read = () =>
    cloud.app.inject({
      ...{
        url: `/api/v1/tenants/${person.slug}/branches`,
        headers: { authorization: `Bearer ${tokens.access_token}` },
      },
    })
  expect((await read()).statusCode).toBe(200)
  expect((await forget(person.email)).status).toBe(200)
  const { link } = await mailbox.latest(person.email)
  const other = cloud.newBrowser()
  expect((await other.go(link, { password: 'short' })).text).toContain(SIGN_IN_TEXTS.fr.TooShort)
  expect((await other.go(link, { password: 'Password1234' })).text).toContain(SIGN_IN_TEXTS.fr.TooPlain)
  // A session is known by the whole second.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await other.go(link, { password: NEW_PASSWORD })).status).toBe(200)
  expect((await other.go(link, { password: NEW_PASSWORD })).status).toBe(410)
  expect((await read()).statusCode).toBe(403)
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  })
  expect((await browser.go('/account')).status).toBe(401)
  const { page } = await browser.ask(config)
  const ended = await browser.go(`${page.url.pathname}/password`, { email: person.email, password: NEW_PASSWORD })
  expect(ended.url.searchParams.get('code')).not.toBeNull()
})

test('whoever has proved the old password, and waits with the second proof, has proved nothing after the new one', async () => {
  const person = await cloud.newPerson({ role: 'manager' })
  const { secret } = newTotp(person.email)
  const code = (): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  const [backup = ''] = (await beginTotp(cloud.store, person.personId, { secret, code: code() }, Date.now())) ?? []
  const thief = cloud.newBrowser()
  const { page } = await thief.ask(config)
  const half = await thief.go(`${page.url.pathname}/password`, { email: person.email, password: PASSWORD })
  expect(half.text).toContain('id="code"')
  await forget(person.email)
  const { link } = await mailbox.latest(person.email)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await cloud.newBrowser().go(link, { password: NEW_PASSWORD })).status).toBe(200)
  expect((await thief.go(`${page.url.pathname}/code`, { code: backup })).status).toBe(410)
})

test('whoever asks for an address learns nothing of it: the same page, and one mail a minute, which ends no link of before', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const known = await forget(person.email)
  const unknown = await forget('nobody@example.org')
  expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
  await mailbox.latest(person.email)
  await forget(person.email.toUpperCase())
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(mailbox.letters.filter(({ to }) => to.includes(person.email))).toHaveLength(1)
  expect(mailbox.letters.some(({ to }) => to.includes('nobody@example.org'))).toBe(false)
  const { link: earlier } = await mailbox.latest(person.email)
  cloud.pass(61_000)
  await forget(person.email)
  await expect.poll(() => mailbox.letters.filter(({ to }) => to.includes(person.email)).length).toBe(2)
  // A stranger who asks for a newer one takes none from her: both work, for an hour.
  const { link } = await mailbox.latest(person.email)
  const browser = cloud.newBrowser()
  expect([(await browser.go(earlier)).status, (await browser.go(link)).status]).toEqual([200, 200])
  cloud.pass(3_600_000)
  expect((await browser.go(link)).status).toBe(410)
  cloud.pass(-3_661_000)
})

test('a stranger who asks for ever neither fills her mailbox, nor ends what an administrator made, nor keeps her own device from a link', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const hers = cloud.newBrowser()
  await hers.signIn(config, person)
  const startMs = Date.now()
  const made = await cloud.store.work((db) => insertResetLink(db, person.personId, startMs))
  const { email } = person
  const asks = async (fromMs: number, count: number): Promise<number> => {
    const begun = []
    for (let minute = 0; minute < count; minute += 1)
      begun.push(await beginReset(cloud.store, email, () => false, fromMs + minute * 61_000))
    return begun.filter((it) => it !== null).length
  }
  // Three of an hour, and no more while those are open; ten of a day.
  expect(await asks(startMs, 30)).toBe(MAILED_OPEN_MAX)
  expect((await cloud.newBrowser().go(`/reset/${made.token}`)).status).toBe(200)
  let count = MAILED_OPEN_MAX
  for (let hour = 2; hour < 20; hour += 2) count += await asks(startMs + hour * 3_600_000, 10)
  expect(count).toBe(MAILS_A_DAY_MAX)
  cloud.pass(20 * 3_600_000)
  await cloud.newBrowser().go('/forgot', { email })
  expect((await hers.go('/forgot', { email })).status).toBe(200)
  await mailbox.latest(email)
  cloud.pass(-20 * 3_600_000)
  expect(mailbox.letters.filter(({ to }) => to.includes(email))).toHaveLength(1)
})

test('the page is there before the mail is, however long the mail server takes: when it comes tells nothing of the address', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const letGo = mailbox.hold()
  const known = await forget(person.email)
  const unknown = await forget('nobody@example.org')
  // Whoever had waited for the mail server would have given it up by now.
  expect([known.status, unknown.status, mailbox.letters.some(({ to }) => to.includes(person.email)), warned]).toEqual([
    ...[200, 200, false, []],
  ])
  letGo()
  await mailbox.latest(person.email)
})

test('an address is proved by six digits that were mailed: five tries, ten minutes, one code a minute', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const browser = cloud.newBrowser()
  await browser.signIn(config, person)
  const codeOf = async (): Promise<string> => {
    const before = mailbox.letters.length
    expect((await browser.go('/account/email', {})).status).toBe(200)
    await expect.poll(() => mailbox.letters.length).toBe(before + 1)
    return /\b\d{6}\b/.exec((await mailbox.latest(person.email)).text)?.[0] ?? ''
  }
  const tell = (code: string) => browser.go('/account/email/code', { code })
  const code = await codeOf()
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
  expect((await browser.go('/account/email', {})).status).toBe(429)
  // Many at once are no more tries than many in turn.
  const tries = await Promise.all(Array.from({ length: 3 * TRIES_MAX }, () => tell(wrong)))
  expect(tries.filter(({ status }) => status === 422)).toHaveLength(TRIES_MAX)
  expect((await tell(code)).status).toBe(410)
  cloud.pass(61_000)
  const second = await codeOf()
  cloud.pass(600_000)
  expect((await tell(second)).status).toBe(410)
  const third = await codeOf()
  expect((await tell(third)).url.pathname).toBe('/account')
  expect((await tell(third)).status).toBe(410)
  const [row] = await cloud.store.work((db) =>
    db.query<{ proved: boolean }>('select email_proved_at is not null as proved from person where person_id = $1', [
      person.personId,
    ]),
  )
  expect(row?.proved).toBe(true)
  cloud.pass(-661_000)
})

test('six digits are guessed at fifty times a day, whatever somebody asks for', async () => {
  const person = await findPerson(cloud.store, (await cloud.newPerson({ role: 'agent' })).personId)
  if (person === null) throw new Error('nobody')
  const startMs = Date.UTC(2027, 0, 1)
  const guessesOf = async (fromMs: number): Promise<number> => {
    let count = 0
    for (let minute = 0; minute < 40; minute += 1) {
      const atMs = fromMs + minute * 61_000
      const made = await newMailCode(cloud.store, person, atMs)
      if (typeof made === 'object')
        for (let tried = 0; tried < 2 * TRIES_MAX; tried += 1)
          if ((await proveMailCode(cloud.store, person, 'none', atMs)) === 'Wrong') count += 1
    }
    return count
  }
  expect(await guessesOf(startMs)).toBe(MAILS_A_DAY_MAX * TRIES_MAX)
  expect(await newMailCode(cloud.store, person, startMs + 20 * 3_600_000)).toBe('EnoughOfDay')
  expect(await guessesOf(startMs + 24 * 3_600_000)).toBe(MAILS_A_DAY_MAX * TRIES_MAX)
})

test('a code that could not be mailed is told so, and another may be asked for at once', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const browser = cloud.newBrowser()
  await browser.signIn(config, person)
  mailbox.refuse(true)
  expect((await browser.go('/account/email', {})).status).toBe(503)
  mailbox.refuse(false)
  expect((await browser.go('/account/email', {})).status).toBe(200)
})

test('whoever uses up the day’s tries of strangers does not keep her out of the browser in which she used the link', async () => {
  const person = await cloud.newPerson({ role: 'agent' })
  const begun = await beginReset(cloud.store, person.email, () => false, cloud.nowMs())
  const [browser, other] = [cloud.newBrowser(), cloud.newBrowser()]
  cloud.pass(2_000)
  expect((await browser.go(`/reset/${begun?.token}`, { password: NEW_PASSWORD })).status).toBe(200)
  await useUpStrangersTries(cloud, person)
  const enter = async (by: typeof browser) => {
    const { page } = await by.ask(config)
    const ended = await by.go(`${page.url.pathname}/password`, { email: person.email, password: NEW_PASSWORD })
    return ended.url.searchParams.get('code') !== null
  }
  expect([await enter(other), await enter(browser)]).toEqual([false, true])
  cloud.pass(-2_000)
})

test('whoever is not signed in sees no account, proves nothing and signs nobody out', async () => {
  const browser = cloud.newBrowser()
  for (const path of ['/account', '/account/everywhere']) expect((await browser.go(path)).status).toBe(401)
  for (const path of ['/account/email', '/account/everywhere']) expect((await browser.go(path, {})).status).toBe(401)
  expect((await browser.go('/account/email/code', { code: '123456' })).status).toBe(401)
})
