import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { AuditError } from '#shared/audit/audit-error.ts'
import { type AuditFault, faultText } from '#shared/audit/walk.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from '../config.ts'
import { runningPostgres } from '../postgres/own-postgres.ts'
import { openServer } from '../start-cloud.ts'
import { tenantOf } from '../store/branches.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { LISTED_MAX, listTenants } from '../store/listing.ts'
import { beginAuditLife, PLATFORM } from './entries.ts'
import { auditLines } from './lines.ts'
import { platformHeldOtherwise, verifyAudit } from './verify.ts'

const USAGE = 'usage: npm run cloud -- audit verify | audit export [TENANT] | audit begin-anew'

/** Every chain there is, by whose it is. */
async function* chains(database: Database): AsyncGenerator<readonly [string, string]> {
  yield ['the platform', PLATFORM]
  let page = await listTenants(database, '')
  while (page.length > 0) {
    for (const { slug, tenantId } of page) yield [slug, tenantId]
    page = page.length < LISTED_MAX ? [] : await listTenants(database, page.at(-1)?.slug ?? '')
  }
}

/** @throws AuditError with the first bad entry of each chain that has one */
export async function verifyAll(database: Database): Promise<string> {
  const faults: (readonly [string, AuditFault])[] = []
  let [chainCount, entryCount] = [0, 0]
  for await (const [name, tenantId] of chains(database)) {
    const { count, fault } = await verifyAudit(database, tenantId)
    chainCount += 1
    entryCount += count
    if (fault !== null) faults.push([name, fault])
    const ofPlatform = tenantId === PLATFORM ? null : await platformHeldOtherwise(database, tenantId)
    if (ofPlatform !== null) faults.push(['the platform', ofPlatform])
  }
  if (faults.length > 0) throw new AuditError(faults.map(([name, fault]) => faultText(name, fault)).join('\n'))
  return `The audit is whole: ${entryCount} entries in ${chainCount} chains.`
}

async function exported(database: Database, slug: string | undefined, write: (text: string) => void): Promise<string> {
  const tenantId = slug === undefined ? PLATFORM : await tenantOf(database, slug)
  if (tenantId === null) throw new ConfigError(`There is no tenant ${slug}.`)
  for await (const line of auditLines(database, tenantId)) write(line)
  return ''
}

/**
 * The database was put back, and branches hold what it lost: each chain goes on under one new name. A branch that hears it
 * notes in its own audit what is lacking, and holds the new life; so nothing is hushed up by it.
 */
export async function beginAnew(database: Database, nowMs: number): Promise<string> {
  const life = randomUUID()
  let count = 0
  for await (const [, tenantId] of chains(database)) {
    await database.asTenant(tenantId, (db) => beginAuditLife(db, tenantId, life, nowMs))
    count += 1
  }
  return `The audit goes on as ${life} in ${count} chains; branches note what it lacks.`
}

/**
 * `audit verify` goes through every chain, `audit export` writes one as JSON lines, `audit begin-anew` begins a new life of
 * all after the database was put back; beside a cloud that runs, too.
 * @throws AuditError, ConfigError, PostgresError
 */
export async function runAuditCommand(
  words: readonly string[],
  config: Config,
  log: FastifyBaseLogger,
  write: (text: string) => void,
  nowMs: number,
): Promise<string> {
  const [command, ...rest] = words
  const isAlone = (command === 'verify' || command === 'begin-anew') && rest.length === 0
  if (!isAlone && !(command === 'export' && rest.length <= 1)) throw new ConfigError(USAGE)
  const running = config.databaseUrl === null ? await runningPostgres(resolve(config.folder)) : config.databaseUrl
  const server = running === null ? await openServer(config, log) : null
  try {
    const database = await openDatabase({ administratorUrl: running ?? server?.administratorUrl ?? '', log })
    try {
      if (command === 'verify') return await verifyAll(database)
      if (command === 'begin-anew') return await beginAnew(database, nowMs)
      return await exported(database, rest[0], write)
    } finally {
      await database.close()
    }
  } finally {
    await server?.close()
  }
}
