import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { startOwnPostgres } from '../postgres/own-postgres.ts'
import { openDatabase } from '../store/database.ts'

/** A database for one test file. */
export interface TestDatabase {
  readonly administratorUrl: string
  close(): Promise<void>
}

export const silent = pino({ level: 'silent' })

/** @param given - a Postgres in which to make a new database; left out: one of our own is started */
export async function openTestDatabase(given?: string): Promise<TestDatabase> {
  if (given !== undefined) return newDatabaseAt(given)
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
  const { administratorUrl, close } = await openTestDatabase(given)
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

async function newDatabaseAt(given: string): Promise<TestDatabase> {
  const name = `smartqueue_test_${randomUUID().replaceAll('-', '')}`
  const url = new URL(given)
  url.pathname = name
  await asAdministrator(given, (client) => client.query(`create database ${name}`))
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
