import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { PostgresError } from '../postgres/postgres-error.ts'
import { OWNER, PREPARATION_LOCK, SCHEMA } from './roles.ts'

/** One numbered SQL file; it only adds, so that clouds of the version before go on beside those of this one. */
interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

// By this file's own place: built, that is still found from the root.
const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url))

const migrations = (): readonly Migration[] =>
  readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .toSorted()
    .map((name) => ({ version: Number(name.slice(0, 4)), name, sql: readFileSync(join(FOLDER, name), 'utf8') }))

/**
 * Brings the schema up to date, each migration in a transaction of its own; clouds that start together take turns.
 * @param migratorUrl - of the role that may become the owner
 * @throws PostgresError when a migration fails; those before it stay
 */
export async function migrate(migratorUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: migratorUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [PREPARATION_LOCK])
    await client.query(`set role ${OWNER}`)
    await client.query(`set search_path to ${SCHEMA}, pg_temp`)
    await client.query(
      'create table if not exists migration (version int primary key, name text not null, applied_at timestamptz not null)',
    )
    const { rows } = await client.query<{ version: number }>('select version from migration')
    const applied = new Set(rows.map(({ version }) => version))
    for (const migration of migrations()) if (!applied.has(migration.version)) await apply(client, migration)
  } finally {
    await client.end().catch(() => {})
  }
}

async function apply(client: pg.Client, { version, name, sql }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into migration values ($1, $2, now())', [version, name])
    await client.query('commit')
  } catch (error) {
    throw new PostgresError(`The migration ${name} failed (${String(error)}); the database is as it was before it.`)
  }
}
