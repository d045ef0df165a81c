import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'

/** What a piece of work may ask of the database, in one transaction. */
export interface Transaction {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

/** Settings of a transaction by which row-level security knows who asks, as `app.tenant_id`. */
export type Settings = Readonly<Record<string, string>>

export interface Transactions {
  /**
   * Does a piece of work: all of it is committed or nothing. What the work has begun and not awaited is refused once it is over.
   * @throws whatever the work throws; then nothing of it stays
   */
  run<Result>(settings: Settings, work: (db: Transaction) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Who waits longer for a connection is told that the cloud is busy. */
const CONNECTION_WAIT_MS_MAX = 5_000
const STATEMENT_MS_MAX = 10_000
/** A transaction whose work stands still holds back all who read below it. */
const IDLE_IN_TRANSACTION_MS_MAX = 10_000

export interface TransactionOptions {
  readonly url: string
  readonly schema: string
  readonly connectionsMax: number
  readonly log: FastifyBaseLogger
}

/** The one way in which the cloud asks its database: no setting outlives the transaction it was made for. */
export function openTransactions({ url, schema, connectionsMax, log }: TransactionOptions): Transactions {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECTION_WAIT_MS_MAX,
    statement_timeout: STATEMENT_MS_MAX,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    options: `-c search_path=${schema},pg_temp`,
  })
  // While it is borrowed as well: a connection that is lost under a work must not end the cloud.
  const onLost = (error: Error): void => log.warn({ reason: error.message }, 'a connection to the database was lost')
  pool.on('connect', (client) => client.on('error', onLost))
  pool.on('error', onLost)

  async function run<Result>(settings: Settings, work: (db: Transaction) => Promise<Result>): Promise<Result> {
    const client = await pool.connect()
    let isOver = false
    let isWell = true
    try {
      await client.query('begin')
      // For this transaction alone: the next who borrows the connection finds nobody there.
      for (const [name, value] of Object.entries(settings))
        await client.query('select set_config($1, $2, true)', [name, value])
      const result = await work({
        async query(text, values = []) {
          if (isOver) throw new Error('The transaction of this work is over')
          return (await client.query(text, [...values])).rows
        },
      })
      isOver = true
      await client.query('commit')
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

  return { run, close: () => pool.end() }
}
