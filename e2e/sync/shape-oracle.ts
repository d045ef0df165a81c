import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Offset, ShapeStream } from '@electric-sql/client'
import { sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { openApp } from '../../cloud-sync/open-app.ts'
import { shapeOf } from '../../cloud-sync/shapes/shape.ts'
import { type Database, openDatabase, type TenantDb } from '../../cloud-sync/store/database.ts'
import { publishCatalogue, sendMessage } from '../../cloud-sync/store/down.ts'
import { pruneShapeLog } from '../../cloud-sync/store/shapes.ts'
import { addSigningBranch, type SigningBranch } from '../../cloud-sync/testing/signing-branch.ts'
import { openTestStore, silent } from '../../cloud-sync/testing/test-database.ts'
import type { CatalogueBody } from '../../shared/wire/catalogue-body.ts'
import { random } from '../power/clients.ts'

/** What a branch is told by its shapes is held against what the tables say, while many write at once. */

const TABLES = ['catalogue', 'inbox'] as const
type Table = (typeof TABLES)[number]
/** So many write at once; transactions are open beside each other, and end in any order. */
const WRITERS = 8
/** Readers of each shape, on two clouds; some begin late, some are stopped and go on. */
const READERS = 3
/** Of one tenant; the last is written to by the cloud's own doors alone. */
const BRANCHES = 3
const LOG_KEPT = 5
const AWAY_MS_MAX = 300
const SETTLE_TRIES_MAX = 400
const SETTLE_PAUSE_MS = 50
const COLUMN = { catalogue: 'version', inbox: 'number' } as const

export interface OracleFigures {
  readonly changes: number
  readonly rolledBack: number
  /** How often a reader was sent back to the start. */
  readonly refetches: number
  readonly restarts: number
  /** Each a sentence; empty, or a reader knows something else than the table. */
  readonly mismatches: readonly string[]
}

interface Reader {
  readonly name: string
  readonly branch: SigningBranch
  readonly table: Table
  rows(): ReadonlyMap<string, string>
  /** Is away for a while, and goes on from where it was with what it knew. */
  restart(awayMs: number): Promise<void>
  end(): void
}

interface Counts {
  refetches: number
  restarts: number
}

/** A reader that folds a shape as a branch would that keeps its place on a disk. */
function openReader(url: string, branch: SigningBranch, table: Table, name: string, counts: Counts): Reader {
  const known = new Map<string, string>()
  let place: { handle: string; offset: Offset } | null = null
  let aborter = new AbortController()

  function start(): void {
    aborter = new AbortController()
    const { signal } = aborter
    const stream = new ShapeStream({
      url: `${url}/api/v1/sync/shape`,
      params: { table },
      signal,
      ...(place ?? {}),
      liveRequestTimeoutMs: false,
      onError: (error) => {
        if (!signal.aborted) console.error(error)
      },
      async fetchClient(input, init) {
        const { pathname, search } = new URL(String(input))
        const authorization = branch.authorization('GET', pathname + search)
        const answer = await fetch(url + pathname + search, { ...init, headers: { authorization } })
        if (answer.status === 409) counts.refetches += 1
        return answer
      },
    })
    stream.subscribe((messages) => {
      if (signal.aborted) return
      for (const message of messages) {
        if ('key' in message && message.headers.operation === 'delete') known.delete(message.key)
        else if ('key' in message) known.set(message.key, String(message.value['document']))
        else if (message.headers['control'] === 'must-refetch') known.clear()
        else if (message.headers['control'] === 'up-to-date' && stream.shapeHandle !== undefined)
          place = { handle: stream.shapeHandle, offset: stream.lastOffset }
      }
    })
  }
  start()
  return {
    name,
    branch,
    table,
    rows: () => known,
    async restart(awayMs) {
      if (aborter.signal.aborted) return
      aborter.abort()
      counts.restarts += 1
      await pause(awayMs)
      // What came after the place that it keeps is told again.
      if (place === null) known.clear()
      start()
    },
    end: () => aborter.abort(),
  }
}

class Writers {
  readonly #database: Database
  readonly #branches: readonly SigningBranch[]
  readonly #next: () => number
  /** Numbers of different lengths: their order is not that of their texts. */
  #number = 985
  changes = 0
  rolledBack = 0

  constructor(database: Database, branches: readonly SigningBranch[], next: () => number) {
    this.#database = database
    this.#branches = branches
    this.#next = next
  }

  #one<It>(all: readonly It[]): It {
    const it = all[Math.floor(this.#next() * all.length)]
    if (it === undefined) throw new Error('There is nothing to choose from')
    return it
  }

  /** A transaction of several changes, slow or quick, that is committed or not. */
  async change(): Promise<void> {
    const act = this.#next()
    const [last] = this.#branches.slice(-1)
    if (last !== undefined && act < 0.15) return this.#byTheCloud(last)
    const branch = this.#one(this.#branches.slice(0, -1))
    if (act < 0.25) return this.#prune(branch)
    const count = 1 + Math.floor(this.#next() * 4)
    const work = this.#database.asTenant(branch.tenantId, async (db) => {
      for (let each = 0; each < count; each += 1) {
        await this.#changeOne(db, branch)
        if (this.#next() < 0.3) await pause(this.#next() * 20)
      }
      if (this.#next() < 0.15) throw new Error('thought better of it')
    })
    await work.then(
      () => {
        this.changes += count
      },
      () => {
        this.rolledBack += 1
      },
    )
  }

  async #changeOne(db: TenantDb, { tenantId, branchId }: SigningBranch): Promise<void> {
    const table = this.#one(TABLES)
    if (this.#next() < 0.15) {
      await db.query(
        `delete from ${table} where tenant_id = $1 and branch_id = $2 and ${COLUMN[table]} =
         (select ${COLUMN[table]} from ${table} where tenant_id = $1 and branch_id = $2 order by random() limit 1)`,
        [tenantId, branchId],
      )
      return
    }
    this.#number += 1
    const place = this.#number
    await db.query(`insert into ${table} values ($1, $2, $3, $4, 'signature')`, [
      tenantId,
      branchId,
      place,
      `${table} ${place}`,
    ])
  }

  async #byTheCloud(branch: SigningBranch): Promise<void> {
    const name = String(this.#next())
    const body = { ...sentBank, branch: { ...sentBank.branch, name } } as unknown as CatalogueBody
    const plain = { ...body, agents: body.agents.map(({ pin: _, ...agent }) => agent) }
    if (this.#next() < 0.5)
      await this.#database.asTenant(branch.tenantId, (db) => publishCatalogue(db, branch, plain, new Map(), Date.now()))
    else
      await this.#database.asTenant(branch.tenantId, (db) =>
        sendMessage(db, branch, { type: 'ClearMessage' }, { nowMs: Date.now(), validMs: 1_000 }),
      )
    this.changes += 1
  }

  async #prune(branch: SigningBranch): Promise<void> {
    const shape = shapeOf(this.#one(TABLES))
    if (shape === null) return
    await this.#database.asTenant(branch.tenantId, async (db) => {
      // As the cloud itself does: one at a time.
      await db.query("select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))", [
        shape.table,
        branch.branchId,
      ])
      await pruneShapeLog(db, branch, { ...shape, logKept: LOG_KEPT })
    })
  }
}

