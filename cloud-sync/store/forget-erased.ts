import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'
import { OWNER, SCHEMA } from './roles.ts'

/**
 * Makes what was erased go from the files, too. Postgres deletes by marking: the bytes of a key stay in the free room of its
 * page, and in the log of changes, until something is written over them. The table of keys is small, so it is written anew.
 * @param url - of an administrator; one who may not end the log of changes leaves that to Postgres' own time
 */
export async function forgetErased(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`set role ${OWNER}`)
    await client.query(`vacuum full ${SCHEMA}.side_key`)
    await client.query('reset role')
    const { rows } = await client.query<{ isMighty: boolean }>(
      'select rolsuper as "isMighty" from pg_roles where rolname = current_user',
    )
    if (rows[0]?.isMighty !== true) return
    // What the log holds up to here is needed no more, and with `wal_recycle=off` its files are removed, not used again.
    await client.query('select pg_switch_wal()')
    await client.query('checkpoint')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

/** The whole table is locked while it is written anew: once a day, the first time when the rush of a start is over. */
const FORGET_MS = 24 * 3_600_000
const FIRST_FORGET_MS = 10 * 60_000

/** @returns stops it */
export function keepForgetting(url: string, log: FastifyBaseLogger): () => void {
  const forget = (): void =>
    void forgetErased(url).catch((error: unknown) =>
      log.warn(
        { err: error },
        'what was erased could not be taken out of the files of the database; it is tried again',
      ),
    )
  const timers = [setTimeout(forget, FIRST_FORGET_MS), setInterval(forget, FORGET_MS)]
  for (const timer of timers) timer.unref()
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}
