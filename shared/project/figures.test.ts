import { describe, expect, test } from 'vitest'
import {
  addShare,
  type Dimension,
  emptyTally,
  type Figures,
  figuresOf,
  sharesOf,
  sharesOfShift,
  type TicketRow,
} from './figures.ts'
import type { Pass } from './passes.ts'
import type { Shift } from './shifts.ts'
import { exactGrain } from './spread.ts'

const MINUTE = 60_000

const pass = (change: Partial<Pass> = {}): Pass => ({
  serviceId: null,
  targetMs: 10 * MINUTE,
  queueId: 'teller-line',
  counterId: 'counter-1',
  agentId: 'amadou',
  waitMs: null,
  toServiceMs: null,
  serviceMs: 0,
  end: 'completed',
  isEntry: true,
  ...change,
})

/** A cash ticket of nine o'clock that waited ten minutes and was served for four. */
const row = (change: Partial<TicketRow> = {}): TicketRow => ({
  businessDate: '2026-11-23',
  serviceId: 'cash',
  status: 'completed',
  waitMs: 10 * MINUTE,
  toServiceMs: 11 * MINUTE,
  serviceMs: 4 * MINUTE,
  issuedHour: 9,
  targetMs: 10 * MINUTE,
  ending: null,
  isTraining: false,
  passes: [pass({ waitMs: 10 * MINUTE, toServiceMs: 11 * MINUTE, serviceMs: 4 * MINUTE })],
  ...change,
})

const waiting = (change: Partial<TicketRow> = {}): TicketRow =>
  row({
    ...{ status: 'waiting', waitMs: null, toServiceMs: null, serviceMs: 0, targetMs: null },
    passes: [pass({ counterId: null, agentId: null, end: 'open' })],
    ...change,
  })

function figures(
  rows: readonly TicketRow[],
  dimension: Dimension = 'service',
  id = 'cash',
  shifts: readonly Shift[] = [],
) {
  const tally = emptyTally()
  for (const share of [...rows.flatMap((it) => sharesOf(it)), ...shifts.flatMap(sharesOfShift)])
    if (share.dimension === dimension && share.id === id) addShare(tally, share, exactGrain)
  return figuresOf(tally, exactGrain)
}

const waits = (...minutes: readonly number[]): Figures =>
  figures(minutes.map((minute) => row({ waitMs: minute * MINUTE })))

describe('each figure has one definition', () => {
  test('wait: from issue to first call, with count, mean, median and 90th percentile by the nearest rank', () => {
    expect(waits(1, 2, 3, 10).wait).toEqual({
      count: 4,
      meanMs: 4 * MINUTE,
      medianMs: 2 * MINUTE,
      p90Ms: 10 * MINUTE,
    })
    const ten = waits(10, 9, 8, 7, 6, 5, 4, 3, 2, 1).wait
    expect([ten.medianMs, ten.p90Ms]).toEqual([5 * MINUTE, 9 * MINUTE])
    expect(figures([waiting()]).wait).toEqual({ count: 0, meanMs: null, medianMs: null, p90Ms: null })
  })

  test('time to service: from issue to first start', () => {
    expect(figures([row(), row({ toServiceMs: null })]).timeToService).toMatchObject({ count: 1, meanMs: 11 * MINUTE })
  })

  test('service time: of services that have ended; one that goes on would make the mean look short', () => {
    const held = row({ status: 'held', serviceMs: 1_000 })
    expect(figures([row(), held]).serviceTime).toMatchObject({ count: 1, meanMs: 4 * MINUTE })
  })

  test('SLA compliance: waits within the target of those that are known; no value when none were called', () => {
    expect(figures([waiting()])).toMatchObject({ slaCompliance: null, slaCount: 0 })
    const typedIn = row({ waitMs: null, targetMs: null })
    const late = row({ waitMs: 10 * MINUTE + 1 })
    // Exactly on target is within it; a paper typed in by hand has no wait to be judged by.
    expect(figures([row(), late, late, typedIn])).toMatchObject({ calledCount: 4, slaCompliance: 1 / 3, slaCount: 3 })
  })

  test('no-show rate: of the tickets called at least once', () => {
    const lost = row({ status: 'no_show', serviceMs: 0 })
    expect(figures([row(), row(), row(), lost, waiting()]).noShowRate).toBe(0.25)
    expect(figures([waiting()]).noShowRate).toBeNull()
  })

  test('completion rate: of the tickets that are over', () => {
    const cancelled = waiting({ status: 'cancelled' })
    const lost = row({ status: 'no_show' })
    expect(figures([row(), row(), lost, cancelled, waiting()]).completionRate).toBe(0.5)
  })

  test('abandonment: cancelled while waiting, by the customer or the day’s end, of all issued', () => {
    const gone = waiting({ status: 'cancelled', ending: 'abandoned' })
    const byStaff = waiting({ status: 'cancelled' })
    expect(figures([row(), row(), gone, byStaff])).toMatchObject({ abandonmentRate: 0.25, cancelledCount: 2 })
  })

  test('utilisation leaves breaks out of the time signed in; occupancy does not', () => {
    const shift: Shift = {
      ...{ shiftId: 1, counterId: 'counter-1', agentId: 'amadou', businessDate: '2026-11-23' },
      ...{ isTraining: false, sinceSteadyMs: 0 },
      ...{ breakSinceSteadyMs: null, serving: null },
      ...{ signedInMs: 480 * MINUTE, breakMs: 80 * MINUTE, servingMs: 300 * MINUTE },
    }
    for (const [dimension, id] of [
      ['counter', 'counter-1'],
      ['agent', 'amadou'],
    ] as const)
      expect(figures([], dimension, id, [shift])).toMatchObject({ utilisation: 0.75, occupancy: 0.625 })
    expect(figures([], 'counter', 'counter-1')).toMatchObject({ utilisation: null, occupancy: null })
  })
})