async function rowsInTable(database: Database, { tenantId, branchId }: SigningBranch, table: Table) {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ place: string; document: string }>(
      `select ${COLUMN[table]}::text as place, document from ${table} where tenant_id = $1 and branch_id = $2`,
      [tenantId, branchId],
    ),
  )
  return new Map(
    rows.map(({ place, document }) => [`"smartqueue"."${table}"/"${tenantId}"/"${branchId}"/"${place}"`, document]),
  )
}

function differences(reader: Reader, wanted: ReadonlyMap<string, string>): readonly string[] {
  const known = reader.rows()
  const told = `${reader.name} of ${reader.table}`
  return [
    ...[...wanted].filter(([key, document]) => known.get(key) !== document).map(([key]) => `${told} lacks ${key}`),
    ...[...known.keys()].filter((key) => !wanted.has(key)).map((key) => `${told} still has ${key}`),
  ]
}

/** Asks again for a while: what was committed last is on its way. */
async function compare(database: Database, readers: readonly Reader[]): Promise<readonly string[]> {
  let found: readonly string[] = []
  for (let tries = 0; tries < SETTLE_TRIES_MAX; tries += 1) {
    found = []
    for (const reader of readers)
      found = [...found, ...differences(reader, await rowsInTable(database, reader.branch, reader.table))]
    if (found.length === 0) return []
    await pause(SETTLE_PAUSE_MS)
  }
  return found
}

async function openCloud(database: Database) {
  const app = await openApp(
    {
      database,
      version: '0',
      nowMs: () => Date.now(),
      liveMs: 2_000,
      electricUrl: process.env['ELECTRIC_URL'] ?? null,
    },
    silent,
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, close: () => app.close() }
}

/** @param changes - rows that come or go, at least */
export async function holdAgainstTables(changes: number, seed: number): Promise<OracleFigures> {
  const store = await openTestStore(process.env['TEST_DATABASE_URL'])
  const second = await openDatabase({ administratorUrl: store.administratorUrl, log: silent })
  const clouds = [await openCloud(store.database), await openCloud(second)]
  const next = random(seed)
  const branches: SigningBranch[] = []
  for (let count = 0; count < BRANCHES; count += 1)
    branches.push(await addSigningBranch(store.database, () => Date.now(), branches[0]))
  const counts: Counts = { refetches: 0, restarts: 0 }
  const readers: Reader[] = []
  const addReader = (number: number): void => {
    for (const branch of branches)
      for (const table of TABLES) {
        const { url } = clouds[number % clouds.length] ?? { url: '' }
        readers.push(openReader(url, branch, table, `reader ${number}`, counts))
      }
  }
  addReader(0)
  const writers = new Writers(store.database, branches, next)
  async function write(): Promise<void> {
    while (writers.changes < changes) {
      await writers.change()
      if (readers.length < READERS * BRANCHES * TABLES.length && next() < 0.05)
        addReader(readers.length / (BRANCHES * TABLES.length))
      if (next() < 0.05) await readers[Math.floor(next() * readers.length)]?.restart(next() * AWAY_MS_MAX)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
  const mismatches = await compare(store.database, readers)
  for (const reader of readers) reader.end()
  for (const cloud of clouds) await cloud.close()
  await second.close()
  await store.close()
  return { changes: writers.changes, rolledBack: writers.rolledBack, ...counts, mismatches }
}
