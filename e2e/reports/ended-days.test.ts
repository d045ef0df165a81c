import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluateAlerts, type Told } from '../../cloud-sync/alerts/evaluate.ts'
import type { WatchParts } from '../../cloud-sync/alerts/watch-tenant.ts'
import { endDays } from '../../cloud-sync/jobs/branch-days.ts'
import type { Mail } from '../../cloud-sync/mail/mailer.ts'
import { addAlertRule } from '../../cloud-sync/store/alert-rules.ts'
import { addBranch, addTenant } from '../../cloud-sync/store/branches.ts'
import { checkDay } from '../../cloud-sync/store/check-day.ts'
import { foldOn } from '../../cloud-sync/store/fold-on.ts'
import { packRest, readHead, writeHead } from '../../cloud-sync/store/fold-rows.ts'
import { goBack } from '../../cloud-sync/store/go-back.ts'
import { type BranchIdentity, holdBranch, receive } from '../../cloud-sync/store/inbox.ts'
import { sendWaitingMail } from '../../cloud-sync/store/mail-waiting.ts'
import { keepPresent } from '../../cloud-sync/store/present-rows.ts'
import { addSubscription, listCheckedDays } from '../../cloud-sync/store/subscriptions.ts'
import { openTestStore, silent, type TestStore } from '../../cloud-sync/testing/test-database.ts'
import type { PresentBody } from '../../shared/wire/sync.ts'
import { epochsOf, sendCatalogues } from '../sync/told-story.ts'
import { branchOfDays, drawnDay } from './branch-days.ts'

/** `ENDED_DAYS=30` is the long form. */
const DAYS = Number(process.env['ENDED_DAYS'] ?? 3)
const ZONE = 'Europe/Paris'
/** Clocks go forward there two days later. */
const FIRST_DATE = '2026-03-27'
const DAY_MS = 24 * 3_600_000
const SEED = 20_261_128

let server: TestStore
let branch: BranchIdentity
/** What came last of its log. */
let last: { readonly epoch: string; readonly seq: number }
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  const { database } = server
  const tenantId = (await addTenant(database, `ended-${process.pid}`, { fr: 'Banque' })) ?? ''
  branch = { tenantId, branchId: await addBranch(database, tenantId, { fr: 'Agence du Plateau' }, ZONE) }
  const [days] = fc.sample(fc.array(drawnDay(20), { minLength: DAYS, maxLength: DAYS }), { seed: SEED, numRuns: 1 })
  using story = branchOfDays(ZONE, FIRST_DATE, days ?? [])
  await sendCatalogues(database, branch, story)
  for (const { epoch, events } of epochsOf(story))
    for (let from = 0; from < events.length; from += 200) {
      const some = events.slice(from, from + 200)
      await receive(database, branch, epoch, some)
      last = { epoch, seq: some.at(-1)?.seq ?? 0 }
    }
}, 120_000)
afterAll(() => server?.close())

const dates = async (): Promise<readonly string[]> => {
  const rows = await server.database.asTenant(branch.tenantId, (db) =>
    db.query<{ business_date: string }>(
      "select distinct business_date from rollup where tenant_id = $1 and dimension = 'branch' order by 1",
      [branch.tenantId],
    ),
  )
  return rows.map(({ business_date: date }) => date)
}

/** The branch says how it is; at the cloud it is then. */
function say(nowMs: number, seq = last.seq): Promise<boolean> {
  const present: PresentBody = {
    ...{ epoch: last.epoch, seq, steadyMs: nowMs, atMs: nowMs, date: null, isClockDoubted: false },
    ...{ isIntakeStopped: false, queues: [], counters: [], devices: [] },
  }
  return keepPresent(server.database, branch, present, { signedAtMs: nowMs, nowMs })
}

const mails: Mail[] = []
const partsAt = (nowMs: number): WatchParts => ({
  ...{ database: server.database, nowMs: () => nowMs, log: silent, publicUrl: 'https://queue.example' },
  ...{ mailer: { send: async (mail) => mails.push(mail) > 0, close: () => {} }, live: { changedIn: () => {} } },
})
const sendAll = (nowMs: number) =>
  sendWaitingMail(
    server.database,
    branch.tenantId,
    async (mail) => mails.push(mail) > 0,
    () => nowMs,
  )

