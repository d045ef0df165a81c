import { resolve } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { type AuditFault, faultText } from '#shared/audit/walk.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from '../config.ts'
import { runningPostgres } from '../postgres/own-postgres.ts'
import { auditLines } from '../routes/audit.ts'
import { openServer } from '../start-cloud.ts'
import { tenantOf } from '../store/branches.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { LISTED_MAX, listTenants } from '../store/listing.ts'
import { AuditError } from './audit-error.ts'
import { PLATFORM } from './entries.ts'
import { verifyAudit } from './verify.ts'

const USAGE = 'usage: npm run cloud -- audit verify | audit export [TENANT]'

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
 * `audit verify` goes through every chain, `audit export` writes one as JSON lines; beside a cloud that runs, too.
 * @throws AuditError, ConfigError, PostgresError
 */
export async function runAuditCommand(
  words: readonly string[],
  config: Config,
  log: FastifyBaseLogger,
  write: (text: string) => void,
): Promise<string> {
  const [command, ...rest] = words
  const isVerify = command === 'verify' && rest.length === 0
  if (!isVerify && !(command === 'export' && rest.length <= 1)) throw new ConfigError(USAGE)
  const running = config.databaseUrl === null ? await runningPostgres(resolve(config.folder)) : config.databaseUrl
  const server = running === null ? await openServer(config, log) : null
  try {
    const database = await openDatabase({ administratorUrl: running ?? server?.administratorUrl ?? '', log })
    try {
      return isVerify ? await verifyAll(database) : await exported(database, rest[0], write)
    } finally {
      await database.close()
    }
  } finally {
    await server?.close()
  }
}
