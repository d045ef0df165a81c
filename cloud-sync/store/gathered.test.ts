import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cells, createCells } from '#shared/project/cells.ts'
import { COUNTS, DURATIONS, type Tally, TIMES } from '#shared/project/figures.ts'
import { bucketGrain } from '#shared/project/spread.ts'
import { openTestStore, type TestStore } from '../testing/test-database.ts'
import { addBranch, addTenant } from './branches.ts'
import { datesOf, gatherMonth, gatherOver, openMonths, splitDates } from './gathered.ts'
import { holdBranch } from './inbox.ts'
import type { Stretch } from './report-rows.ts'
import { addToRollups } from './rollup-rows.ts'
import { countIssued, type Gathered, readGathered, type Summing, sumHours, sumRollups } from './rollup-sums.ts'

const DAY_MS = 24 * 3_600_000
/** So many days from here: parts of three months, with the end of February among them. */
const FIRST = '2026-01-20'
const DAYS = 60
const NOTHING: Gathered = { months: new Set(), isWholeTenant: false }

let server: TestStore
let tenantId = ''
let branchIds: string[] = []
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  tenantId = (await addTenant(server.database, `bank-${randomUUID()}`, { fr: 'Banque' })) ?? ''
  branchIds = []
  for (let at = 0; at < 3; at += 1)
    branchIds.push(await addBranch(server.database, tenantId, { fr: `Agence ${at}` }, 'Africa/Dakar'))
  for (const [at, branchId] of branchIds.entries()) await add(branchId, drawn(at))
}, 120_000)
afterAll(() => server?.close())

const dateAt = (day: number): string => new Date(Date.parse(FIRST) + day * DAY_MS).toISOString().slice(0, 10)

const DRAWN = fc.array(
  fc.record({
    day: fc.nat({ max: DAYS - 1 }),
    dimension: fc.constantFrom('branch', 'service', 'queue', 'agent', 'hour'),
    id: fc.constantFrom('08', '14', 'cash'),
    waitMs: fc.integer({ min: 0, max: 40_000_000 }),
    serviceMs: fc.integer({ min: 1, max: 9_000_000 }),
  }),
  { minLength: 400, maxLength: 600, size: 'max' },
)

function drawn(seed: number): Cells {
  const cells = createCells(bucketGrain)
  for (const { day, dimension, id, waitMs, serviceMs } of fc.sample(DRAWN, { seed, numRuns: 1 })[0] ?? []) {
    const counts = { issued: 1, called: 1, completed: 1, targeted: 1, onTarget: waitMs < 600_000 ? 1 : 0 }
    const place = { dimension, id: dimension === 'branch' ? '' : dimension === 'hour' && id === 'cash' ? '09' : id }
    cells.add(dateAt(day), { ...place, counts, durations: { wait: waitMs, service: serviceMs } })
  }
  return cells
}

const add = (branchId: string, cells: Cells) =>
  server.database.asTenant(tenantId, async (db) => {
    await holdBranch(db, { tenantId, branchId })
    await addToRollups(db, { tenantId, branchId }, cells)
  })

function one(date: string): Cells {
  const cells = createCells(bucketGrain)
  cells.add(date, { dimension: 'branch', id: '', counts: { issued: 1 }, durations: { wait: 5_000 } })
  return cells
}

const textOf = ({ counts, times, spreads }: Tally) => [
  COUNTS.map((key) => counts[key]),
  TIMES.map((key) => times[key]),
  DURATIONS.map((key) => [spreads[key].sumMs, [...spreads[key].countByKey].toSorted(([a], [b]) => a - b)]),
]

const SUMMINGS: readonly Summing[] = (['branch', 'service', 'queue', 'agent'] as const).flatMap((dimension) =>
  ([['branch_id'], ['business_date'], ['id'], ['branch_id', 'id']] as const).flatMap((by) =>
    [null, dimension === 'branch' ? '' : 'cash'].map((id) => ({ dimension, id, by })),
  ),
)