test('each day that is worked out anew from the log comes to what uploads have left, and what is otherwise is told', async () => {
  const { database } = server
  const all = await dates()
  expect(all.length).toBeGreaterThanOrEqual(DAYS)
  for (const date of all)
    expect([date, await checkDay(database, branch, date)]).toEqual([date, { differingCount: 0, findings: [] }])
  const [date = ''] = all
  const put = (change: string) =>
    database.asTenant(branch.tenantId, (db) =>
      db.query(
        `update rollup set ${change} where tenant_id = $1 and dimension = 'branch' and business_date = $2 returning issued`,
        [branch.tenantId, date],
      ),
    )
  await put('issued = issued + 1')
  const found = await checkDay(database, branch, date)
  expect([found?.differingCount, found?.findings[0]]).toEqual([
    1,
    expect.stringMatching(/^branch : kept \[\[\d+,.*, by the log \[\[\d+,/),
  ])
  await put('issued = issued - 1')
  expect(await checkDay(database, branch, '2020-01-01')).toMatchObject({ differingCount: null })
})

test('a log that is read anew in the midst of a check is no difference: the day is looked at again', async () => {
  const { database } = server
  const [date = ''] = await dates()
  let step = 0
  // The sums are undone after their events were counted, and before they are compared.
  const undoing: Pick<typeof database, 'asTenant'> = {
    async asTenant(tenantId, work) {
      step += 1
      if (step === 3)
        await database.asTenant(tenantId, async (db) => {
          await holdBranch(db, branch)
          const head = await readHead(db, branch)
          const { folded, line } = await goBack(db, branch, 0)
          if (head !== null)
            await writeHead(db, branch, {
              ...head,
              token: randomUUID(),
              ord: 0,
              line,
              rest: packRest(folded),
              isBehind: true,
            })
        })
      return database.asTenant(tenantId, work)
    },
  }
  expect(await checkDay({ ...database, ...undoing }, branch, date)).toBeNull()
  for (let isBehind = true; isBehind; )
    isBehind = await database.asTenant(branch.tenantId, async (db) => {
      await holdBranch(db, branch)
      return (await foldOn(db, branch)).isBehind
    })
  expect(await checkDay(database, branch, date)).toEqual({ differingCount: 0, findings: [] })
})

test('the report of a day goes out once, when the day of the branch is over in its zone and all of it is here', async () => {
  const { database } = server
  const { tenantId } = branch
  const [date = ''] = await dates()
  // The clocks have not gone forward yet: four in the morning there is three by UTC.
  const endsAtMs = Date.parse(`${date}T03:00:00Z`) + DAY_MS
  const by = { madeBy: 'person awa', nowMs: endsAtMs - 5 * DAY_MS }
  const late = { madeBy: 'person awa', nowMs: endsAtMs + 5 * DAY_MS }
  await database.asTenant(tenantId, async (db) => {
    await addSubscription(db, tenantId, { email: 'head@example.org', language: 'fr', branchId: null }, by)
    await addSubscription(db, tenantId, { email: 'almalak@example.org', language: 'ar', branchId: branch.branchId }, by)
    await addSubscription(db, tenantId, { email: 'late@example.org', language: 'fr', branchId: null }, late)
  })
  const turn = async (nowMs: number): Promise<void> => {
    await Promise.all([1, 2, 3].map(() => endDays(partsAt(nowMs), tenantId)))
    await Promise.all([1, 2, 3].map(() => sendAll(nowMs)))
  }
  await say(endsAtMs - 60_000)
  await turn(endsAtMs + 3_600_000)
  expect(mails).toEqual([])
  await say(endsAtMs + 60_000, last.seq + 5)
  await turn(endsAtMs + 3_600_000)
  expect(mails).toEqual([])
  await say(endsAtMs + 120_000, last.seq + 5)
  await turn(endsAtMs + 5 * 60_000)
  expect(mails).toEqual([])
  await turn(endsAtMs + 12 * 3_600_000)
  await turn(endsAtMs + 13 * 3_600_000)
  expect(mails.map(({ to }) => to).toSorted()).toEqual(['almalak@example.org', 'head@example.org'])
  const french = mails.find(({ to }) => to === 'head@example.org')
  expect(french?.subject).toContain(`Agence du Plateau, journée du ${date}`)
  // It had more than has come up: that is said.
  expect(french?.text).toContain('sans contact depuis')
  expect(french?.text).toContain(`https://queue.example/dashboard/t/ended-${process.pid}/daily`)
  expect(
    Buffer.from(french?.attachment?.bytes ?? [])
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  const days = await database.asTenant(tenantId, (db) => listCheckedDays(db, tenantId))
  expect(days).toMatchObject([{ branchId: branch.branchId, date, differingCount: 0 }])
})

test('days that go on stand before none that is over, however many they are', async () => {
  const { database } = server
  const tenantId = (await addTenant(database, `many-days-${process.pid}`, { fr: 'Banque' })) ?? ''
  const branchIds: string[] = []
  for (let at = 0; at < 201; at += 1) branchIds.push(await addBranch(database, tenantId, { fr: `${at}` }, ZONE))
  const lastId = branchIds.toSorted().at(-1)
  const nowMs = Date.parse(`${FIRST_DATE}T04:00:00Z`) + DAY_MS
  await database.asTenant(tenantId, async (db) => {
    await db.query(
      `insert into rollup select (jsonb_populate_record(null::rollup, jsonb_build_object('tenant_id', $1::uuid, 'branch_id', it,
         'business_date', $2::text, 'dimension', 'branch', 'id', '') || zeros)).*
       from unnest($3::uuid[]) as it, (select jsonb_object_agg(attname, case when attndims > 0 then '[]' else '0' end::jsonb)
         from pg_attribute where attrelid = 'rollup'::regclass and attnum > 5 and not attisdropped) as of (zeros)`,
      [tenantId, FIRST_DATE, branchIds],
    )
    await db.query(
      `insert into branch_log (tenant_id, branch_id, epoch, acked_seq, head_hash, first_seen_at)
       values ($1, $2, 'one', 1, '', now())`,
      [tenantId, lastId],
    )
  })
  const present: PresentBody = {
    ...{ epoch: 'one', seq: 1, steadyMs: nowMs, atMs: nowMs, date: null, isClockDoubted: false },
    ...{ isIntakeStopped: false, queues: [], counters: [], devices: [] },
  }
  await keepPresent(database, { tenantId, branchId: lastId ?? '' }, present, { signedAtMs: nowMs, nowMs })
  await endDays(partsAt(nowMs), tenantId)
  const rows = await database.asTenant(tenantId, (db) =>
    db.query('select branch_id from branch_day where tenant_id = $1 and reported_at is not null', [tenantId]),
  )
  expect(rows).toEqual([{ branch_id: lastId }])
})

test('figures that the log does not bear out are an alert', async () => {
  const { database } = server
  const { tenantId } = branch
  const [date = ''] = await dates()
  const nowMs = Date.parse(`${date}T12:00:00Z`) + DAY_MS
  const told: Told[] = []
  await database.asTenant(tenantId, async (db) => {
    const rule = {
      kind: 'figures',
      branchId: null,
      threshold: 1,
      repeatMinutes: null,
      emails: [],
      language: 'fr',
    } as const
    await addAlertRule(db, tenantId, { ...rule, emails: [] }, { madeBy: 'person awa', nowMs })
    await db.query('update branch_day set differing_count = 3, checked_at = $2 where tenant_id = $1', [
      ...[tenantId, new Date(nowMs)],
    ])
    const keep = async (some: readonly Told[]): Promise<void> => void told.push(...some)
    await evaluateAlerts(db, tenantId, nowMs, keep)
  })
  expect(told).toMatchObject([{ kind: 'figures', subject: date, value: 3, news: 'raised' }])
})
