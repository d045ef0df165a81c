import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'
import { migrate } from './migrate.ts'
import { type NoticeParts, type Notices, openNotices } from './notices.ts'
import { prepareRoles, SCHEMA } from './roles.ts'

/** What a piece of work may ask of the database, as one tenant and in one transaction. */
export interface TenantDb {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

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

/** All connections are at work. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError'
}

const CONNECTIONS_MAX = 10
/** Who waits longer for a connection is told that the cloud is busy. */
const CONNECTION_WAIT_MS_MAX = 5_000
const STATEMENT_MS_MAX = 10_000
/** Postgres ends a statement itself before that: a connection on which nothing has come by then is dead, and given up. */
const ANSWER_MS_MAX = 12_000
const KEEP_ALIVE_MS = 10_000
/** A transaction whose work stands still holds back all who read below it. */
const IDLE_IN_TRANSACTION_MS_MAX = 10_000

export interface DatabaseOptions {
  /** Of a role that may make roles and schemas. */
  readonly administratorUrl: string
  readonly log: FastifyBaseLogger
  readonly connectionsMax?: number
  /** Left out: as long as ours. */
  readonly waitMsMax?: number
  readonly answerMsMax?: number
}

const NOBODY = ''

/** What is asked in one turn goes out as one: a write for each would wake Postgres for a few words. */
function gathering({ connection }: pg.PoolClient): () => void {
  const { stream } = connection
  let isGathering = false
  return () => {
    if (isGathering) return
    isGathering = true
    stream.cork()
    queueMicrotask(() => {
      isGathering = false
      stream.uncork()
    })
  }
}

/**
 * Prepares the database and opens it for the app's own role.
 * @throws PostgresError
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { administratorUrl, log, connectionsMax = CONNECTIONS_MAX } = options
  const { waitMsMax = CONNECTION_WAIT_MS_MAX, answerMsMax = ANSWER_MS_MAX } = options
  const urls = await prepareRoles(administratorUrl)
  await migrate(urls.migrator)
  const pool = new pg.Pool({
    connectionString: urls.app,
    max: connectionsMax,
    connectionTimeoutMillis: waitMsMax,
    statement_timeout: STATEMENT_MS_MAX,
    query_timeout: answerMsMax,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    options: `-c search_path=${SCHEMA},pg_temp`,
    // What is asked before the answer to what was asked before is sent at once, and answered in its turn.
    pipeline: true,
  })
  // While it is borrowed as well: a connection that is lost under a work must not end the cloud.
  const onLost = (error: Error): void => log.warn({ reason: error.message }, 'a connection to the database was lost')
  pool.on('connect', (client) => client.on('error', onLost))
  pool.on('error', onLost)

  async function inTransaction<Result>(tenantId: string, work: (db: TenantDb) => Promise<Result>): Promise<Result> {
    const client = await pool.connect().catch((error: Error) => {
      throw pool.waitingCount > 0 || pool.totalCount >= connectionsMax
        ? new DatabaseBusyError('All connections to the database are at work', { cause: error })
        : error
    })
    const gather = gathering(client)
    let isOver = false
    let isWell = true
    try {
      gather()
      const opening = Promise.all([
        client.query('begin'),
        // For this transaction alone: the next who borrows the connection finds nobody there.
        client.query("select set_config('app.tenant_id', $1, true)", [tenantId]),
      ])
      const db: TenantDb = {
        async query(text, values = []) {
          if (isOver) throw new Error('The transaction of this work is over')
          gather()
          return (await client.query(text, [...values])).rows
        },
      }
      // The work's own words travel behind those two, and fail where they do.
      const [, result] = await Promise.all([opening, (async () => work(db))()])
      isOver = true
      // After a failure that the work has swallowed Postgres takes it for the other word.
      if ((await client.query('commit')).command !== 'COMMIT') throw new Error('The transaction was rolled back')
      return result
    } catch (error) {
      isOver = true
      await client.query('rollback').catch(() => {
        isWell = false
      })
      throw error
    } finally {
      client.release(!isWell)
    }
  }

  return {
    asTenant: (tenantId, work) => inTransaction(tenantId, work),
    asNobody: (work) => inTransaction(NOBODY, work),
    listen: (channel, ears) => openNotices({ url: urls.app, channel, log, ...ears }),
    waitingCount: () => pool.waitingCount,
    close: () => pool.end(),
  }
}
