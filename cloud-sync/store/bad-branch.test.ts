import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PresentBody } from '#shared/wire/sync.ts'
import { measure } from '../alerts/measure.ts'
import { openTestStore, type TestStore } from '../testing/test-database.ts'
import { openDays } from './branch-days.ts'
import { addBranch, addTenant } from './branches.ts'
import { putCatalogue } from './catalogue-rows.ts'
import { floorOf } from './live.ts'
import { keepPresent } from './present-rows.ts'
import { readCatalogueNames, readQueueOrders } from './report-rows.ts'

// What one branch sent, by whatever version of it, may be no use; it is read beside what all the others sent.

let server: TestStore
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

const QUEUE = { queueId: 'cash', waitingCount: 9, longestWaitMs: 60_000, isPaused: false, isClosed: false }
const present = (date: string, queueId: string): PresentBody => ({
  ...{ epoch: 'one', seq: 1, steadyMs: 1, atMs: 0, date, isClockDoubted: false, isIntakeStopped: false },
  ...{ queues: [{ ...QUEUE, queueId }], counters: [], devices: [] },
})
const DAY = '2026-11-27'
const GOOD = {
  branch: { businessDayStartsAt: '05:00' },
  services: [],
  queues: [{ id: 'cash', name: { fr: 'Caisse' } }],
}

test.each([
  ['holds what Postgres takes for no text', { ...GOOD, branch: { businessDayStartsAt: '\u0000' } }],
  ['holds half a letter', { ...GOOD, agents: '\ud800' }],
  ['has no list where there must be one', { ...GOOD, branch: {}, queues: {} }],
  ['lists what is nothing', { ...GOOD, branch: [], queues: [null, { id: 3 }, { id: 'cash', name: null }] }],
])('a branch whose catalogue %s harms no other of its tenant', async (_, body) => {
  const { database } = server
  const tenantId = (await addTenant(database, `bank-${randomUUID()}`, { fr: 'Banque' })) ?? ''
  const add = () => addBranch(database, tenantId, { fr: 'Agence' }, 'UTC')
  const [good, bad] = [await add(), await add()]
  await database.asTenant(tenantId, async (db) => {
    await db.query('update branch set public_key = branch_id::text where tenant_id = $1', [tenantId])
    await putCatalogue(db, { tenantId, branchId: good }, { version: 1, body: JSON.stringify(GOOD) })
    await putCatalogue(db, { tenantId, branchId: bad }, { version: 1, body: JSON.stringify(body) })
    await db.query(
      `insert into alert_rule (tenant_id, rule_id, kind, threshold, emails, repeat_minutes, language, made_by, made_at)
       values ($1, gen_random_uuid(), 'length', 5, '{}', 30, 'fr', 'person x', now())`,
      [tenantId],
    )
  })
  const at = { signedAtMs: 1, nowMs: Date.now() }
  await keepPresent(database, { tenantId, branchId: good }, present(DAY, 'cash'), at)
  await keepPresent(database, { tenantId, branchId: bad }, present('x', '\ud800'), at)
  const both = [good, bad]
  await database.asTenant(tenantId, async (db) => {
    const breaches = await measure(db, tenantId, Date.now())
    expect(breaches.map(({ branchId }) => branchId)).toEqual([good])
    expect(await floorOf(db, { tenantId, branchId: bad })).toMatchObject({ tickets: [] })
    const names = await readCatalogueNames(db, tenantId, both, 'queue')
    expect(names.get(good)?.get('cash')).toEqual({ fr: 'Caisse' })
    const orders = await readQueueOrders(
      db,
      { tenantId, branchIds: both, from: DAY, to: DAY },
      { withPriorities: false },
    )
    expect(orders(good, 'cash')).toMatchObject({ now: 'fifo' })
    await db.query(
      `insert into rollup (tenant_id, branch_id, business_date, dimension, id, issued, called, completed, no_show,
         cancelled, abandoned, targeted, on_target, signed_in_ms, break_ms, serving_ms, wait_ms, to_service_ms,
         service_ms, wait_buckets, to_service_buckets, service_buckets)
       select $1, unnest($2::uuid[]), $3, 'branch', '', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', '{}', '{}'`,
      [tenantId, both, DAY],
    )
    const days = await openDays(db, tenantId, { since: DAY, after: null, countMax: 9 })
    expect(new Map(days.map((it) => [it.branchId, it.startsAt])).get(good)).toBe('05:00')
    expect(days).toHaveLength(2)
  })
})
