import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { guardedTables, isolationFaults } from '../testing/isolation-faults.ts'
import { addSampleTenant } from '../testing/sample-tenant.ts'
import { asAdministrator, openTestDatabase, openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { type Database, openDatabase, settled, type TenantDb } from './database.ts'
import { OWNER, prepareRoles, SCHEMA } from './roles.ts'

let server: TestStore
let database: Database
let tables: readonly string[] = []
let [ours, theirs] = ['', '']
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  database = server.database
  tables = await asAdministrator(server.administratorUrl, guardedTables)
  ours = await addSampleTenant(database)
  theirs = await addSampleTenant(database)
}, 120_000)
afterAll(() => server?.close())

test('nothing in the catalogue lets one tenant see another', async () => {
  expect(await asAdministrator(server.administratorUrl, isolationFaults)).toEqual([])
})

describe('the catalogue is not content with', () => {
  const plants: readonly [string, string, RegExp][] = [
    [
      'a table whose owner is not held by its rule',
      'alter table branch no force row level security',
      /branch is not guarded/,
    ],
    ['a table without the guard', 'alter table branch disable row level security', /branch is not guarded/],
    ['a table without the rule', 'drop policy own_tenant on branch', /branch has not the one rule/],
    [
      'a second rule that is wider',
      'create policy wide on branch using (true)',
      /branch has not the one rule, or more/,
    ],
    ['a partition without the guard', 'alter table event_3 no force row level security', /event_3 is not guarded/],
    ['a table that bears no tenant', 'create table loose (id int primary key)', /loose bears no tenant/],
    ['a key without the tenant', 'alter table branch add unique (branch_id)', /does not begin with the tenant/],
    ['a plain view', 'create view all_branches as select * from branch', /all_branches is a view/],
    ['a view of rows that were read before', 'create materialized view kept as select 1 as one', /kept is a view/],
    [
      'a function with its owner’s rights',
      'create function peek() returns bigint language sql security definer as $$ select count(*) from branch $$',
      /peek is a function/,
    ],
    ['an app that may empty a table', 'grant truncate on branch to smartqueue_app', /branch may be emptied/],
    ['an app that may change the audit', 'grant update on audit_entry to smartqueue_app', /audit_entry may be changed/],
    [
      'people’s role that may shorten the audit',
      'grant delete on audit_entry to smartqueue_identity',
      /audit_entry may be/,
    ],
    [
      'an app that may forget STOP',
      'grant delete on stop_directory to smartqueue_app',
      /stop_directory may be forgotten/,
    ],
    ['an app that may become the owner', 'grant smartqueue_owner to smartqueue_app', /what the app may become/],
    ['an app that passes all rules', 'alter role smartqueue_app bypassrls', /smartqueue_app is a role that may pass/],
  ]
  test.each(plants)('%s', async (_, sql, fault) => {
    await asAdministrator(server.administratorUrl, async (client) => {
      await client.query(`begin; set local search_path to ${SCHEMA}`)
      await client.query(sql)
      expect((await isolationFaults(client)).join('\n')).toMatch(fault)
      await client.query('rollback')
    })
  })
})

