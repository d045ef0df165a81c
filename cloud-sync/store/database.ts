import type { FastifyBaseLogger } from 'fastify'
import { createSealing, keyedHash, type Sealing } from '../identity/sealing.ts'
import { migrate } from './migrate.ts'
import { type NoticeParts, type Notices, openNotices } from './notices.ts'
import { prepareRoles, SCHEMA } from './roles.ts'
import { openSealingSecrets } from './sealing-secrets.ts'
import { openTransactions, type Transaction } from './transactions.ts'

/** What a piece of work may ask of the database, as one tenant and in one transaction. */
export type TenantDb = Transaction

export interface Database {
  /**
   * Does a piece of work as one tenant: it sees that tenant's rows and no others, and all of it is committed or nothing.
   * What the work has begun and not awaited is refused once it is over.
   * @throws whatever the work throws; then nothing of it stays
   */
  asTenant<Result>(tenantId: string, work: (db: TenantDb) => Promise<Result>): Promise<Result>
  /** For what belongs to no tenant: who there is. Sees no row of any. */
  asNobody<Result>(work: (db: TenantDb) => Promise<Result>): Promise<Result>
  /** Hears what clouds on this database tell each other; ended by whoever listens. */
  listen(channel: string, ears: Pick<NoticeParts, 'heard' | 'listening'>): Notices
  /** Seals for one use, by a key that is in no table. */
  sealing(use: string): Sealing
  /** Of what could be found by trying, by each key that was used here, the newest first. */
  keyedHashes(use: string, text: string): readonly Buffer[]
  /** How many pieces of work wait for a connection. */
  waitingCount(): number
  close(): Promise<void>
}

/** Postgres refuses all that follows on a failure in the same transaction. */
const isConsequence = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '25P02'

/**
 * Waits for what travels together until all of it is over, so that nothing comes behind what its caller does next.
 * @throws what went wrong first
 */
export async function settled(all: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(all)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (failures.length > 0) throw failures.find((error) => !isConsequence(error)) ?? failures[0]
}

const CONNECTIONS_MAX = 10

export interface DatabaseOptions {
  /** Of a role that may make roles and schemas. */
  readonly administratorUrl: string
  /** Where by what is sealed is kept a second time; left out or null: nowhere. */
  readonly folder?: string | null
  readonly log: FastifyBaseLogger
  readonly connectionsMax?: number
  /** Left out: as long as ours. */
  readonly waitMsMax?: number
  readonly answerMsMax?: number
}

const NOBODY = ''

/**
 * Prepares the database and opens it for the app's own role.
 * @throws PostgresError
 */
export async function openDatabase({
  administratorUrl,
  folder = null,
  ...options
}: DatabaseOptions): Promise<Database> {
  const urls = await prepareRoles(administratorUrl)
  await migrate(urls.migrator)
  const { secrets } = await openSealingSecrets(administratorUrl, folder)
  const { run, waitingCount, close } = openTransactions({
    ...{ connectionsMax: CONNECTIONS_MAX, ...options },
    ...{ url: urls.app, schema: SCHEMA },
  })
  return {
    asTenant: (tenantId, work) => run({ 'app.tenant_id': tenantId }, work),
    asNobody: (work) => run({ 'app.tenant_id': NOBODY }, work),
    listen: (channel, ears) => openNotices({ url: urls.app, channel, log: options.log, ...ears }),
    sealing: (use) => createSealing(secrets, use),
    keyedHashes: (use, text) => secrets.map((it) => keyedHash(it, use, text)),
    waitingCount,
    close,
  }
}
