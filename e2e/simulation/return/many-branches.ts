import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { textOfKey } from '#shared/network/fingerprint.ts'
import { signRequest } from '#shared/network/signed-request.ts'
import { presentOf } from '#shared/project/present.ts'
import { openCloudDoor } from '../../../branch-server/sync/cloud-door.ts'
import { createPace } from '../../../branch-server/sync/pace.ts'
import { createPresentSender } from '../../../branch-server/sync/present-sender.ts'
import { createShapeFetch } from '../../../branch-server/sync/shape-fetch.ts'
import { followShape } from '../../../branch-server/sync/shape-follower.ts'
import { startCourier } from '../../../branch-server/sync/side-courier.ts'
import { startUploader, type Uploader } from '../../../branch-server/sync/uploader.ts'
import { insertTenant } from '../../../cloud-sync/store/branches.ts'
import type { Database } from '../../../cloud-sync/store/database.ts'
import type { BranchIdentity } from '../../../cloud-sync/store/inbox.ts'
import { silent } from '../../../cloud-sync/testing/test-database.ts'
import type { EventSeq, SteadyMs } from '../../../shared/domain/ids.ts'
import type { ManyClock } from './clock.ts'
import type { ToldHistory } from './told-history.ts'

export interface KnownBranch extends BranchIdentity {
  readonly key: KeyObject
}

const BRANCHES_PER_TENANT = 100
const PAGE = 500

/** Branches that have enrolled, written at once: enrolling is not what is measured. */
export async function addBranches(database: Database, count: number): Promise<readonly KnownBranch[]> {
  const branches: KnownBranch[] = []
  while (branches.length < count) {
    const tenantId = randomUUID()
    const some = Array.from({ length: Math.min(BRANCHES_PER_TENANT, count - branches.length) }, () => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519')
      return { tenantId, branchId: randomUUID(), key: privateKey, publicKey: textOfKey(publicKey) }
    })
    await database.asTenant(tenantId, async (db) => {
      await insertTenant(db, tenantId, `many-${tenantId}`, { fr: 'Banque' })
      await db.query(
        `insert into branch (tenant_id, branch_id, name, time_zone, created_at, public_key, enrolled_at)
         select $1, it.id, '{"fr": "Agence"}', 'Africa/Dakar', now(), it.key, now()
         from unnest($2::uuid[], $3::text[]) it (id, key)`,
        [tenantId, some.map(({ branchId }) => branchId), some.map(({ publicKey }) => publicKey)],
      )
    })
    branches.push(...some)
  }
  return branches
}

export interface LivingParts {
  readonly branch: KnownBranch
  /** Of its own, so that it has connections of its own. */
  readonly cloudUrl: string
  readonly history: ToldHistory
  readonly clock: ManyClock
  readonly wallMs: () => number
  /** Whether it follows what comes down, too: held back in real time, by the cloud. */
  readonly isFollowing: boolean
  readonly fetch: typeof globalThis.fetch
  readonly random: () => number
  readonly ending: AbortSignal
}

/** What nothing lies beside: a branch that asks, and has nothing to tell. */
const NOTHING_BESIDE = {
  side: { untold: () => [], held: () => [], told() {}, tellAgain() {}, goOut() {}, tellErased() {} },
}
const SINK = { reset() {}, note() {}, settle: () => Promise.resolve(true) }

/** All that a branch says to its cloud, by the branch's own code; its files alone are left out. */
export function startBranch(parts: LivingParts): Uploader {
  const { branch, cloudUrl, history, clock, wallMs, fetch, random, ending } = parts
  const { epoch, bodies, state, catalogue } = history
  const { pause } = clock
  const common = { log: silent, random, pause }
  const door = openCloudDoor({
    identity: { cloudUrl, tenantId: branch.tenantId, branchId: branch.branchId },
    ...{ fetch, pause, ending, wallMs },
    signRequest: (request) => signRequest(branch.key, request),
  })
  const steadyMs = (): SteadyMs => Math.round(state.now.steadyMs + clock.nowMs()) as SteadyMs
  const present = createPresentSender({
    ...{ log: silent, door, monotonicMs: clock.nowMs },
    present: () => presentOf(state, [], { steadyMs: steadyMs(), wallMs: wallMs() }),
  })
  const pace = createPace(clock.nowMs, pause)
  for (const shape of parts.isFollowing ? (['catalogue', 'inbox'] as const) : [])
    void followShape({
      ...{ ...common, shape, cloudUrl, ending, sink: SINK },
      fetch: createShapeFetch({ ...common, door, pace, done: () => 0 }),
      stand: () => ({ handle: null, offset: null }),
      goOnFrom: () => Promise.resolve(true),
    })
  const courier = startCourier({
    ...{ ...common, door, epoch: () => epoch, cloudLife: () => 0, write: () => Promise.resolve(true) },
    store: () => NOTHING_BESIDE as never,
  })
  ending.addEventListener('abort', () => void courier.close())
  const uploader = startUploader({
    ...{ ...common, door, present },
    events: {
      epochs: () => [epoch],
      lastSeq: () => bodies.length,
      after: (_, seq) =>
        bodies.slice(seq, seq + PAGE).map((body, at) => ({ epoch, body, seq: (seq + at + 1) as EventSeq })),
      catalogue: () => catalogue,
    },
  })
  ending.addEventListener('abort', () => void uploader.close())
  return uploader
}
