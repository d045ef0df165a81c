import { randomUUID } from 'node:crypto'
import { type Database, openDatabase, type TenantDb } from '../../cloud-sync/store/database.ts'
import { addSampleTenant } from '../../cloud-sync/testing/sample-tenant.ts'
import { asAdministrator, openTestDatabase, silent } from '../../cloud-sync/testing/test-database.ts'
import { random } from '../power/clients.ts'

/** Many tenants ask at once through few connections; work fails, is cut off and goes on too long in every way there is. */

const TENANTS = 8
/** Far fewer than ask at once, so that each connection goes from tenant to tenant. */
const CONNECTIONS = 4
const AT_ONCE = 32
const TABLES = ['tenant', 'branch', 'event'] as const

interface MixedFigures {
  readonly requests: number
  readonly cutOff: number
  readonly refusedWrites: number
  /** Every row that somebody saw, changed or kept who should not have; empty, or the walls have a hole. */
  readonly leaks: readonly string[]
}

interface Tenant {
  readonly tenantId: string
  /** What it was told is kept. */
  readonly branches: Set<string>
}

/** How a piece of work ends otherwise than well. */
const ENDS: Readonly<Record<string, (db: TenantDb) => Promise<unknown>>> = {
  'the work throws': () => Promise.reject(new Error('thought better of it')),
  'the statement is cancelled': (db) => db.query('select pg_cancel_backend(pg_backend_pid()), pg_sleep(1)'),
  'the connection is cut': (db) => db.query('select pg_terminate_backend(pg_backend_pid())'),
  'a query is wrong': (db) => db.query('select from nowhere'),
  'it leaves a query behind and throws': (db) => {
    db.query('select pg_sleep(0.002)').catch(() => {})
    return Promise.reject(new Error('gone already'))
  },
}

class Mix {
  readonly leaks: string[] = []
  cutOff = 0
  refusedWrites = 0
  readonly #database: Database
  readonly #random: () => number
  readonly #tenants: readonly Tenant[]

  constructor(database: Database, tenants: readonly Tenant[], next: () => number) {
    this.#database = database
    this.#tenants = tenants
    this.#random = next
  }

  #one<It>(all: readonly It[]): It {
    const it = all[Math.floor(this.#random() * all.length)]
    if (it === undefined) throw new Error('There is nothing to choose from')
    return it
  }

  async request(): Promise<void> {
    const tenant = this.#one(this.#tenants)
    const act = this.#random()
    if (act < 0.5) await this.#read(tenant)
    else if (act < 0.65) await this.#write(tenant)
    else if (act < 0.75) await this.#writeForAnother(tenant)
    else if (act < 0.85) await this.#askAsNobody()
    else await this.#cutOff(tenant)
  }

  async #read({ tenantId }: Tenant): Promise<void> {
    const table = this.#one(TABLES)
    const rows = await this.#database.asTenant(tenantId, (db) =>
      db.query<{ tenant_id: string }>(`select tenant_id from ${table}`),
    )
    if (rows.length === 0) this.leaks.push(`${tenantId} does not see its own ${table}`)
    for (const { tenant_id: seen } of rows)
      if (seen !== tenantId) this.leaks.push(`${tenantId} sees a ${table} of ${seen}`)
  }

  async #write({ tenantId, branches }: Tenant): Promise<void> {
    const branchId = randomUUID()
    await this.#database.asTenant(tenantId, (db) => addBranch(db, tenantId, branchId))
    branches.add(branchId)
  }

  async #writeForAnother({ tenantId }: Tenant): Promise<void> {
    const another = this.#one(this.#tenants.filter((it) => it.tenantId !== tenantId)).tenantId
    try {
      await this.#database.asTenant(tenantId, (db) => addBranch(db, another, randomUUID()))
      this.leaks.push(`${tenantId} wrote a branch of ${another}`)
    } catch {
      this.refusedWrites += 1
    }
  }

  async #askAsNobody(): Promise<void> {
    const table = this.#one(TABLES)
    const rows = await this.#database.asNobody((db) => db.query(`select from ${table}`))
    if (rows.length > 0) this.leaks.push(`nobody sees ${rows.length} of ${table}`)
  }

  /** What was written before it ended must be gone: the end of all compares. */
  async #cutOff({ tenantId }: Tenant): Promise<void> {
    const end = ENDS[this.#one(Object.keys(ENDS))]
    const work = this.#database.asTenant(tenantId, async (db) => {
      await addBranch(db, tenantId, randomUUID())
      await end?.(db)
    })
    await work.then(
      () => this.leaks.push(`${tenantId} was told that a work is kept which was cut off`),
      () => {
        this.cutOff += 1
      },
    )
  }
}

const addBranch = (db: TenantDb, tenantId: string, branchId: string): Promise<unknown> =>
  db.query(
    "insert into branch (tenant_id, branch_id, name, time_zone, created_at) values ($1, $2, '{}', 'UTC', now())",
    [tenantId, branchId],
  )

/** Held against what each was told, with all rights. */
async function comparedWithKept(administratorUrl: string, tenants: readonly Tenant[]): Promise<readonly string[]> {
  const rows = await asAdministrator(
    administratorUrl,
    async (client) =>
      (
        await client.query<{ tenant_id: string; branch_id: string }>(
          'select tenant_id, branch_id from smartqueue.branch',
        )
      ).rows,
  )
  return tenants.flatMap(({ tenantId, branches }) => {
    const kept = new Set(rows.filter((row) => row.tenant_id === tenantId).map((row) => row.branch_id))
    const lost = [...branches].filter((it) => !kept.has(it))
    const more = [...kept].filter((it) => !branches.has(it))
    return [
      ...lost.map((it) => `${tenantId} was told that ${it} is kept, and it is not`),
      // Its first came with the tenant.
      ...(more.length > 1 ? [`${tenantId} has ${more.length - 1} that were cut off`] : []),
    ]
  })
}

export async function mixTenants(requests: number, seed: number): Promise<MixedFigures> {
  const server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
  const { administratorUrl } = server
  const database = await openDatabase({ administratorUrl, log: silent, connectionsMax: CONNECTIONS })
  const tenants: Tenant[] = []
  for (let count = 0; count < TENANTS; count += 1)
    tenants.push({ tenantId: await addSampleTenant(database), branches: new Set() })
  const mix = new Mix(database, tenants, random(seed))
  let left = requests
  const asker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await mix.request()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, asker))
  const leaks = [...mix.leaks, ...(await comparedWithKept(administratorUrl, tenants))]
  await database.close()
  await server.close()
  return { requests, cutOff: mix.cutOff, refusedWrites: mix.refusedWrites, leaks }
}
