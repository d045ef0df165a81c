import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DraftAnswer, FleetBranch, PublishedVersions } from '#shared/wire/draft.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { addBranch, addTenant } from '../store/branches.ts'
import { publishDue } from '../store/publish-due.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'

let server: TestStore
let app: App
let [authorization, tenantId] = ['', '']
const SLUG = `bank-${randomUUID().slice(0, 8)}`
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  app = await openApp({ database: server.database, version: '0', nowMs: () => Date.now() }, silent)
  authorization = `Bearer ${await testKey(server.administratorUrl, Date.now())}`
  tenantId = (await addTenant(server.database, SLUG, { fr: 'Banque' })) ?? ''
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})

const body = {
  branch: {
    ...{ id: 'plateau', name: 'Plateau', timezone: 'Africa/Dakar', languages: ['fr'], defaultLanguage: 'fr' },
  },
  services: [{ id: 'cash', name: { fr: 'Caisse' }, prefix: 'A', queueId: 'tills' }],
  queues: [{ id: 'tills', name: { fr: 'Caisses' } }],
  counters: [{ id: 'one', name: { fr: 'Guichet 1' }, queueIds: ['tills'] }],
  agents: [{ id: 'awa', name: 'Awa', role: 'manager' }],
}
/** Salt and argon2's answer, in the form that branches read. */
const HASH = /[\w-]{22}\.[\w-]{43}/
const named = (name: string) => ({ ...body, branch: { ...body.branch, name } })

async function newBranch() {
  const branchId = await addBranch(server.database, tenantId, { fr: 'Plateau' }, 'Africa/Dakar')
  const ask = async <Body>(method: string, path: string, sent?: object) => {
    const answer = await app.inject({
      ...{ method: method as 'POST', url: `/api/v1/tenants/${SLUG}/branches/${branchId}/catalogues${path}` },
      ...{ headers: { authorization }, ...(sent !== undefined && { body: sent }) },
    })
    return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json()) as Body }
  }
  return { branchId, ask }
}

test('of two who change one draft the second is told, is given what is there now, and changes nothing', async () => {
  const { ask } = await newBranch()
  expect((await ask<DraftAnswer>('GET', '/draft')).body).toMatchObject({ version: 0, body: null, isDraft: false })
  const both = await Promise.all(
    ['first', 'second'].map((name) => ask<DraftAnswer>('PUT', '/draft', { version: 0, body: named(name) })),
  )
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  const there = both.find(({ status }) => status === 200)?.body.body?.branch.name
  const late = both.find(({ status }) => status === 409)?.body as unknown as { code: string; draft: DraftAnswer }
  expect([late.code, late.draft.version, late.draft.body?.branch.name]).toEqual(['DraftChanged', 1, there])
  expect((await ask<DraftAnswer>('GET', '/draft')).body.body?.branch.name).toBe(there)
})

test('a draft that was published meanwhile is nobody’s draft any more, also when as many changes have come since', async () => {
  const { ask } = await newBranch()
  await ask('PUT', '/draft', { version: 0, body: named('one') })
  const seen = (await ask<DraftAnswer>('GET', '/draft')).body
  expect((await ask('POST', '/draft/publication', { version: seen.version })).status).toBe(201)
  expect((await ask('PUT', '/draft', { version: seen.version, body: named('late') })).status).toBe(409)
  expect((await ask('POST', '/draft/publication', { version: seen.version })).status).toBe(409)
  const now = (await ask<DraftAnswer>('GET', '/draft')).body
  expect(now).toMatchObject({ isDraft: false, version: 2, body: { branch: { name: 'one' } } })
  expect((await ask('PUT', '/draft', { version: now.version, body: named('two') })).status).toBe(200)
  expect((await ask('DELETE', '/draft?version=3')).status).toBe(204)
  expect((await ask<DraftAnswer>('GET', '/draft')).body).toMatchObject({ isDraft: false, version: 4 })
})

test('what a draft lacks is told at its place and holds up its publication alone', async () => {
  const { ask } = await newBranch()
  const lacking = { ...body, services: [{ id: 'cash', name: { fr: 'Caisse' }, prefix: 'a1' }], queues: [] }
  const kept = (await ask<DraftAnswer>('PUT', '/draft', { version: 0, body: lacking })).body
  expect(kept.faults.map(({ path, keyword }) => [path, keyword]).toSorted()).toEqual([
    ['/queues', 'minItems'],
    ['/services/0/prefix', 'pattern'],
    ['/services/0/queueId', 'required'],
  ])
  expect((await ask('POST', '/draft/publication', { version: 1 })).status).toBe(422)
  const astray = { ...body, counters: [{ id: 'one', name: 'G1', queueIds: ['nowhere'] }], agents: [] }
  const { faults } = (await ask<DraftAnswer>('PUT', '/draft', { version: 1, body: astray })).body
  expect(faults).toMatchObject([{ path: '/counters/0/queueIds', keyword: 'NotThere' }])
})