/** As a role, in a transaction that names our tenant and comes to nothing. */
async function tryAs(
  url: string,
  role: string | null,
  sql: string,
  values: readonly unknown[],
): Promise<number | string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    if (role !== null) await client.query(`set role ${role}`)
    await client.query(`set local search_path to ${SCHEMA}`)
    await client.query("select set_config('app.tenant_id', $1, true)", [ours])
    return (await client.query(sql, [...values])).rowCount ?? 0
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? '') : String(error)
  } finally {
    await client.end()
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

const folded = [
  'branch_catalogue',
  'branch_fold',
  'branch_now',
  'fold_mark',
  'gathered_month',
  'rollup',
  'rollup_of_month',
  'rollup_of_tenant',
  'set_aside',
  'shift',
  'ticket',
  'ticket_former',
]
const beside = [
  'audit_anchor',
  'audit_entry',
  'audit_witness',
  'side_erasure',
  'role_key',
  'role_row',
  'side_key',
  'side_row',
]
const down = [
  'catalogue',
  'catalogue_draft',
  'diagnostics',
  'inbox',
  'inbox_receipt',
  'order_result',
  'shape_done',
  'shape_floor',
  'shape_log',
  'tenant_key',
]
const told = ['alert', 'alert_rule', 'branch_day', 'mail_waiting', 'report_subscription']
const messages = ['message', 'message_policy', 'message_spend', 'message_stop', 'message_template']
/** Written by hand: a table that nobody thought of is seen. */
const ALL_TABLES = [
  'api_key',
  'branch',
  'branch_log',
  'event',
  'fork',
  'tenant',
  'webhook',
  'webhook_message',
  ...folded,
  ...beside,
  ...down,
  ...told,
  ...messages,
]

test('of every table, by every role and verb, no row of another tenant is seen, changed, taken away or written', async () => {
  const urls = await prepareRoles(server.administratorUrl)
  const roles = [
    { name: 'app', url: urls.app, role: null },
    { name: 'owner', url: urls.migrator, role: OWNER },
  ]
  expect(tables).toEqual(ALL_TABLES.toSorted())
  for (const table of tables)
    for (const { name, url, role } of roles) {
      const where = 'where tenant_id = $1'
      const own = await tryAs(url, role, `select from ${table} ${where}`, [ours])
      expect([table, name, own]).toEqual([table, name, 1])
      const foreign = {
        select: await tryAs(url, role, `select from ${table} ${where}`, [theirs]),
        update: await tryAs(url, role, `update ${table} set tenant_id = tenant_id ${where}`, [theirs]),
        delete: await tryAs(url, role, `delete from ${table} ${where}`, [theirs]),
        steal: await tryAs(url, role, `update ${table} set tenant_id = $2 ${where}`, [ours, theirs]),
        insert: await tryAs(url, role, `insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`, [
          { tenant_id: theirs },
        ]),
      }
      const isHeld = (outcome: number | string): boolean => outcome === 0 || outcome === INSUFFICIENT_PRIVILEGE
      expect([table, name, Object.entries(foreign).filter(([, outcome]) => !isHeld(outcome))]).toEqual([
        table,
        name,
        [],
      ])
    }
  // A connection for each question, and more of them with each table.
}, 180_000)

test('who names no tenant, one that is not there or no name at all sees nothing', async () => {
  for (const table of tables) {
    const count = (tenantId: string) =>
      database.asTenant(tenantId, (db) => db.query<{ count: string }>(`select count(*) from ${table}`))
    expect(await count(randomUUID())).toEqual([{ count: '0' }])
    expect(await count('')).toEqual([{ count: '0' }])
  }
  await expect(database.asTenant("' or true --", (db) => db.query('select from branch'))).rejects.toThrow(/uuid/)
})

test('a role that may pass the guard is not taken', async () => {
  await asAdministrator(server.administratorUrl, (client) => client.query('alter role smartqueue_app bypassrls'))
  try {
    await expect(openDatabase({ administratorUrl: server.administratorUrl, log: silent })).rejects.toThrow(
      /^The database at 127\.0\.0\.1:\d+\/\w+ cannot be prepared .*may pass what keeps tenants apart/,
    )
  } finally {
    // Roles are the whole server's, and other tests use it after this one.
    await asAdministrator(server.administratorUrl, (client) => client.query('alter role smartqueue_app nobypassrls'))
  }
})

test('a connection that is given back names nobody, and does so to the next who borrows it', async () => {
  const borrowed = vi.spyOn(pg.Pool.prototype, 'connect')
  await database.asTenant(ours, (db) => db.query('select from branch'))
  const client = await (borrowed.mock.results[0]?.value as Promise<pg.PoolClient>)
  borrowed.mockRestore()
  const { rows } = await client.query("select current_setting('app.tenant_id', true) as tenant")
  expect(rows).toEqual([{ tenant: '' }])
})

test('what a connection keeps planned knows each time who asks, also when it was asked first behind a failure', async () => {
  const one = await openDatabase({ administratorUrl: server.administratorUrl, log: silent, connectionsMax: 1 })
  const sees = (tenantId: string) =>
    one.asTenant(tenantId, (db) => db.often<{ tenant_id: string }>('select tenant_id from branch where $1', [true]))
  const failing = one.asTenant(ours, (db) =>
    Promise.all([db.query('select 1 / 0'), db.often('select tenant_id from branch where $1', [true])]),
  )
  await expect(failing).rejects.toThrow('division by zero')
  // Postgres plans for the values at hand at first, and then once for all.
  for (let each = 0; each < 12; each += 1)
    for (const tenantId of [ours, theirs])
      expect(new Set((await sees(tenantId)).map((row) => row.tenant_id))).toEqual(new Set([tenantId]))
  expect(await sees('')).toEqual([])
  await one.close()
}, 60_000)

test('work that goes on after its transaction is refused, and work that fails leaves nothing', async () => {
  let speakLate = (): Promise<unknown> => Promise.resolve()
  await database.asTenant(ours, async (db) => {
    speakLate = () => db.query('select 1')
  })
  await expect(speakLate()).rejects.toThrow(/is over/)
  const added = database.asTenant(ours, async (db) => {
    await db.query(
      "insert into branch (tenant_id, branch_id, name, time_zone, created_at) values ($1, $2, '{}', 'UTC', now())",
      [ours, randomUUID()],
    )
    throw new Error('thought better of it')
  })
  await expect(added).rejects.toThrow('thought better')
  expect(await database.asTenant(ours, (db) => db.query('select from branch'))).toHaveLength(1)
})

test('what travels together is over before its failure is told: nothing of it comes behind what undoes it', async () => {
  const addLater = async (db: TenantDb): Promise<void> => {
    await db.query('select 1')
    await new Promise((resolve) => setTimeout(resolve, 20))
    await db.query(
      "insert into branch (tenant_id, branch_id, name, time_zone, created_at) values ($1, $2, '{}', 'UTC', now())",
      [ours, randomUUID()],
    )
  }
  await database.asTenant(ours, async (db) => {
    await db.query('savepoint step')
    const failing = settled([addLater(db), db.query('select 1 / 0')])
    await expect(failing).rejects.toThrow('division by zero')
    await db.query('rollback to savepoint step')
    await new Promise((resolve) => setTimeout(resolve, 60))
  })
  expect(await database.asTenant(ours, (db) => db.query('select from branch'))).toHaveLength(1)
})

test('two clouds that start at once on an empty database both find it prepared', async () => {
  const fresh = await openTestDatabase(process.env['TEST_DATABASE_URL'])
  const both = await Promise.all(
    [1, 2].map(() => openDatabase({ administratorUrl: fresh.administratorUrl, log: silent })),
  )
  await Promise.all(both.map((it) => addSampleTenant(it)))
  await Promise.all(both.map((it) => it.close()))
  await fresh.close()
})