/** All that a report asks of the sums, as it is with what is gathered or without. */
const askedWith = (stretch: Stretch, gathered: Gathered | null) =>
  server.database.asTenant(tenantId, async (db) => {
    const used = gathered ?? (await readGathered(db, stretch))
    const sums = []
    for (const summing of SUMMINGS)
      sums.push(
        (await sumRollups(db, stretch, used, summing))
          .map(({ tally, ...of }) => JSON.stringify([summing, of, textOf(tally)]))
          .toSorted(),
      )
    return { sums, hours: await sumHours(db, stretch, used), issued: await countIssued(db, stretch, used) }
  })

const monthsReady = (stretch: Stretch) =>
  server.database.asTenant(tenantId, async (db) => [...(await readGathered(db, stretch)).months].toSorted())

test('what is gathered is what the days come to, of whatever dates, and of one branch as of all', async () => {
  const stretch: Stretch = { tenantId, branchIds, from: '2026-01-01', to: '2026-03-31' }
  await gatherOver(server.database, tenantId, Date.parse('2026-04-10'))
  expect(await monthsReady(stretch)).toEqual(['2026-01', '2026-02', '2026-03'])
  const spans = [
    ['2026-01-01', '2026-03-31'],
    ['2026-01-25', '2026-03-02'],
    ['2026-02-01', '2026-02-28'],
    ['2026-02-10', '2026-02-11'],
  ] as const
  for (const [from, to] of spans)
    for (const some of [branchIds, branchIds.slice(1, 2)]) {
      const asked = { ...stretch, branchIds: some, from, to }
      expect(await askedWith(asked, null), `${from} to ${to}`).toEqual(await askedWith(asked, NOTHING))
    }
  // Lest nothing be equal to nothing.
  expect((await askedWith(stretch, null)).issued).toBeGreaterThan(100)
}, 120_000)

test('whoever changes a day, by whatever way, ends what was gathered of its month, and no other', async () => {
  const stretch: Stretch = { tenantId, branchIds, from: '2026-01-01', to: '2026-03-31' }
  await gatherOver(server.database, tenantId, Date.parse('2026-04-10'))
  await add(branchIds[0] ?? '', one('2026-02-03'))
  expect(await monthsReady(stretch)).toEqual(['2026-01', '2026-03'])
  expect(await askedWith(stretch, null)).toEqual(await askedWith(stretch, NOTHING))
  await server.database.asTenant(tenantId, (db) =>
    db.query(`delete from rollup where tenant_id = $1 and business_date = '2026-03-01'`, [tenantId]),
  )
  expect(await monthsReady(stretch)).toEqual(['2026-01'])
  const open = (at: string) => server.database.asTenant(tenantId, (db) => openMonths(db, tenantId, Date.parse(at)))
  expect(await open('2026-04-10')).toEqual(['2026-03', '2026-02'])
  // Of a month that has just ended, the last days are still to come.
  expect(await open('2026-04-02')).toEqual(['2026-02'])
  await gatherOver(server.database, tenantId, Date.parse('2026-04-10'))
  expect(await askedWith(stretch, null)).toEqual(await askedWith(stretch, NOTHING))
}, 120_000)

test('an upload that is under way as its month is gathered is in what was gathered, or has ended it', async () => {
  const stretch: Stretch = { tenantId, branchIds, ...datesOf('2026-02') }
  const [branchId = ''] = branchIds
  const events: string[] = []
  // It has written before anybody gathers, and is committed only later.
  const upload = server.database.asTenant(tenantId, async (db) => {
    await holdBranch(db, { tenantId, branchId })
    await addToRollups(db, { tenantId, branchId }, one('2026-02-14'))
    events.push('written')
    await pause(800)
    events.push('over')
  })
  while (events.length === 0) await pause(10)
  await server.database.asTenant(tenantId, (db) =>
    db.query('delete from gathered_month where tenant_id = $1', [tenantId]),
  )
  const isGathered = await gatherMonth(server.database, tenantId, '2026-02')
  await upload
  // It waited for it.
  expect([isGathered, events]).toEqual([true, ['written', 'over']])
  expect(await askedWith(stretch, null)).toEqual(await askedWith(stretch, NOTHING))
}, 120_000)