test('a visit of two services is one ticket; each service is told for itself', () => {
  const visit = row({
    waitMs: 5 * MINUTE,
    serviceMs: 9 * MINUTE,
    passes: [
      pass({ waitMs: 5 * MINUTE, toServiceMs: 6 * MINUTE, serviceMs: 2 * MINUTE }),
      pass({
        ...{ serviceId: 'loans', queueId: 'advice-line', counterId: 'counter-3', agentId: 'binta' },
        ...{ waitMs: 20 * MINUTE, targetMs: 30 * MINUTE, serviceMs: 7 * MINUTE },
      }),
    ],
  })
  expect(figures([visit], 'branch', '')).toMatchObject({
    ...{ issuedCount: 1, completedCount: 1 },
    wait: { count: 1, meanMs: 5 * MINUTE },
    serviceTime: { count: 1, meanMs: 9 * MINUTE },
  })
  expect(figures([visit])).toMatchObject({ issuedCount: 1, completedCount: 1, serviceTime: { meanMs: 2 * MINUTE } })
  expect(figures([visit], 'service', 'loans')).toMatchObject({
    ...{ issuedCount: 1, completedCount: 1, slaCompliance: 1 },
    wait: { count: 1, meanMs: 20 * MINUTE },
    timeToService: { count: 0 },
    serviceTime: { count: 1, meanMs: 7 * MINUTE },
  })
})

test('a visit that breaks off is a service done, and one given up', () => {
  const gone = row({
    ...{ status: 'cancelled', ending: 'abandoned' },
    passes: [
      pass({ waitMs: 5 * MINUTE, serviceMs: 4 * MINUTE }),
      pass({ serviceId: 'loans', counterId: null, agentId: null, end: 'abandoned' }),
    ],
  })
  expect(figures([gone], 'branch', '')).toMatchObject({ completedCount: 0, abandonedCount: 1, calledCount: 1 })
  expect(figures([gone])).toMatchObject({ completedCount: 1, abandonedCount: 0 })
  expect(figures([gone], 'service', 'loans')).toMatchObject({ calledCount: 0, abandonedCount: 1, abandonmentRate: 1 })
})

test('training tickets, and ghosts whose paper nobody held, are in no figure', () => {
  expect(sharesOf(row({ isTraining: true }))).toEqual([])
  expect(sharesOf(row({ status: 'cancelled', ending: 'superseded' }))).toEqual([])
})

test('an hour counts the tickets issued in it; a ticket of unknown hour is in none', () => {
  expect(figures([row(), row({ issuedHour: 10 })], 'hour', '09').issuedCount).toBe(1)
  expect(sharesOf(row({ issuedHour: null })).some(({ dimension }) => dimension === 'hour')).toBe(false)
})

test('whoever served first is not forgotten when somebody else ends it: queues, counters and agents count stays', () => {
  const moved = row({
    waitMs: 5 * MINUTE,
    serviceMs: 9 * MINUTE,
    passes: [
      pass({ waitMs: 5 * MINUTE, toServiceMs: 6 * MINUTE, serviceMs: 2 * MINUTE, end: 'moved' }),
      pass({
        ...{ queueId: 'advice-line', counterId: 'counter-3', agentId: 'binta' },
        ...{ waitMs: 20 * MINUTE, serviceMs: 7 * MINUTE },
      }),
    ],
  })
  expect(figures([moved], 'queue', 'teller-line')).toMatchObject({
    ...{ issuedCount: 1, calledCount: 1, completedCount: 0, slaCompliance: 1 },
    wait: { meanMs: 5 * MINUTE },
    serviceTime: { meanMs: 2 * MINUTE },
  })
  expect(figures([moved], 'agent', 'binta')).toMatchObject({
    ...{ issuedCount: 0, calledCount: 1, completedCount: 1, slaCompliance: 0, abandonmentRate: null },
    wait: { meanMs: 20 * MINUTE },
    timeToService: { count: 0 },
    serviceTime: { meanMs: 7 * MINUTE },
  })
  expect(figures([moved])).toMatchObject({ issuedCount: 1, wait: { meanMs: 5 * MINUTE } })
})

test('a ticket that went back to its line and was called again is one visit to the queue, and one to each agent', () => {
  const again = row({
    passes: [
      pass({ waitMs: 3 * MINUTE, end: 'moved' }),
      pass({ counterId: 'counter-2', agentId: 'binta', isEntry: false, serviceMs: MINUTE }),
    ],
  })
  expect(figures([again], 'queue', 'teller-line')).toMatchObject({ issuedCount: 1, calledCount: 1, completedCount: 1 })
  expect(figures([again], 'agent', 'amadou')).toMatchObject({ calledCount: 1, completedCount: 0, wait: { count: 1 } })
  expect(figures([again], 'agent', 'binta')).toMatchObject({ calledCount: 1, completedCount: 1, wait: { count: 0 } })
})