test('a PIN is nowhere but as its hash, is refused at its field, and comes with the publication', async () => {
  const { ask, branchId } = await newBranch()
  const withPin = (pin: string) => ({ ...body, agents: [{ ...body.agents[0], pin }] })
  // Short ones, one that is guessed first, one that is too long and one that is no digits.
  for (const pin of ['12', '2718', '27182', '123456', '2718281828459', '27182a'])
    expect(await ask('PUT', '/draft', { version: 0, body: withPin(pin) })).toMatchObject({
      ...{ status: 422, body: { code: 'CatalogueInvalid', faults: [{ path: '/agents/0/pin' }] } },
    })
  const kept = await ask<DraftAnswer>('PUT', '/draft', { version: 0, body: withPin('483920') })
  expect(kept.body.pinsOf).toEqual(['awa'])
  expect(JSON.stringify(kept.body)).not.toContain('483920')
  const rows = () =>
    server.database.asTenant(tenantId, (db) =>
      db.query('select body, pin_hashes from catalogue_draft where branch_id = $1', [branchId]),
    )
  expect(JSON.stringify(await rows())).not.toContain('483920')
  expect(await rows()).toMatchObject([{ pin_hashes: expect.stringMatching(HASH) }])
  expect((await ask('POST', '/draft/publication', { version: 1 })).status).toBe(201)
  const document = await server.database.asTenant(tenantId, (db) =>
    db.query<{ document: string }>('select document from catalogue where branch_id = $1', [branchId]),
  )
  expect(JSON.parse(document[0]?.document ?? '{}')).toMatchObject({
    pinHashes: { awa: expect.stringMatching(HASH) },
  })
})

test('an older version is published anew as the newest, and the fleet says which version was published last', async () => {
  const { ask, branchId } = await newBranch()
  for (const [at, name] of ['one', 'two'].entries()) {
    const { version } = (await ask<DraftAnswer>('PUT', '/draft', { version: at * 2, body: named(name) })).body
    await ask('POST', '/draft/publication', { version })
  }
  expect(await ask('POST', '/1/publication')).toMatchObject({ status: 201, body: { version: 3 } })
  expect((await ask<DraftAnswer>('GET', '/draft')).body.latest?.body.branch.name).toBe('one')
  expect((await ask('POST', '/9/publication')).status).toBe(404)
  const list = (await ask<PublishedVersions>('GET', '')).body
  expect([list.versions.map(({ version }) => version), list.inForce]).toEqual([[3, 2, 1], null])
  const fleet = await app.inject({ url: `/api/v1/tenants/${SLUG}/fleet`, headers: { authorization } })
  const { items } = fleet.json<{ items: readonly FleetBranch[] }>()
  expect(items.find((it) => it.branchId === branchId)).toMatchObject({ publishedVersion: 3, heard: null })
})

test('a draft that is given a time publishes itself then as it is by then, once, whoever of two clouds is first', async () => {
  const { ask, branchId } = await newBranch()
  const atMs = Date.now() + 60_000
  await ask('PUT', '/draft', { version: 0, body: { ...body, queues: [] } })
  expect((await ask('PUT', '/draft/schedule', { version: 0, atMs })).status).toBe(409)
  expect((await ask('PUT', '/draft/schedule', { version: 1, atMs: Date.now() - 1 })).status).toBe(400)
  expect((await ask<DraftAnswer>('PUT', '/draft/schedule', { version: 1, atMs })).body.publishAtMs).toBe(atMs)
  const look = (nowMs: number) => publishDue(server.database, tenantId, nowMs)
  // What may not be published waits until it is mended.
  expect([await look(atMs - 1), await look(atMs)]).toEqual([0, 0])
  expect((await ask<DraftAnswer>('PUT', '/draft', { version: 1, body })).body.publishAtMs).toBe(atMs)
  const counts = await Promise.all([look(atMs), look(atMs)])
  expect(counts.toSorted()).toEqual([0, 1])
  expect((await ask<PublishedVersions>('GET', '')).body.versions).toMatchObject([{ version: 1, publishedAtMs: atMs }])
  expect((await ask<DraftAnswer>('GET', '/draft')).body).toMatchObject({ isDraft: false, publishAtMs: null })
  const [entry] = await server.database.asTenant(tenantId, (db) =>
    db.query<{ body: string }>('select body from audit_entry where tenant_id = $1 and body like $2', [
      ...[tenantId, '%"schedule"%'],
    ]),
  )
  expect(entry?.body).toContain(branchId)
})
