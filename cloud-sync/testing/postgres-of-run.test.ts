import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { openDatabase } from '../store/database.ts'
import { asAdministrator, openTestDatabase, openTestStore, silent } from './test-database.ts'

const given = process.env['TEST_DATABASE_URL']

const COLUMNS = `select c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, c.reloptions, a.attname,
    format_type(a.atttypid, a.atttypmod) as type, a.attnotnull
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'smartqueue'::regnamespace and a.attnum > 0 order by c.relname, a.attnum`
const RULES = `select polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid) from pg_policy order by 1, 2`
const CODE = `select proname, prosrc, proacl::text from pg_proc where pronamespace = 'smartqueue'::regnamespace order by 1, 2`

const schemaOf = (url: string) =>
  asAdministrator(url, async (client) => {
    const schema: unknown[] = []
    for (const text of [COLUMNS, RULES, CODE]) schema.push((await client.query(text)).rows)
    return schema
  })

test('a database that is copied for a test is what the migrations make, and holds nothing of another test', async () => {
  const [first, second] = [await openTestStore(given), await openTestStore(given)]
  const made = await openTestDatabase(given)
  await (await openDatabase({ administratorUrl: made.administratorUrl, log: silent })).close()
  expect(await schemaOf(first.administratorUrl)).toEqual(await schemaOf(made.administratorUrl))
  const slugs = 'select slug from smartqueue.tenant_directory'
  await asAdministrator(first.administratorUrl, (client) =>
    client.query("insert into smartqueue.tenant_directory (slug, tenant_id) values ('mine', gen_random_uuid())"),
  )
  expect(await asAdministrator(second.administratorUrl, async (client) => (await client.query(slugs)).rows)).toEqual([])
  for (const it of [first, second, made]) await it.close()
})

test('the Postgres of a run outlives a key that interrupts it, ends with the run however that ends, and leaves no files', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'passing-postgres.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [url] = await once(createInterface(child.stdout), 'line')
  child.kill('SIGINT')
  const data = await asAdministrator(String(url), async (client) => {
    const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder")
    return rows[0]?.folder ?? ''
  })
  expect(existsSync(data)).toBe(true)
  const gone = once(child, 'exit')
  // As the system does when whoever held it is killed.
  child.stdin.destroy()
  await gone
  expect(existsSync(dirname(data))).toBe(false)
}, 60_000)
