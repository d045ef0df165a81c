import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'
import { ADMINISTRATOR, asUser, type Cluster, clusterKeys, openCluster } from './cluster.ts'
import { freePort } from './free-port.ts'
import { createLastWords } from './last-words.ts'
import { PostgresError } from './postgres-error.ts'

/** A Postgres of our own, as long as this program runs. */
export interface OwnPostgres {
  /** As its administrator. */
  readonly url: string
  /** Settles when it has ended by itself, with its last words. */
  readonly ended: Promise<string>
  close(): Promise<void>
}

const CONNECTIONS_MAX = 60
/** A database that was cut works off what it had not written; a large one takes its time. */
const READY_MS_MAX = 300_000
const TRY_AGAIN_MS = 50
/** What still runs in it is ended; then it writes all that is in memory. */
const END_MS_MAX = 30_000

type Keys = Pick<Cluster, 'data' | 'password'>

const urlOf = ({ password }: Keys, port: number): string =>
  `postgres://${ADMINISTRATOR}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`

async function canConnect(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A server that goes away under an idle line tells it here; the query below hears of it, too.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder")
    return rows[0]?.folder ?? null
  } catch {
    return null
  } finally {
    await client.end().catch(() => {})
  }
}

const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms))

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The process of a Postgres that served these files, and its port; null: it said goodbye, or none was there. */
function lastServer({ data }: Keys): { readonly pid: number; readonly port: number } | null {
  try {
    const [pid, , , port] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(pid), port: Number(port) }
  } catch {
    return null
  }
}

/** @returns the address of the Postgres that serves the folder of a cloud now, as its administrator; null: none does */
export async function runningPostgres(folder: string): Promise<string | null> {
  const keys = clusterKeys(resolve(folder))
  const last = keys === null ? null : lastServer(keys)
  if (keys === null || last === null) return null
  const url = urlOf(keys, last.port)
  const served = await canConnect(url)
  return served !== null && resolve(served) === resolve(keys.data) ? url : null
}

/**
 * A cloud that was killed leaves its Postgres running. Who holds the folder now ends it, once it has proved by our own
 * password that it is ours: the number of a process says nothing, for it is given again.
 */
async function endOrphan(cluster: Cluster, log: FastifyBaseLogger): Promise<void> {
  const last = lastServer(cluster)
  if (last === null || !(last.pid > 0) || !isAlive(last.pid)) return
  const folder = await canConnect(urlOf(cluster, last.port))
  if (folder === null || resolve(folder) !== resolve(cluster.data)) return
  log.warn({ pid: last.pid }, 'the Postgres of a cloud that was killed still runs; it is ended')
  process.kill(last.pid, 'SIGINT')
  for (let waitedMs = 0; isAlive(last.pid) && waitedMs < END_MS_MAX; waitedMs += TRY_AGAIN_MS) await pause(TRY_AGAIN_MS)
  if (isAlive(last.pid))
    throw new PostgresError(`An earlier Postgres (process ${last.pid}) does not end; end it and start again.`)
}

function startServer({ data, program, user }: Cluster, port: number): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${CONNECTIONS_MAX}`,
    // What was erased must not stay in files that wait to be written over.
    'wal_recycle=off',
    // Its lines become ours.
    'log_line_prefix=',
    'lc_messages=C',
  ]
  const words = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  // In a group of its own: a key that interrupts the cloud must not take its database away before it has closed.
  return spawn(program, words, { ...asUser(user), detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
}

/**
 * Starts the Postgres that comes with the packages, on files in the cloud's own folder.
 * @param folder - is there, and held by this process alone
 * @throws PostgresError
 */
export async function startOwnPostgres(folder: string, log: FastifyBaseLogger): Promise<OwnPostgres> {
  const cluster = openCluster(folder)
  await endOrphan(cluster, log)
  const port = await freePort()
  const child = startServer(cluster, port)
  const words = createLastWords()
  if (child.stderr !== null)
    createInterface(child.stderr).on('line', (line) => {
      log.debug({ postgres: line })
      words.hear(line)
    })
  const ended = Promise.race([
    once(child, 'close').then(() => words.told()),
    once(child, 'error').then(([error]) => String(error)),
  ])
  let isEnded = false
  void ended.then(() => {
    isEnded = true
  })
  const url = urlOf(cluster, port)
  for (let waitedMs = 0; (await canConnect(url)) === null; waitedMs += TRY_AGAIN_MS) {
    if (isEnded) throw new PostgresError(`Postgres does not start: ${await ended}`)
    if (waitedMs > READY_MS_MAX) throw new PostgresError(`Postgres did not answer within ${READY_MS_MAX / 1_000} s.`)
    await pause(TRY_AGAIN_MS)
  }
  return {
    url,
    ended,
    async close() {
      if (isEnded) return
      child.kill('SIGINT')
      const cut = setTimeout(() => child.kill('SIGQUIT'), END_MS_MAX)
      await ended
      clearTimeout(cut)
    },
  }
}
