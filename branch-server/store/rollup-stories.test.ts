import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import type { Sqlite } from '#shared/disk/open.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import {
  accounts,
  adviceLine,
  bank,
  callerAt,
  cards,
  cash,
  counter1,
  counter2,
  counter3,
  withService,
  withSettings,
} from '#shared/domain/testing/bank.ts'
import { DAY, HOUR, MINUTE } from '#shared/domain/testing/fake-clock.ts'
import { type Dimension, type Figures, figuresOf } from '#shared/project/figures.ts'
import { exactGrain } from '#shared/project/spread.ts'
import type { CheckResult } from '../background/tasks.ts'
import { openBankStory, type StoredStory } from '../testing/stored-story.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'
import { wrongPeriods } from './check-rollups.ts'
import { rawCells } from './figure-rows.ts'
import { monthKey, readCells } from './rollup-cells.ts'

/** Sunday 29 November 2026, nine o'clock in Dakar. */
const START = Date.UTC(2026, 10, 29, 9)
const SUNDAY = '2026-11-29'
const MONDAY = '2026-11-30'

const desk = (counterId: typeof counter1) => ({ kind: 'caller', deviceId: callerAt(counterId) }) as const
const kiosk = { kind: 'kiosk', deviceId: 'kiosk-1' as never } as const

function take(story: StoredStory, serviceId: typeof cash, name: string): TicketId {
  const ticketId = name as TicketId
  story.ask({ type: 'IssueTicket', ticketId, serviceId, channel: 'kiosk', priority: null, language: null }, kiosk)
  return ticketId
}

const call = (story: StoredStory, counterId: typeof counter1, ticketId: TicketId) =>
  story.ask({ type: 'CallTicket', counterId, ticketId }, desk(counterId))

const start = (story: StoredStory, counterId: typeof counter1, ticketId: TicketId) =>
  story.ask({ type: 'StartService', ticketId }, desk(counterId))

const complete = (story: StoredStory, counterId: typeof counter1, ticketId: TicketId) =>
  story.ask({ type: 'CompleteTicket', ticketId, outcome: null }, desk(counterId))

const servicesIn = (db: Sqlite, period: string) =>
  readCells(db, { from: period, to: period }).filter(({ dimension }) => dimension === 'service')

/** Exact figures of one date; and proof that the sums say the same. */
function figures(story: StoredStory, date: string, dimension: Dimension, id: string): Figures {
  story.commit()
  expect(story.read(wrongPeriods)).toEqual([])
  const cells = story.read((db) => [...rawCells(db, date, date, exactGrain).all()])
  const cell = cells.find((it) => it.dimension === dimension && it.id === id)
  if (cell === undefined) throw new Error(`No ${dimension} ${id} on ${date}`)
  return figuresOf(cell.tally, exactGrain)
}

test('a ticket that is moved, held and ended by another agent is told to each as far as they had a hand in it', () => {
  using story = openBankStory(START)
  const moved = take(story, cash, 'moved')
  story.clock.pass(5 * MINUTE)
  call(story, counter1, moved)
  story.clock.pass(MINUTE)
  start(story, counter1, moved)
  story.clock.pass(2 * MINUTE)
  const transfer = { type: 'TransferTicket', ticketId: moved, toQueueId: adviceLine, place: 'last' } as const
  story.ask(transfer, desk(counter1))
  story.clock.pass(20 * MINUTE)
  call(story, counter3, moved)
  start(story, counter3, moved)
  story.clock.pass(3 * MINUTE)
  story.ask({ type: 'HoldTicket', ticketId: moved, reason: null }, desk(counter3))
  story.clock.pass(30 * MINUTE)
  story.ask({ type: 'ResumeTicket', ticketId: moved, counterId: counter3 }, desk(counter3))
  story.clock.pass(4 * MINUTE)
  complete(story, counter3, moved)

  expect(figures(story, SUNDAY, 'service', 'cash')).toMatchObject({
    ...{ issuedCount: 1, calledCount: 1, completedCount: 1 },
    wait: { meanMs: 5 * MINUTE },
    timeToService: { meanMs: 6 * MINUTE },
    serviceTime: { meanMs: 9 * MINUTE },
    slaCompliance: 1,
  })
  expect(figures(story, SUNDAY, 'agent', 'amadou')).toMatchObject({
    ...{ calledCount: 1, completedCount: 0 },
    serviceTime: { meanMs: 2 * MINUTE },
  })
  expect(figures(story, SUNDAY, 'agent', 'chloe')).toMatchObject({
    ...{ calledCount: 1, completedCount: 1 },
    timeToService: { count: 0 },
    serviceTime: { meanMs: 7 * MINUTE },
  })
})

