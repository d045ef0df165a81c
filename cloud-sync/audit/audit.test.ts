import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditHash } from '#shared/audit/entry.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { prepareRoles } from '../store/roles.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'
import { appendAudit } from './entries.ts'
import { verifyAll } from './run-command.ts'
import { verifyAudit } from './verify.ts'

const NAME = 'Banque Qanitzy'

let server: TestStore
let app: App
let key = ''
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  app = await openApp({ database: server.database, version: '0', nowMs: () => Date.now() }, silent)
  key = await testKey(server.administratorUrl, Date.now())
}, 120_000)
afterAll(async () => {
  await app.close()
  await server.close()
})

let count = 0
const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object, idempotencyKey?: string) => {
  count += 1
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': idempotencyKey ?? `key-${count}` }
  return app.inject({ method, url, headers, ...(body !== undefined && { body }) })
}

interface Entry {
  readonly code: string
  readonly prev: string
  readonly [name: string]: unknown
}

test('what changes a tenant is in its audit once, with who did it and to what, in the transaction of the change', async () => {
  const tenant = { slug: 'audited', name: { fr: NAME } }
  for (const each of ['k1', 'k1']) expect((await ask('POST', '/api/v1/tenants', tenant, each)).statusCode).toBe(201)
  expect((await ask('POST', '/api/v1/tenants', tenant)).statusCode).toBe(409)
  const at = '/api/v1/tenants/audited'
  const branch = { name: { fr: NAME }, timeZone: 'Africa/Dakar' }
  const { branchId } = (await ask('POST', `${at}/branches`, branch, 'k2')).json<{ branchId: string }>()
  await ask('POST', `${at}/branches`, branch, 'k2')
  const made = await ask('POST', `${at}/branches/${branchId}/enrolment`, {}, 'k3')
  await ask('POST', `${at}/branches/${branchId}/enrolment`, {}, 'k3')
  await ask('POST', `${at}/branches/${branchId}/inbox`, { message: { type: 'ClearMessage' } })
  await ask('DELETE', `${at}/branches/${branchId}/visits/visit-1/details`)
  await ask('DELETE', `${at}/branches/${branchId}/enrolment`)
  const answer = await ask('GET', `${at}/audit`)
  expect(answer.headers['content-type']).toContain('application/x-ndjson')
  const lines = answer.body.trimEnd().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as Entry)
  expect(entries.map(({ code }) => code)).toEqual([
    ...['ChainBegan', 'TenantAdded', 'BranchAdded', 'EnrolmentCodeMade', 'MessageSent', 'DetailsErased'],
    ...['BranchRevoked', 'AuditExported'],
  ])
  expect(entries[3]).toMatchObject({
    ...{ actor: { kind: 'key' }, address: '127.0.0.1', about: branchId },
  })
  expect(entries[5]).toMatchObject({ about: 'visit-1' })
  for (const [index, { prev }] of entries.entries()) if (index > 0) expect(prev).toBe(auditHash(lines[index - 1] ?? ''))
  const code = made.json<{ code: string }>().code
  for (const planted of [NAME, key, code, ...code.split('-')])
    expect([planted, answer.body.includes(planted)]).toEqual([planted, false])
  expect((await ask('GET', '/api/v1/audit')).body).not.toContain('TenantAdded')
})

test('a change that comes to nothing leaves nothing, and two at once stand one after the other', async () => {
  await ask('POST', '/api/v1/tenants', { slug: 'at-once', name: { fr: NAME } })
  const tenantId = (await tenantOf(server.database, 'at-once')) ?? ''
  const actor = { kind: 'system', id: null } as const
  const failing = server.database.asTenant(tenantId, async (db) => {
    await appendAudit(db, tenantId, { code: 'KeyMade', actor }, 1)
    throw new Error('thought better of it')
  })
  await expect(failing).rejects.toThrow('thought better')
  const all = Array.from({ length: 20 }, () =>
    server.database.asTenant(tenantId, (db) => appendAudit(db, tenantId, { code: 'KeyMade', actor }, 1)),
  )
  expect((await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')).toEqual([])
  expect(await verifyAudit(server.database, tenantId)).toMatchObject({ count: 22, fault: null })
})

test('no role that answers requests may change an entry or take one away', async () => {
  const urls = await prepareRoles(server.administratorUrl)
  for (const url of [urls.app, urls.identity])
    for (const act of ["update smartqueue.audit_entry set body = ''", 'delete from smartqueue.audit_entry'])
      await expect(asAdministrator(url, (client) => client.query(act))).rejects.toThrow('permission denied')
})

describe('what the owner of the database does to a chain', () => {
  const LENGTH = 1_200
  let tenantId = ''
  beforeAll(async () => {
    await ask('POST', '/api/v1/tenants', { slug: 'tampered', name: { fr: NAME } })
    tenantId = (await tenantOf(server.database, 'tampered')) ?? ''
    const actor = { kind: 'system', id: null } as const
    await server.database.asTenant(tenantId, async (db) => {
      for (let each = 0; each < LENGTH; each += 1)
        await appendAudit(db, tenantId, { code: 'KeyMade', actor, about: `key-${each}` }, each)
    })
  })

  /** In a transaction that comes to nothing: the chain is as it was for the next. */
  async function verifiedAfter(sql: string): Promise<string> {
    const undo = 'create table if not exists public.kept as select * from smartqueue.audit_entry where false'
    return asAdministrator(server.administratorUrl, async (client) => {
      await client.query(undo)
      await client.query('insert into public.kept select * from smartqueue.audit_entry where tenant_id = $1', [
        tenantId,
      ])
      await client.query(sql.replaceAll('$1', `'${tenantId}'`))
      const said = await verifyAll(server.database).catch(String)
      await client.query('delete from smartqueue.audit_entry where tenant_id = $1', [tenantId])
      await client.query('insert into smartqueue.audit_entry select * from public.kept')
      await client.query('delete from public.kept')
      return said
    })
  }

  test('nothing: it is whole', async () => {
    expect(await verifiedAfter('select 1')).toMatch(/^The audit is whole/)
  })

  const of = 'where tenant_id = $1 and'
  test.each([
    [
      'changes a byte',
      `update smartqueue.audit_entry set body = replace(body, 'key-699', 'key-698') ${of} seq = 702`,
      'entry 702 is changed',
    ],
    [
      'changes the last',
      `update smartqueue.audit_entry set body = replace(body, '"v":1', '"v": 1') ${of} seq = 1202`,
      'entry 1202 is changed',
    ],
    ['deletes one', `delete from smartqueue.audit_entry ${of} seq = 3`, 'entry 3 is missing'],
    [
      'swaps two',
      `update smartqueue.audit_entry it set body = other.body, hash = other.hash from smartqueue.audit_entry other
       where it.tenant_id = $1 and other.tenant_id = $1 and it.seq in (5, 6) and other.seq = 11 - it.seq`,
      'entry 5 is misplaced',
    ],
  ])('%s: it is seen, and the first bad entry named', async (_, sql, said) => {
    expect(await verifiedAfter(sql)).toContain(`The audit of tampered is not as it was written: ${said}`)
  })
})
