import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forgetMailCode, newMailCode, proveMailCode } from '../../cloud-sync/identity/people/mail-codes.ts'
import { MAILS_A_DAY_MAX } from '../../cloud-sync/identity/people/mail-counts.ts'
import { findPerson, type Person } from '../../cloud-sync/identity/people/people.ts'
import { beginReset, forgetReset, MAILED_OPEN_MAX } from '../../cloud-sync/identity/people/resets.ts'
import { openMailer } from '../../cloud-sync/mail/mailer.ts'
import { openTestIdentity, type TestCloudIdentity } from './test-identity.ts'
import { type Mailbox, openMailbox } from './test-mailbox.ts'

let mailbox: Mailbox
let cloud: TestCloudIdentity
/** Of mails that could not be sent. */
const warned: string[] = []
beforeAll(async () => {
  mailbox = await openMailbox()
  const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) })
  const mailer = openMailer({ smtpUrl: mailbox.url, from: 'queue@example.org' }, log)
  cloud = await openTestIdentity({ mailer })
}, 120_000)
afterAll(async () => {
  await cloud?.close()
  cloud?.identity.mailer?.close()
  await mailbox?.close()
})

async function newPerson(): Promise<Person> {
  const person = await findPerson(cloud.store, (await cloud.newPerson({ role: 'agent' })).personId)
  if (person === null) throw new Error('nobody')
  return person
}
const forget = (email: string) => cloud.newBrowser().go('/forgot', { email })

test('mails that never left are none of the day’s, and no links that are open', async () => {
  const person = await newPerson()
  const { email } = person
  mailbox.refuse(true)
  const warnedBefore = warned.length
  const openLinks = () =>
    cloud.store.work((db) => db.query("select from link where person_id = $1 and purpose = 'reset'", [person.personId]))
  for (let asked = 1; asked <= MAILED_OPEN_MAX + 1; asked += 1) {
    await forget(email)
    await expect.poll(() => warned.length).toBe(warnedBefore + asked)
    await expect.poll(openLinks).toEqual([])
  }
  mailbox.refuse(false)
  await forget(email)
  expect((await cloud.newBrowser().go((await mailbox.latest(email)).link)).status).toBe(200)
  const laterMs = Date.now() + 2 * 24 * 3_600_000
  for (let count = 0; count < 2 * MAILS_A_DAY_MAX; count += 1) {
    const begun = await beginReset(cloud.store, email, () => false, laterMs)
    if (begun === null) throw new Error(`no link after ${count}`)
    await forgetReset(cloud.store, begun)
    const made = await newMailCode(cloud.store, person, laterMs)
    if (typeof made === 'string') throw new Error(`no code after ${count}`)
    await forgetMailCode(cloud.store, person, made.code)
  }
})

test('whose mails are never taken guesses at no more codes than others', async () => {
  const person = await newPerson()
  let count = 0
  for (; count < 2 * MAILS_A_DAY_MAX; count += 1) {
    const made = await newMailCode(cloud.store, person, Date.now())
    if (typeof made === 'string') break
    // While the mail server makes up its mind.
    await proveMailCode(cloud.store, person, 'none', Date.now())
    await forgetMailCode(cloud.store, person, made.code)
  }
  expect(count).toBe(MAILS_A_DAY_MAX)
})