test('a visit with a plan is one ticket of the branch, and a ticket of each of its services', () => {
  using story = openBankStory(START)
  const ticketId = 'visit' as TicketId
  const about = { ticketId, serviceId: cash, channel: 'kiosk', priority: null, language: null } as const
  story.ask({ type: 'IssueTicket', ...about, plan: [accounts] }, kiosk)
  story.clock.pass(4 * MINUTE)
  call(story, counter1, ticketId)
  start(story, counter1, ticketId)
  story.clock.pass(2 * MINUTE)
  complete(story, counter1, ticketId)
  story.clock.pass(7 * MINUTE)
  call(story, counter3, ticketId)
  start(story, counter3, ticketId)
  story.clock.pass(5 * MINUTE)
  complete(story, counter3, ticketId)

  expect(figures(story, SUNDAY, 'branch', '')).toMatchObject({
    ...{ issuedCount: 1, completedCount: 1 },
    serviceTime: { count: 1, meanMs: 7 * MINUTE },
  })
  expect(figures(story, SUNDAY, 'service', 'cash')).toMatchObject({
    wait: { meanMs: 4 * MINUTE },
    serviceTime: { meanMs: 2 * MINUTE },
  })
  expect(figures(story, SUNDAY, 'service', 'accounts')).toMatchObject({
    ...{ issuedCount: 1, completedCount: 1, slaCompliance: 1 },
    wait: { meanMs: 7 * MINUTE },
    serviceTime: { meanMs: 5 * MINUTE },
  })
})

test('a break is time signed in, and no time to be busy in', () => {
  using story = openBankStory(START)
  const served = take(story, cash, 'served')
  call(story, counter1, served)
  start(story, counter1, served)
  story.clock.pass(30 * MINUTE)
  complete(story, counter1, served)
  story.ask({ type: 'StartBreak', counterId: counter1, reason: null }, desk(counter1))
  story.commit()
  story.clock.pass(20 * MINUTE)
  story.ask({ type: 'EndBreak', counterId: counter1 }, desk(counter1))
  story.clock.pass(10 * MINUTE)
  story.ask({ type: 'CloseCounter', counterId: counter1 }, desk(counter1))
  expect(figures(story, SUNDAY, 'agent', 'amadou')).toMatchObject({
    ...{ signedInMs: HOUR, breakMs: 20 * MINUTE, servingMs: 30 * MINUTE },
    ...{ utilisation: 0.75, occupancy: 0.5 },
  })
})

test('whoever learns at a counter is in no figure: not the tickets, not the time', () => {
  using story = openBankStory(START)
  story.ask({ type: 'CloseCounter', counterId: counter1 }, desk(counter1))
  const agentId = 'amadou' as never
  story.ask({ type: 'OpenCounter', counterId: counter1, agentId, isTraining: true }, desk(counter1))
  const about = { ticketId: 'lesson' as TicketId, serviceId: cash, priority: null, language: null } as const
  expect(story.ask({ type: 'ServeNow', counterId: counter1, ...about }, desk(counter1))).not.toEqual([])
  story.clock.pass(HOUR)
  complete(story, counter1, about.ticketId)
  story.ask({ type: 'CloseCounter', counterId: counter1 }, desk(counter1))
  story.ask({ type: 'CloseCounter', counterId: counter2 }, desk(counter2))
  expect(figures(story, SUNDAY, 'branch', '')).toMatchObject({ issuedCount: 0, signedInMs: HOUR, servingMs: 0 })
})

