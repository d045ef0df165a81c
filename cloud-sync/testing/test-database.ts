import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { startOwnPostgres } from '../postgres/own-postgres.ts'
import { openDatabase } from '../store/database.ts'
import { postgresOfRun } from './postgres-of-run.ts'

/** A database for one test file. */
export interface TestDatabase {
  readonly administratorUrl: string
  close(): Promise<void>
}

export const silent = pino({ level: 'silent' })

/** @param given - a Postgres in which to make a new database; left out: that of the test run, or one of our own is started */
export async function openTestDatabase(given?: string): Promise<TestDatabase> {
  const there = given ?? (await postgresOfRun())
  return there === null ? ownDatabase() : newDatabaseAt(there)
}

async function ownDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-cloud-'))
  // Postgres' own user must come through.
  chmodSync(folder, 0o711)
  const own = await startOwnPostgres(folder, silent)
  return {
    administratorUrl: own.url,
    async close() {
      await own.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The same, prepared and open for the app's own role. */
export async function openTestStore(given?: string) {
  const ofRun = given === undefined ? await postgresOfRun() : null
  const { administratorUrl, close } =
    ofRun === null ? await openTestDatabase(given) : await newDatabaseAt(ofRun, await templateAt(ofRun))
  const database = await openDatabase({ administratorUrl, log: silent })
  return {
    administratorUrl,
    database,
    async close() {
      await database.close()
      await close()
    },
  }
}

export type TestStore = Awaited<ReturnType<typeof openTestStore>>

const STORE = join(import.meta.dirname, '../store')

/** Of all that makes the schema: a copy of the sources with a planted bug in it has a template of its own. */
function schemaHash(): string {
  const hash = createHash('sha256')
  const migrations = readdirSync(join(STORE, 'migrations')).toSorted()
  for (const name of ['roles.ts', 'migrate.ts', ...migrations.map((it) => `migrations/${it}`)])
    hash.update(`${name}\n`).update(readFileSync(join(STORE, name)))
  return hash.digest('hex').slice(0, 16)
}

/** @returns the name of a database with the schema and nothing else, to be copied */
async function templateAt(server: string): Promise<string> {
  const name = `smartqueue_template_${schemaHash()}`
  const isThere = await asAdministrator(server, async (client) => {
    const { rows } = await client.query('select from pg_database where datname = $1', [name])
    return rows.length > 0
  })
  if (isThere) return name
  const { administratorUrl } = await newDatabaseAt(server)
  await (await openDatabase({ administratorUrl, log: silent })).close()
  // Under its name it is whole.
  const made = new URL(administratorUrl).pathname.slice(1)
  await asAdministrator(server, (client) => client.query(`alter database ${made} rename to ${name}`))
  return name
}

async function newDatabaseAt(given: string, template = 'template1'): Promise<TestDatabase> {
  const name = `smartqueue_test_${randomUUID().replaceAll('-', '')}`
  const url = new URL(given)
  url.pathname = name
  await asAdministrator(given, (client) => client.query(`create database ${name} template ${template}`))
  return {
    administratorUrl: url.href,
    close: async () =>
      void (await asAdministrator(given, (client) => client.query(`drop database ${name} with (force)`))),
  }
}

/** Asks with all rights, past everything that keeps tenants apart. */
export async function asAdministrator<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
