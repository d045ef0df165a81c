import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type WatchParts, watchTenant } from '../../cloud-sync/alerts/watch-tenant.ts'
import { removeMember } from '../../cloud-sync/identity/members/members.ts'
import { reportDay } from '../../cloud-sync/jobs/branch-days.ts'
import { addAlertRule } from '../../cloud-sync/store/alert-rules.ts'
import { insertBranch } from '../../cloud-sync/store/branches.ts'
import type { Database } from '../../cloud-sync/store/database.ts'
import { keepPresent } from '../../cloud-sync/store/present-rows.ts'
import { addSubscription } from '../../cloud-sync/store/subscriptions.ts'
import { silent } from '../../cloud-sync/testing/test-database.ts'
import { openTestIdentity, type TestCloudIdentity, type TestPerson } from './test-identity.ts'

// Whoever is removed while a mail to her is written is not sent it.

let cloud: TestCloudIdentity
beforeAll(async () => {
  cloud = await openTestIdentity()
}, 120_000)
afterAll(() => cloud?.close())

const DAY_MS = 24 * 3_600_000
const live = { changedIn: () => {} }
const mailer = { send: async () => true, close: () => {} }

/** A tenant in which an administrator is told of a branch that is away, and sent its report. */
async function mailedPerson() {
  const stays = await cloud.newPerson({ role: 'admin' })
  const leaves = await cloud.newColleague(stays)
  const { tenantId, email } = leaves
  const nowMs = Date.now()
  const by = { madeBy: `person ${stays.personId}`, nowMs }
  const branchId = await cloud.database.asTenant(tenantId, async (db) => {
    const id = await insertBranch(db, tenantId, { fr: 'Agence' }, 'UTC')
    await db.query("update branch set public_key = 'its key' where tenant_id = $1 and branch_id = $2", [tenantId, id])
    const rule = { kind: 'branch', branchId: null, threshold: 60_000, repeatMinutes: null, language: 'fr' } as const
    await addAlertRule(db, tenantId, { ...rule, emails: [email] }, by)
    await addSubscription(db, tenantId, { email, language: 'fr', branchId: null }, by)
    return id
  })
  const present = {
    ...{ epoch: 'one', seq: 1, steadyMs: 1, atMs: nowMs, date: '2026-11-27', isClockDoubted: false },
    ...{ isIntakeStopped: false, queues: [], counters: [], devices: [] },
  }
  const longAgo = { signedAtMs: nowMs - 600_000, nowMs: nowMs - 600_000 }
  await keepPresent(cloud.database, { tenantId, branchId }, present, longAgo)
  return { leaves, branchId }
}

const remove = ({ tenantId, personId }: TestPerson) =>
  removeMember(cloud.store, { tenantId, personId }, { nowMs: Date.now(), record: async () => {} })

/** Once, before it is asked what begins so. */
function interrupted(beginning: string, act: () => Promise<unknown>): Database {
  let isOver = false
  async function look(text: string): Promise<void> {
    if (isOver || !text.startsWith(beginning)) return
    isOver = true
    await act()
  }
  const { database } = cloud
  return {
    ...database,
    asTenant: (tenantId, work) =>
      database.asTenant(tenantId, (db) =>
        work({
          query: async (text, values) => {
            await look(text)
            return db.query(text, values)
          },
          often: async (text, values) => {
            await look(text)
            return db.often(text, values)
          },
        }),
      ),
  }
}

const waitingFor = ({ tenantId }: TestPerson) =>
  cloud.database.asTenant(tenantId, (db) =>
    db.query('select to_address from mail_waiting where tenant_id = $1', [tenantId]),
  )

type Mailed = Awaited<ReturnType<typeof mailedPerson>>

const partsOn = (database: Database): WatchParts => ({
  ...{ database, nowMs: () => Date.now(), log: silent, mailer, publicUrl: null, live },
})

const writers = [
  {
    name: 'an alert',
    /** Once who is mailed has been read. */
    afterReading: 'select webhook_id, topics',
    write: ({ leaves }: Mailed, database: Database) => watchTenant(partsOn(database), leaves.tenantId),
  },
  {
    name: 'a report',
    afterReading: 'insert into branch_day',
    write: ({ leaves: { tenantId }, branchId }: Mailed, database: Database) =>
      reportDay(partsOn(database), {
        ...{ tenantId, branchId, date: new Date(Date.now() + DAY_MS).toISOString().slice(0, 10) },
        ...{ name: { fr: 'Agence' }, timeZone: 'UTC', startsAt: null, heardAtMs: null },
        ...{ isComplete: false, isReported: false, isChecked: false },
      }),
  },
]

describe.each(writers)('$name', ({ write, afterReading }) => {
  test('is mailed to whoever stays: what the others are measured by', async () => {
    const mailed = await mailedPerson()
    await write(mailed, cloud.database)
    expect(await waitingFor(mailed.leaves)).toEqual([{ to_address: mailed.leaves.email }])
  })

  test('is not mailed to whoever is removed once who is mailed has been read', async () => {
    const mailed = await mailedPerson()
    let removed: unknown
    const removing = async (): Promise<void> => {
      removed = await remove(mailed.leaves)
    }
    await write(mailed, interrupted(afterReading, removing))
    expect([removed, await waitingFor(mailed.leaves)]).toEqual(['Done', []])
  })

  test('that is being written is over before she is removed, and goes with her', async () => {
    const mailed = await mailedPerson()
    let removing: Promise<unknown> | null = null
    const beginning = async (): Promise<void> => {
      removing = remove(mailed.leaves)
      await pause(200)
    }
    await write(mailed, interrupted('insert into mail_waiting', beginning))
    expect([await removing, await waitingFor(mailed.leaves)]).toEqual(['Done', []])
  })
})