test('each counter’s time is split at the roll of the day: signed in, and serving over midnight', () => {
  using story = openBankStory(Date.UTC(2026, 10, 29, 22))
  const late = take(story, cash, 'late')
  call(story, counter1, late)
  story.clock.pass(5 * HOUR)
  start(story, counter1, late)
  // Served from 03:00 to 05:00; the day rolls at 04:00.
  story.clock.pass(HOUR)
  story.ask({ type: 'KeepTime' })
  story.clock.pass(HOUR)
  complete(story, counter1, late)
  story.ask({ type: 'CloseCounter', counterId: counter1 }, desk(counter1))

  expect(figures(story, SUNDAY, 'counter', 'counter-1')).toMatchObject({ signedInMs: 6 * HOUR, servingMs: HOUR })
  expect(figures(story, MONDAY, 'counter', 'counter-1')).toMatchObject({ signedInMs: HOUR, servingMs: HOUR })
  expect(figures(story, SUNDAY, 'agent', 'binta')).toMatchObject({ signedInMs: 6 * HOUR, servingMs: 0, utilisation: 0 })
})

test('whoever waits when the day rolls has given up, whoever was called has not come; staff who cancel are no abandonment', () => {
  using story = openBankStory(START)
  take(story, cash, 'waits')
  call(story, counter1, take(story, cash, 'called'))
  story.ask({ type: 'CancelTicket', ticketId: take(story, cash, 'sent away') }, desk(counter2))
  story.clock.pass(DAY)
  story.ask({ type: 'KeepTime' })
  expect(figures(story, SUNDAY, 'service', 'cash')).toMatchObject({
    ...{ issuedCount: 3, cancelledCount: 2, abandonedCount: 1, noShowCount: 1, noShowRate: 1, completionRate: 0 },
  })
  expect(figures(story, SUNDAY, 'queue', 'teller-line')).toMatchObject({ abandonmentRate: 1 / 3 })
})

test('a no-show that is brought back and served is no no-show, and is counted once', () => {
  using story = openBankStory(START)
  const back = take(story, cash, 'back')
  call(story, counter1, back)
  story.ask({ type: 'MarkNoShow', ticketId: back }, desk(counter1))
  expect(figures(story, SUNDAY, 'service', 'cash').noShowRate).toBe(1)
  story.ask({ type: 'ReinstateTicket', ticketId: back }, desk(counter1))
  call(story, counter2, back)
  complete(story, counter2, back)
  expect(figures(story, SUNDAY, 'service', 'cash')).toMatchObject({ issuedCount: 1, noShowCount: 0, completedCount: 1 })
  expect(figures(story, SUNDAY, 'agent', 'amadou')).toMatchObject({ noShowCount: 0, calledCount: 1 })
})

test('a target or a zone that changes later changes nothing of what was counted before', () => {
  using story = openBankStory(START)
  const early = take(story, cash, 'early')
  story.clock.pass(8 * MINUTE)
  call(story, counter1, early)
  story.commit()
  story.apply(withSettings(withService(bank, cash, { slaSeconds: 60 }), { timezone: 'Asia/Tokyo' }))
  complete(story, counter1, early)
  expect(figures(story, SUNDAY, 'service', 'cash').slaCompliance).toBe(1)
  expect(figures(story, SUNDAY, 'hour', '09').completedCount).toBe(1)
})

test('whatever shares a commit, each event counts by the target and the date of its own moment', () => {
  using story = openBankStory(START)
  const early = take(story, cash, 'early')
  story.clock.pass(8 * MINUTE)
  call(story, counter1, early)
  story.apply(withService(bank, cash, { slaSeconds: 60 }))
  complete(story, counter1, early)
  expect(figures(story, SUNDAY, 'service', 'cash').slaCompliance).toBe(1)
  story.ask({ type: 'CloseCounter', counterId: counter1 }, desk(counter1))
  story.commit()
  story.ask({ type: 'OpenCounter', counterId: counter1, agentId: 'amadou' as never }, desk(counter1))
  story.clock.pass(DAY)
  story.ask({ type: 'KeepTime' })
  story.ask({ type: 'CloseCounter', counterId: counter1 }, desk(counter1))
  expect(figures(story, SUNDAY, 'counter', 'counter-1').signedInMs).toBe(DAY + 8 * MINUTE)
})

