import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealSide } from '#shared/network/sealed-side.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { addSigningBranch, type SigningBranch } from '../testing/signing-branch.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'

const nowMs = (): number => Date.now()

let server: TestStore
let app: App
let branch: SigningBranch
let key = ''
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  app = await openApp({ database: server.database, version: '0', nowMs }, silent)
  branch = await addSigningBranch(server.database, nowMs)
  key = await testKey(server.administratorUrl, Date.now())
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})

async function asked(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object, authorization = `Bearer ${key}`) {
  const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const payload = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await app.inject({ method, url, headers, ...payload })
  return `${answer.statusCode} ${answer.json<{ code: string }>().code}`
}
const asBranch = (path: string, body: object) =>
  asked('POST', path, body, branch.authorization('POST', path, JSON.stringify(body)))

const HALF = 'a\ud800b'
const event = JSON.stringify({ v: 1, seq: 1, type: 'PowerBack', prev: '0'.repeat(64) })
const present = {
  ...{ seq: 1, steadyMs: 1, atMs: 1, date: null, isClockDoubted: false, isIntakeStopped: false },
  ...{ queues: [], counters: [], devices: [] },
}
const side = { epoch: 'e', rows: [], erased: [], held: [] }

test('what no table can hold is the asker’s to mend, at every route, and no fault of the software', async () => {
  const visits = `/api/v1/tenants/${branch.slug}/branches/${branch.branchId}/visits`
  const seen = [
    await asked('POST', '/api/v1/tenants', { slug: 'nul', name: { fr: 'a\0b' } }),
    await asked('POST', '/api/v1/tenants', { slug: 'half', name: { fr: HALF } }),
    await asked('GET', `${visits}/a%00b/details`),
    await asked('GET', '/api/v1/tenants/a%00b/branches'),
    await asked('DELETE', `${visits}/a%00b/details`),
    await asBranch('/api/v1/sync/events', { epoch: 'e\0', events: [event] }),
    await asBranch('/api/v1/sync/events', { epoch: HALF, events: [event] }),
    await asBranch('/api/v1/sync/now', { ...present, epoch: 'e\0' }),
    await asBranch('/api/v1/sync/now', { ...present, epoch: HALF }),
    await asBranch('/api/v1/sync/now', { ...present, epoch: 'e', date: 'today' }),
    await asBranch('/api/v1/sync/history/events', { epoch: 'e\0', after: 0 }),
    await asBranch('/api/v1/sync/side', { ...side, held: ['t\0'] }),
    await asBranch('/api/v1/sync/side', { ...side, erased: [{ ticketId: 't\0', version: 1 }] }),
  ]
  expect(seen).toEqual(seen.map(() => '400 RequestInvalid'))
})

test('a name in what is no language is refused, and what lies under it is not read', async () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = `{"slug":"deep","name":{"fr":"Banque","a":${deep}}}`
  const answer = await app.inject({ method: 'POST', url: '/api/v1/tenants', headers, body })
  expect(answer.statusCode).toBe(400)
})

test('a visit that is told twice in one request is the branch’s to mend', async () => {
  const row = { ticketId: 't', version: 1, ...sealSide('t', { details: null, note: { text: 'x', atMs: 1 } }) }
  expect(await asBranch('/api/v1/sync/side', { ...side, rows: [row, row] })).toBe('400 RequestInvalid')
  const gone = { ticketId: 't', version: 2 }
  expect(await asBranch('/api/v1/sync/side', { ...side, erased: [gone, gone] })).toBe('400 RequestInvalid')
  expect(await asBranch('/api/v1/sync/side', { ...side, rows: [row] })).toMatch(/^200/)
})

test('a disk that is full is told as that, and it goes on once there is room', async () => {
  const make = () => asked('POST', '/api/v1/tenants', { slug: 'no-room', name: { fr: 'Banque' } })
  const asRoot = (text: string) => asAdministrator(server.administratorUrl, (client) => client.query(text))
  await asRoot(`create function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
  await asRoot('create trigger no_room before insert on smartqueue.tenant for each row execute function no_room()')
  expect(await make()).toBe('503 StorageUnavailable')
  await asRoot('drop trigger no_room on smartqueue.tenant')
  expect(await make()).toMatch(/^201/)
})
