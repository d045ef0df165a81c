import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BranchKeys, openKeys } from '../../../branch-server/access/keys.ts'
import { openStore, type Store } from '../../../branch-server/store/store.ts'
import { DATABASE_NAME } from '../../../branch-server/waist/open-branch.ts'
import type { Reading } from '../../../cloud-sync/fold/fold-step.ts'
import { readUpload } from '../../../cloud-sync/inbox/read-upload.ts'
import { openApp } from '../../../cloud-sync/open-app.ts'
import type { App } from '../../../cloud-sync/parts.ts'
import { addBranch, addTenant, enrol, makeEnrolment } from '../../../cloud-sync/store/branches.ts'
import { putCatalogue } from '../../../cloud-sync/store/catalogue-rows.ts'
import { type Database, openDatabase } from '../../../cloud-sync/store/database.ts'
import { type BranchIdentity, holdBranch } from '../../../cloud-sync/store/inbox.ts'
import { asAdministrator, openTestDatabase, silent } from '../../../cloud-sync/testing/test-database.ts'
import type { Epoch } from '../../../shared/domain/ids.ts'
import { goals } from '../goals.ts'
import { startHelper } from '../helper.ts'
import { layHistory } from '../history.ts'
import type { SenderTasks } from '../sender.ts'
import type { Line } from './context.ts'

/** Three events each. */
const TICKETS = 5_000

interface Source {
  readonly store: Store
  readonly epoch: Epoch
  readonly keys: BranchKeys
  readonly eventCount: number
}

interface Target {
  readonly database: Database
  readonly administratorUrl: string
  readonly tenantId: string
}

/** Keeps events like a version whose time is past does: as bytes, with no ticket and no sum made of them. */
const NOT_READ: Reading = { name: 'nothing', knows: () => false }

/** Another branch for the same log. */
async function newBranch({ database, tenantId }: Target, { store, keys }: Source): Promise<BranchIdentity> {
  const branch = { tenantId, branchId: await addBranch(database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
  const made = await makeEnrolment(database, branch, Date.now())
  await enrol(database, { code: made?.code ?? '', publicKey: keys.publicKey }, Date.now())
  const body = store.catalogues.text(1) ?? ''
  await database.asTenant(tenantId, async (db) => {
    await holdBranch(db, branch)
    await putCatalogue(db, branch, { version: 1, body })
  })
  return branch
}

/** The same rows into the same table, as fast as Postgres takes any. @returns rows a second */
async function copy({ administratorUrl }: Target, branch: BranchIdentity, source: Source, folder: string) {
  const { store, epoch, eventCount } = source
  const events = readUpload([...store.log.bodies(epoch)])
  if (typeof events === 'string') throw new Error(events)
  const lines = events.map(({ seq, version, type, hash, body }) =>
    [
      branch.tenantId,
      branch.branchId,
      epoch,
      seq,
      version,
      type,
      `\\\\x${hash}`,
      `\\\\x${Buffer.from(body).toString('hex')}`,
    ].join('\t'),
  )
  const file = join(folder, 'rows')
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 })
  return asAdministrator(administratorUrl, async (client) => {
    const beganMs = performance.now()
    await client.query(
      `copy smartqueue.event (tenant_id, branch_id, epoch, seq, version, type, hash, body) from '${file}'`,
    )
    return (eventCount * 1_000) / (performance.now() - beganMs)
  })
}

async function listening(app: App): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

export const sync: Line = async ({ folder, roundCount }) => {
  const dataFolder = folder('sync')
  await layHistory(dataFolder, TICKETS)
  const store = openStore(join(dataFolder, DATABASE_NAME))
  const [epoch] = store.log.epochs()
  if (epoch === undefined) throw new Error('The history has no epoch')
  const source: Source = { store, epoch, keys: openKeys(dataFolder, 'bench'), eventCount: store.log.lastSeq(epoch) }
  const server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
  const { administratorUrl } = server
  const database = await openDatabase({ administratorUrl, log: silent })
  const parts = { database, version: 'bench', nowMs: Date.now }
  const apps = [await openApp(parts, silent), await openApp({ ...parts, reading: NOT_READ }, silent)] as const
  const [cloudUrl, keepingUrl] = await Promise.all([listening(apps[0]), listening(apps[1])])
  const tenantId = (await addTenant(database, 'bench', { fr: 'Banc' })) ?? ''
  const target: Target = { database, administratorUrl, tenantId }
  // Postgres' own user must come through.
  const copied = mkdtempSync(join(tmpdir(), 'smartqueue-copy-'))
  chmodSync(copied, 0o711)
  // As it is in life: the branch is another box, and what it does it does beside the cloud.
  const branch = startHelper<SenderTasks>('./sender.ts')
  const send = (url: string, identity: BranchIdentity) => branch.ask('send', { dataFolder, cloudUrl: url, ...identity })
  const drain: { ours: number; limit: number }[] = []
  const kept: { ours: number; limit: number }[] = []
  const replay: { ours: number; limit: number }[] = []
  for (let round = -1; round < roundCount; round += 1) {
    const limit = await copy(target, await newBranch(target, source), source, copied)
    const keeping = await send(keepingUrl, await newBranch(target, source))
    const identity = await newBranch(target, source)
    const fresh = await send(cloudUrl, identity)
    const again = await send(cloudUrl, identity)
    if (round < 0) continue
    drain.push({ ours: fresh, limit })
    kept.push({ ours: keeping, limit })
    replay.push({ ours: again, limit: fresh })
  }
  branch.end()
  rmSync(copied, { recursive: true, force: true })
  for (const app of apps) await app.close()
  await database.close()
  await server.close()
  store.close()
  return [
    { goal: goals.syncDrain, rounds: drain },
    { goal: goals.syncKept, rounds: kept },
    { goal: goals.syncReplay, rounds: replay },
  ]
}
