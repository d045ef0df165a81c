import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'

/** What a piece of work may ask of the database, in one transaction. */
export interface Transaction {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /**
   * The same, for what is asked with every upload: Postgres reads and plans it once for each connection, which else costs it
   * more than most of the answers. @param text - one of the program's own, whatever the values are
   */
  often<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<readonly Row[]>
}

/** Settings of a transaction by which row-level security knows who asks, as `app.tenant_id`. */
export type Settings = Readonly<Record<string, string>>

export interface Transactions {
  /**
   * Does a piece of work: all of it is committed or nothing. What the work has begun and not awaited is refused once it is over.
   * @throws whatever the work throws; then nothing of it stays
   */
  run<Result>(settings: Settings, work: (db: Transaction) => Promise<Result>): Promise<Result>
  /** How many pieces of work wait for a connection. */
  waitingCount(): number
  close(): Promise<void>
}

/** For whoever has waited in vain for the database. */
export const BUSY_SECONDS = 10

/** All connections are at work. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError'
}

/** Who waits longer for a connection is told that the cloud is busy. */
const CONNECTION_WAIT_MS_MAX = 5_000
const STATEMENT_MS_MAX = 10_000
/** Postgres ends a statement itself before that: a connection on which nothing has come by then is dead, and given up. */
const ANSWER_MS_MAX = 12_000
const KEEP_ALIVE_MS = 10_000
/** A transaction whose work stands still holds back all who read below it. */
const IDLE_IN_TRANSACTION_MS_MAX = 10_000

export interface TransactionOptions {
  readonly url: string
  readonly schema: string
  readonly connectionsMax: number
  readonly log: FastifyBaseLogger
  /** Left out: as long as ours. */
  readonly waitMsMax?: number
  readonly answerMsMax?: number
}

/** Texts that each connection keeps read and planned; the program has some dozens. */
const OFTEN_MAX = 100
const SET_CONFIG = 'select set_config($1, $2, true)'

/** By what name the connections know a text; none for one too many. */
function createNames(): (text: string) => { readonly name?: string } {
  const nameByText = new Map<string, string>()
  return (text) => {
    if (!nameByText.has(text) && nameByText.size < OFTEN_MAX) nameByText.set(text, `often_${nameByText.size}`)
    const name = nameByText.get(text)
    return name === undefined ? {} : { name }
  }
}

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

function openPool(options: TransactionOptions): pg.Pool {
  const { url, schema, connectionsMax, log } = options
  const { waitMsMax = CONNECTION_WAIT_MS_MAX, answerMsMax = ANSWER_MS_MAX } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: waitMsMax,
    statement_timeout: STATEMENT_MS_MAX,
    query_timeout: answerMsMax,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    options: `-c search_path=${schema},pg_temp`,
    // What is asked before the answer to what was asked before is sent at once, and answered in its turn.
    pipeline: true,
  })
  // While it is borrowed as well: a connection that is lost under a work must not end the cloud.
  const onLost = (error: Error): void => log.warn({ reason: error.message }, 'a connection to the database was lost')
  pool.on('connect', (client) => client.on('error', onLost))
  pool.on('error', onLost)
  return pool
}

/** The one way in which the cloud asks its database: no setting outlives the transaction it was made for. */
export function openTransactions(options: TransactionOptions): Transactions {
  const pool = openPool(options)
  const named = createNames()

  async function run<Result>(settings: Settings, work: (db: Transaction) => Promise<Result>): Promise<Result> {
    const client = await pool.connect().catch((error: Error) => {
      throw pool.waitingCount > 0 || pool.totalCount >= options.connectionsMax
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
        ...Object.entries(settings).map((values) => client.query({ text: SET_CONFIG, ...named(SET_CONFIG), values })),
      ])
      async function ask(query: pg.QueryConfig) {
        if (isOver) throw new Error('The transaction of this work is over')
        gather()
        return (await client.query(query)).rows
      }
      const db: Transaction = {
        query: (text, values = []) => ask({ text, values: [...values] }),
        often: (text, values) => ask({ text, ...named(text), values: [...values] }),
      }
      // The work's own words travel behind those, and fail where they do.
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

  return { run, waitingCount: () => pool.waitingCount, close: () => pool.end() }
}
