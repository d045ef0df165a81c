import type { AddressInfo } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import { openApp } from '../../cloud-sync/open-app.ts'
import { addBranch, addTenant, makeEnrolment, revoke } from '../../cloud-sync/store/branches.ts'
import { openDatabase } from '../../cloud-sync/store/database.ts'
import type { BranchIdentity } from '../../cloud-sync/store/inbox.ts'
import { openTestStore, silent } from '../../cloud-sync/testing/test-database.ts'
import { testKey } from '../../cloud-sync/testing/test-key.ts'
import { openTurnTakingDoor } from './turn-taking-door.ts'

/**
 * Two clouds on one database behind a door that asks them in turn, so that whatever is tested of one holds for several; one
 * alone by `TEST_CLOUDS=1`.
 */
const CLOUDS = Number(process.env['TEST_CLOUDS'] ?? 2)

type CloudParts = Omit<Parameters<typeof openApp>[0], 'database'>

/** @returns one more cloud on the same database, with connections of its own */
async function openInstance(administratorUrl: string, parts: CloudParts, log: FastifyBaseLogger) {
  const database = await openDatabase({ administratorUrl, log: silent })
  const app = await openApp({ ...parts, database }, log)
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    app,
    port: (app.server.address() as AddressInfo).port,
    async close() {
      await app.close()
      await database.close()
    },
  }
}

/** A cloud with one tenant, listening. @param liveMs - how long it holds back an answer with nothing in it */
export async function openTestCloud(log: FastifyBaseLogger = silent, liveMs?: number) {
  const store = await openTestStore(process.env['TEST_DATABASE_URL'])
  const { database } = store
  const nowMs = (): number => Date.now()
  const electricUrl = process.env['ELECTRIC_URL'] ?? null
  const parts: CloudParts = {
    ...{ version: 'test', nowMs, electricUrl },
    ...(liveMs !== undefined && { liveMs }),
  }
  const opening = Array.from({ length: CLOUDS }, () => openInstance(store.administratorUrl, parts, log))
  const instances = await Promise.all(opening)
  const door = await openTurnTakingDoor(instances.map(({ port }) => port))
  let adminTurn = 0
  const key = await testKey(store.administratorUrl, nowMs())
  const tenantId = await addTenant(database, 'bank', { fr: 'Banque' })
  if (tenantId === null) throw new Error('The tenant is there already')
  return {
    /** Of whoever may all. */
    administratorUrl: store.administratorUrl,
    database,
    tenantId,
    /** Opens all of it. */
    key,
    /** Asks as the administrator. */
    async asAdmin<Body>(method: string, path: string, body?: object): Promise<{ status: number; body: Body }> {
      adminTurn += 1
      const answer = await instances[adminTurn % CLOUDS]?.app.inject({
        method: method as 'POST',
        url: `/api/v1/tenants/bank${path}`,
        headers: { authorization: `Bearer ${key}` },
        ...(body !== undefined && { body }),
      })
      if (answer === undefined) throw new Error('There is no cloud')
      return { status: answer.statusCode, body: answer.json<Body>() }
    },
    port: door.port,
    /** What each of the clouds was asked for. */
    asked: door.asked,
    /** A branch that may enrol, and its code. */
    async newBranch(): Promise<BranchIdentity & { readonly code: string }> {
      const branchId = await addBranch(database, tenantId, { fr: 'Agence' }, 'Africa/Dakar')
      const made = await makeEnrolment(database, { tenantId, branchId }, nowMs())
      return { tenantId, branchId, code: made?.code ?? '' }
    },
    /** For a box that takes the place of another. */
    newCode: async (identity: BranchIdentity): Promise<string> =>
      (await makeEnrolment(database, identity, nowMs()))?.code ?? '',
    revoke: (identity: BranchIdentity) => revoke(database, identity, nowMs()),
    /** What is kept of a branch's log, epoch by epoch, each in the order of its places. */
    async logOf({ branchId }: BranchIdentity): Promise<readonly string[]> {
      const rows = await database.asTenant(tenantId, (db) =>
        db.query<{ body: Buffer }>(
          `select body from event join branch_log using (tenant_id, branch_id, epoch)
           where branch_id = $1 order by first_seen_at, seq`,
          [branchId],
        ),
      )
      return rows.map(({ body }) => body.toString())
    },
    async close() {
      await door.close()
      await Promise.all(instances.map((instance) => instance.close()))
      await store.close()
    },
  }
}

export type TestCloud = Awaited<ReturnType<typeof openTestCloud>>
