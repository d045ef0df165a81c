import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addTenant } from '../store/branches.ts'
import { asAdministrator, openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { type Jobs, openJobs } from './open-jobs.ts'

let server: TestStore
let tenants: readonly (string | null)[] = []
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  const names = [1, 2, 3].map((at) => `jobs-${process.pid}-${at}`)
  tenants = await Promise.all(names.map((name) => addTenant(server.database, name, { fr: 'Banque' })))
}, 120_000)
afterAll(() => server?.close())

test('of two clouds one does what is due, once for each tenant and turn, and what fails for one holds up no other', async () => {
  const done: (string | null)[] = []
  const clouds: Jobs[] = []
  for (const failing of [tenants[0], tenants[0]])
    clouds.push(
      await openJobs({
        ...{ database: server.database, administratorUrl: server.administratorUrl, log: silent },
        work: {
          look: {
            everySeconds: 86_400,
            async doFor(tenantId) {
              done.push(tenantId)
              if (tenantId === failing) throw new Error('planted')
            },
          },
        },
      }),
    )
  for (let tick = 0; tick < 5; tick += 1) await Promise.all(clouds.map((cloud) => cloud.tick()))
  await expect.poll(() => done.toSorted(), { timeout: 30_000 }).toEqual(tenants.toSorted())
  await Promise.all(clouds.map((cloud) => cloud.tick()))
  await pause(3_000)
  expect(done).toHaveLength(tenants.length)
  await Promise.all(clouds.map((cloud) => cloud.close()))
}, 60_000)

test('of many tenants some are done at once, and no more than that', async () => {
  const names = Array.from({ length: 21 }, (_, at) => `jobs-many-${process.pid}-${at}`)
  const added = await Promise.all(names.map((name) => addTenant(server.database, name, { fr: 'Banque' })))
  const done = new Set<string>()
  let [atWork, atWorkMost] = [0, 0]
  const cloud = await openJobs({
    ...{ database: server.database, administratorUrl: server.administratorUrl, log: silent },
    work: {
      many: {
        everySeconds: 86_400,
        async doFor(tenantId) {
          atWork += 1
          atWorkMost = Math.max(atWorkMost, atWork)
          await pause(10)
          atWork -= 1
          done.add(tenantId)
        },
      },
    },
  })
  await expect.poll(() => added.every((id) => done.has(id ?? '')), { timeout: 30_000 }).toBe(true)
  expect(atWorkMost).toBe(4)
  await cloud.close()
}, 60_000)

test('the list of what is to be done holds names and tenants, and its role sees nothing else', async () => {
  const { keys, mayRead, mayBeRead } = await asAdministrator(server.administratorUrl, async (client) => {
    const said = await client.query<{ data: unknown }>(
      'select distinct data from smartqueue_jobs.job where data is not null',
    )
    const seen = (role: string, schemas: readonly string[]) =>
      client.query(
        `select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
         where nspname = any($2) and relkind in ('r', 'p', 'v') and (has_table_privilege($1, pg_class.oid, 'select')
           or has_table_privilege($1, pg_class.oid, 'insert') or has_table_privilege($1, pg_class.oid, 'delete'))`,
        [role, schemas],
      )
    return {
      keys: said.rows.flatMap(({ data }) => Object.keys(data as object)),
      mayRead: (await seen('smartqueue_jobs', ['smartqueue', 'smartqueue_identity'])).rows,
      mayBeRead: (await seen('smartqueue_app', ['smartqueue_jobs'])).rows,
    }
  })
  expect([...new Set(keys)]).toEqual(['tenantId'])
  expect([mayRead, mayBeRead]).toEqual([[], []])
})