test('a month that is over has sums of its own, which a late ticket still reaches', () => {
  using story = openBankStory(START)
  const served = take(story, accounts, 'served')
  call(story, counter3, served)
  complete(story, counter3, served)
  call(story, counter2, take(story, cards, 'night'))
  start(story, counter2, 'night' as TicketId)
  story.clock.pass(2 * DAY)
  story.ask({ type: 'KeepTime' })
  story.commit()
  const november = (id: string) =>
    story.read((db) => servicesIn(db, monthKey('2026-11'))).find((cell) => cell.id === id)
  expect(november('accounts')?.tally.counts).toMatchObject({ issued: 1, completed: 1 })
  expect(november('cards')?.tally.counts).toMatchObject({ issued: 1, completed: 0 })
  // Served from November into December: the ticket is November's.
  complete(story, counter2, 'night' as TicketId)
  story.commit()
  expect(november('cards')?.tally.counts).toMatchObject({ issued: 1, completed: 1 })
  expect(story.read(wrongPeriods)).toEqual([])
})

/** A Monday with one ticket called and some that waited, and the Tuesday after it. */
async function openTuesday(): Promise<TestBranch> {
  const branch = await openTestBranch()
  const kiosk1 = await branch.pair('kiosk')
  for (let index = 0; index < 5; index += 1) await kiosk1.issue('cash')
  const agent = await branch.staff('counter-1', 'amadou')
  await agent.callNext('counter-1')
  branch.clock.pass(DAY)
  await kiosk1.issue('cash')
  return branch
}

const SOON = { timeout: 20_000 }
const PAST = '2026-11-23'

async function check(branch: TestBranch): Promise<CheckResult> {
  const { body } = await branch.installer.post<CheckResult>('/api/v1/checks')
  expect(body.fault).toBeNull()
  return body
}

function inFile<Result>(branch: TestBranch, work: (db: Sqlite) => Result): Result {
  const db = new Database(join(branch.folder, 'branch.db'))
  try {
    return work(db)
  } finally {
    db.close()
  }
}

const issuedOn = (branch: TestBranch, date: string): readonly number[] =>
  inFile(branch, (db) => servicesIn(db, date)).map(({ tally }) => tally.counts.issued)

test('a ticket counted twice is found by the check, and its date is counted anew', async () => {
  await using branch = await openTuesday()
  expect(await check(branch)).toMatchObject({ wrongPeriods: [] })
  await branch.running.close()
  inFile(branch, (db) => db.exec("update rollup set sums = json_set(sums, '$[0]', json_extract(sums, '$[0]') + 1)"))
  await branch.start()
  expect(await check(branch)).toMatchObject({ wrongPeriods: [PAST] })
  await branch.running.close()
  await branch.start({ firstCheckMs: 1 })
  await vi.waitFor(() => expect(branch.logLines.join()).toContain('sums of the figures are made anew'), SOON)
  await vi.waitFor(async () => expect(await check(branch)).toMatchObject({ wrongPeriods: [] }), SOON)
  expect(issuedOn(branch, PAST)).toEqual([5])
})

test('what a version that does not know the sums has written is counted at the next start', async () => {
  await using branch = await openTuesday()
  await branch.running.close()
  inFile(branch, (db) =>
    db.exec(`delete from rollup; delete from shift; delete from meta where key = 'rolled_before';
      update ticket set passes = null, issued_hour = null; update head set rollup_seq = null`),
  )
  await branch.start()
  expect(await check(branch)).toMatchObject({ wrongPeriods: [] })
  expect(issuedOn(branch, PAST)).toEqual([5])
  const open = 'select count(*) from shift where signed_in_ms is null'
  expect(inFile(branch, (db) => db.prepare(open).pluck().get())).toBe(1)
})

test('a salvaged file has the sums of the rows that could be read', async () => {
  await using branch = await openTuesday()
  await branch.running.waist.heal()
  expect(await check(branch)).toMatchObject({ wrongPeriods: [] })
  expect(issuedOn(branch, PAST)).toEqual([5])
})