/** Does something once all of a month is counted, and before anybody is told that it is ready. */
function betweenIn(then: () => Promise<void>): typeof server.database {
  const { database } = server
  return {
    ...database,
    asTenant: (tenant, work) =>
      database.asTenant(tenant, (db) =>
        work({
          ...db,
          async query<Row extends Record<string, unknown>>(text: string, values?: readonly unknown[]) {
            const rows = await db.query<Row>(text, values)
            if (text.startsWith('insert into rollup_of_tenant') && values?.[1] === '2026-02-28') await then()
            return rows
          },
        }),
      ),
  }
}

test.each([
  ['ended', 0],
  ['still open', 500],
])(
  'an upload that comes once a month is counted, and is %s as it is to be ready, ends it',
  async (_, openMs) => {
    const stretch: Stretch = { tenantId, branchIds, ...datesOf('2026-02') }
    const [, branchId = ''] = branchIds
    let upload = Promise.resolve()
    const database = betweenIn(async () => {
      // Nobody reads it before all of it is there.
      expect(await monthsReady(stretch)).toEqual([])
      let written = (): void => {}
      const isWritten = new Promise<void>((resolve) => {
        written = resolve
      })
      upload = server.database.asTenant(tenantId, async (db) => {
        await holdBranch(db, { tenantId, branchId })
        await addToRollups(db, { tenantId, branchId }, one('2026-02-15'))
        written()
        await pause(openMs)
      })
      // It waits for nobody.
      expect(await Promise.race([(openMs === 0 ? upload : isWritten).then(() => 'done'), pause(5_000)])).toBe('done')
    })
    expect(await gatherMonth(database, tenantId, '2026-02')).toBe(false)
    await upload
    expect(await monthsReady(stretch)).toEqual([])
    expect(await askedWith(stretch, null)).toEqual(await askedWith(stretch, NOTHING))
    expect(await gatherMonth(server.database, tenantId, '2026-02')).toBe(true)
  },
  120_000,
)

test('a clock that once stood in 1970 makes one month to be gathered, and one that fails holds up no other', async () => {
  const { database } = server
  const at = Date.parse('2026-04-10')
  await add(branchIds[2] ?? '', one('1970-01-01'))
  await database.asTenant(tenantId, (db) => db.query('delete from gathered_month where tenant_id = $1', [tenantId]))
  const open = () => database.asTenant(tenantId, (db) => openMonths(db, tenantId, at))
  expect(await open()).toEqual(['2026-03', '2026-02', '2026-01', '1970-01'])
  const failing = betweenIn(() => Promise.reject(new Error('planted')))
  await expect(gatherOver(failing, tenantId, at)).rejects.toThrow('1 months could not be gathered')
  expect(await open()).toEqual(['2026-02'])
  await gatherOver(database, tenantId, at)
  expect(await open()).toEqual([])
}, 120_000)

test('each date is read in one way, and once', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 900 }),
      fc.nat({ max: 400 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 12 })),
      fc.boolean(),
      (start, length, months, isWhole) => {
        const [from, to] = [dateAt(start), dateAt(start + length)]
        const ready = new Set(months.map((month) => `2026-${String(month).padStart(2, '0')}`))
        const { gathered, daily } = splitDates({ from, to }, ready, isWhole)
        const dates = [...gathered, ...daily].flatMap((part) => {
          const count = (Date.parse(part.to) - Date.parse(part.from)) / DAY_MS + 1
          return Array.from({ length: count }, (_, at) =>
            new Date(Date.parse(part.from) + at * DAY_MS).toISOString().slice(0, 10),
          )
        })
        expect(dates.toSorted()).toEqual(Array.from({ length: length + 1 }, (_, at) => dateAt(start + at)))
        for (const part of gathered)
          if (isWhole) expect([part.from.slice(8), datesOf(part.to.slice(0, 7)).to]).toEqual(['01', part.to])
      },
    ),
  )
})
