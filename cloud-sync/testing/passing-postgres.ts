import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { startOwnPostgres } from '../postgres/own-postgres.ts'

// A Postgres that lasts as long as whoever started this holds its input open, and leaves nothing.

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-cloud-'))
// Postgres' own user must come through.
chmodSync(folder, 0o711)
const own = await startOwnPostgres(folder, pino({ level: 'silent' }))
const client = new pg.Client({ connectionString: own.url })
await client.connect()
// No power is cut here, and what waits for a disk is most of a short test.
for (const setting of ['fsync', 'full_page_writes']) await client.query(`alter system set ${setting} = off`)
await client.query('select pg_reload_conf()')
await client.end()
console.info(own.url)
process.stdin.resume()
await Promise.race([once(process.stdin, 'close'), once(process.stdin, 'end'), own.ended])
await own.close()
rmSync(folder, { recursive: true, force: true })
process.exit()
