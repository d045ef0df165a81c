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
import { auditChains, THE_PLATFORM } from './chains.ts'
import { beginAuditLife, PLATFORM } from './entries.ts'
import { HEADS_FILE, headsText, type KeptHeads, keptFault, presentHeads, readHeadsFile } from './kept-heads.ts'
import { auditLines } from './lines.ts'
import { platformHeldOtherwise, verifyAudit } from './verify.ts'

const USAGE =
  'usage: npm run cloud -- audit verify [--heads FILE] | audit heads | audit export [TENANT] | audit begin-anew'

/** What somebody has kept of where chains stood, and what it is called. */
export interface Kept {
  readonly heads: KeptHeads
  readonly name: string
}

/** @throws AuditError with the first bad entry of each chain that has one */
export async function verifyAll(database: Database, keptBy: readonly Kept[] = []): Promise<string> {
  const faults: (readonly [string, AuditFault])[] = []
  const names = new Map<string, string>()
  let entryCount = 0
  for await (const [name, tenantId] of auditChains(database)) {
    const { count, fault } = await verifyAudit(database, tenantId)
    names.set(tenantId, name)
    entryCount += count
    if (fault !== null) faults.push([name, fault])
    const ofPlatform = tenantId === PLATFORM ? null : await platformHeldOtherwise(database, tenantId)
    if (ofPlatform !== null) faults.push([THE_PLATFORM, ofPlatform])
  }
  let lostCount = 0
  for (const { heads, name: keeper } of keptBy)
    for (const [tenantId, lives] of heads) {
      const fault = await keptFault(database, tenantId, lives, keeper)
      // A tenant that is listed no more has an audit all the same.
      if (fault !== null) faults.push([names.get(tenantId) ?? tenantId, fault])
      lostCount += lives.filter(({ isLost }) => isLost).length
    }
  if (faults.length > 0) throw new AuditError(faults.map(([name, fault]) => faultText(name, fault)).join('\n'))
  const whole = `The audit is whole: ${entryCount} entries in ${names.size} chains.`
  const lost = lostCount === 0 ? '' : ` ${lostCount} earlier lives were lost when a database was put back.`
  return `${whole}${keptBy.length === 0 ? ' Nothing here has kept where it stood last.' : lost}`
}

/** What the cloud's folder has kept, and a file that was taken elsewhere. @throws ConfigError, AuditError */
export function readKept(folder: string, file: string | null): readonly Kept[] {
  const own = resolve(folder, HEADS_FILE)
  const named = file === null ? [] : [resolve(file)]
  return [own, ...named].flatMap((path) => {
    const heads = readHeadsFile(path)
    if (heads === 'damaged') throw new AuditError(`${path} is no whole list of where the audit stood.`)
    if (heads === null && path !== own) throw new ConfigError(`There is no file ${path}.`)
    return heads === null ? [] : [{ heads, name: path === own ? HEADS_FILE : path }]
  })
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
  for await (const [, tenantId] of auditChains(database)) {
    await database.asTenant(tenantId, (db) => beginAuditLife(db, tenantId, life, nowMs))
    count += 1
  }
  return `The audit goes on as ${life} in ${count} chains; branches note what it lacks.`
}

/**
 * `audit verify` goes through every chain, `audit heads` writes where each stands, to be kept elsewhere, `audit export` writes
 * one as JSON lines, `audit begin-anew` begins a new life of all after the database was put back; beside a cloud that runs, too.
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
  const isAlone = ['verify', 'begin-anew', 'heads'].includes(command ?? '') && rest.length === 0
  const headsFile = command === 'verify' && rest.length === 2 && rest[0] === '--heads' ? (rest[1] ?? null) : null
  if (!isAlone && headsFile === null && !(command === 'export' && rest.length <= 1)) throw new ConfigError(USAGE)
  // Read first: what a cloud keeps meanwhile is newer than what is looked at.
  const kept = command === 'verify' ? readKept(config.folder, headsFile) : []
  const running = config.databaseUrl === null ? await runningPostgres(resolve(config.folder)) : config.databaseUrl
  const server = running === null ? await openServer(config, log) : null
  try {
    const database = await openDatabase({ administratorUrl: running ?? server?.administratorUrl ?? '', log })
    try {
      if (command === 'verify') return await verifyAll(database, kept)
      if (command === 'heads') return headsText(await presentHeads(database)).trimEnd()
      if (command === 'begin-anew') return await beginAnew(database, nowMs)
      return await exported(database, rest[0], write)
    } finally {
      await database.close()
    }
  } finally {
    await server?.close()
  }
}
