import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, silent, type TestStore } from '../../testing/test-database.ts'
import { type IdentityStore, openIdentityStore } from '../identity-store.ts'
import { insertPerson, provePassword } from './people.ts'
import { forgetTries, forgiveTries, mayTry, STRANGERS_A_DAY_MAX, type TrySource } from './tries.ts'

const [MINUTE_MS, DAY_MS] = [60_000, 24 * 3_600_000]
const START_MS = Date.UTC(2026, 10, 27, 8)

let server: TestStore
let store: IdentityStore
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  store = await openIdentityStore(server.administratorUrl, silent)
}, 120_000)
afterAll(async () => {
  await store?.close()
  await server?.close()
})

async function newPerson(): Promise<string> {
  const email = `${randomUUID()}@example.org`
  const person = { email, name: 'Awa', language: 'fr', passwordHash: null, isSuperAdmin: false }
  await store.work((db) => insertPerson(db, person, START_MS))
  return email
}

const lineAt = (at: number): TrySource => ({ name: `line ${at}`, isHers: false })
const LINE = lineAt(0)
const HERS: TrySource = { name: 'device hers', isHers: true }

test('an address that nobody has is answered as one that somebody has: wrong, locked, ever longer, and anew after a day', async () => {
  const atMs = [0, 1, 2, 3, 4, 5, MINUTE_MS + 5, MINUTE_MS + 6, 3 * MINUTE_MS + 6, 3 * MINUTE_MS + 7]
  const answersOf = async (email: string): Promise<readonly string[]> => {
    const answers: string[] = []
    for (const passedMs of [...atMs, DAY_MS + 4 * MINUTE_MS, DAY_MS + 4 * MINUTE_MS + 1])
      answers.push((await provePassword(store, { email, password: 'wrong' }, () => LINE, START_MS + passedMs)).kind)
    return answers
  }
  const [known, unknown] = [await answersOf(await newPerson()), await answersOf(`${randomUUID()}@example.org`)]
  expect(unknown).toEqual(known)
  expect(known.map((it) => it[0]).join('')).toBe('WWWWWLWLWLWW')
})

test('tries at once are counted like tries in turn', async () => {
  const email = `${randomUUID()}@example.org`
  const tries = await Promise.all(Array.from({ length: 12 }, () => mayTry(store, email, LINE, START_MS)))
  expect(tries.filter((it) => it)).toHaveLength(5)
})

test('a stranger locks himself out, and neither her device nor whoever comes from elsewhere', async () => {
  const email = await newPerson()
  for (let tried = 0; tried < 300; tried += 1) await mayTry(store, email, LINE, START_MS)
  expect(await mayTry(store, email, LINE, START_MS)).toBe(false)
  expect(await mayTry(store, email, HERS, START_MS)).toBe(true)
  expect(await mayTry(store, email, lineAt(1), START_MS)).toBe(true)
})

test('guesses of three days from a thousand lines are as many as the bound says, whoever signs in meanwhile, and her device is never held up', async () => {
  const email = await newPerson()
  const [stepMs, linesMax] = [60 * MINUTE_MS, 1_000]
  let [guesses, line, lockedOutCount] = [0, 0, 0]
  for (let passedMs = 0; passedMs < 3 * DAY_MS; passedMs += stepMs) {
    for (let tried = 0; tried < 6; tried += 1) {
      line = (line + 1) % linesMax
      if (await mayTry(store, email, lineAt(line), START_MS + passedMs)) guesses += 1
    }
    if (!(await mayTry(store, email, HERS, START_MS + passedMs))) lockedOutCount += 1
    await forgiveTries(store, email, HERS, 1)
  }
  expect([guesses, lockedOutCount]).toEqual([3 * STRANGERS_A_DAY_MAX, 0])
  // Of one line alone, and of a device of hers that somebody else sits at: 5, and then ever fewer.
  for (const source of [lineAt(linesMax), HERS]) {
    const other = await newPerson()
    let count = 0
    // As early as a lock can end: after one minute, two, four; and then after an hour each, three minutes past it.
    for (let minute = 0; minute < 24 * 60; minute += 1)
      for (let tried = 0; tried < (minute === 0 ? 6 : 1); tried += 1)
        if ((minute < 64 || minute % 60 === 3) && (await mayTry(store, other, source, START_MS + minute * MINUTE_MS)))
          count += 1
    expect([source.name, count]).toEqual([source.name, 33])
  }
}, 60_000)

test('who proves herself gets back her own tries, and no guess of a stranger', async () => {
  const email = await newPerson()
  for (let at = 0; at < STRANGERS_A_DAY_MAX - 1; at += 1) await mayTry(store, email, lineAt(at), START_MS)
  const hers = lineAt(-1)
  for (let signedIn = 0; signedIn < 3; signedIn += 1) {
    expect(await mayTry(store, email, hers, START_MS)).toBe(true)
    await forgiveTries(store, email, hers, 1)
  }
  const strangers = [lineAt(500), lineAt(501)]
  const tries = []
  for (const source of strangers) tries.push(await mayTry(store, email, source, START_MS))
  expect(tries).toEqual([true, false])
})

test('whoever tries more addresses than are remembered buys no try of anybody', async () => {
  const email = await newPerson()
  for (let tried = 0; tried < 6; tried += 1) await mayTry(store, email, LINE, START_MS - MINUTE_MS / 2)
  for (let at = 0; at < 60; at += 1) await mayTry(store, `${at}@strangers.example`, LINE, START_MS + at)
  const strangers = () => store.work((db) => db.query('select from sign_in_try where person_id is null'))
  await forgetTries(store, START_MS, 50)
  expect(await strangers()).toHaveLength(50)
  expect(await mayTry(store, email, LINE, START_MS)).toBe(false)
  await forgetTries(store, START_MS + 9 * DAY_MS)
  expect(await store.work((db) => db.query('select from sign_in_try'))).toEqual([])
})
