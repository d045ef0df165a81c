import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { type IdentityStore, openIdentityStore } from './identity-store.ts'
import { insertPerson, provePassword } from './people.ts'
import { forgetTries, mayTry } from './tries.ts'

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

test('an address that nobody has is answered as one that somebody has: wrong, locked, ever longer, and anew after a day', async () => {
  const atMs = [0, 1, 2, 3, 4, 5, MINUTE_MS + 5, MINUTE_MS + 6, 3 * MINUTE_MS + 6, 3 * MINUTE_MS + 7]
  const answersOf = async (email: string): Promise<readonly string[]> => {
    const answers: string[] = []
    for (const passedMs of [...atMs, DAY_MS + 4 * MINUTE_MS, DAY_MS + 4 * MINUTE_MS + 1])
      answers.push((await provePassword(store, { email, password: 'wrong' }, START_MS + passedMs)).kind)
    return answers
  }
  const [known, unknown] = [await answersOf(await newPerson()), await answersOf(`${randomUUID()}@example.org`)]
  expect(unknown).toEqual(known)
  expect(known.map((it) => it[0]).join('')).toBe('WWWWWLWLWLWW')
})

test('tries at once are counted like tries in turn', async () => {
  const email = `${randomUUID()}@example.org`
  const tries = await Promise.all(Array.from({ length: 12 }, () => mayTry(store, email, START_MS)))
  expect(tries.filter((it) => it)).toHaveLength(5)
})

test('whoever tries more addresses than are remembered buys no try of anybody', async () => {
  const email = await newPerson()
  for (let tried = 0; tried < 6; tried += 1) await mayTry(store, email, START_MS - MINUTE_MS / 2)
  for (let at = 0; at < 60; at += 1) await mayTry(store, `${at}@strangers.example`, START_MS + at)
  const strangers = () => store.work((db) => db.query('select from sign_in_try where person_id is null'))
  await forgetTries(store, START_MS, 50)
  expect(await strangers()).toHaveLength(50)
  expect(await mayTry(store, email, START_MS)).toBe(false)
  await forgetTries(store, START_MS + 3 * DAY_MS)
  expect(await store.work((db) => db.query('select from sign_in_try'))).toEqual([])
})
