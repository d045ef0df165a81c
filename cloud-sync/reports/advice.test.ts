import { expect, test } from 'vitest'
import { emptyTally, type Figures, figuresOf } from '#shared/project/figures.ts'
import { exactGrain } from '#shared/project/spread.ts'
import type { HeatCell, ReportLine } from '#shared/wire/reports.ts'
import { adviseCounters, adviseOrder, compareFigures } from './advice.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const figures = (change: Partial<Figures>): Figures => ({ ...figuresOf(emptyTally(), exactGrain), ...change })
const measured = (count: number, meanMs: number) => ({ count, meanMs, medianMs: meanMs, p90Ms: meanMs })

const queue = (slaCompliance: number | null, slaCount: number): ReportLine => ({
  ...{ id: 'cash', name: 'Caisses', isRetired: false, branchId: 'plateau' },
  ...figures({ slaCompliance, slaCount }),
})

test('a queue in which one in four is late is advised to call the late first, and says by how many waits', () => {
  const [told] = adviseOrder(queue(0.75, 40), { now: 'fifo', priorityShare: 0.5 }, 7)
  expect(told).toMatchObject({ kind: 'order', better: 'sla', lateShare: 0.25, waitCount: 40, now: 'fifo' })
})

test('where few are late, and a third has a priority, priorities should go first', () => {
  const [told] = adviseOrder(queue(0.9, 40), { now: 'fifo', priorityShare: 0.35 }, 7)
  expect(told).toMatchObject({ kind: 'order', better: 'priority', priorityShare: 0.35 })
})

test('nothing is advised from a few days or a few waits, nor what is so already, nor of a queue nobody knows', () => {
  const order = { now: 'fifo', priorityShare: null } as const
  expect(adviseOrder(queue(0.5, 40), order, 6)).toEqual([])
  expect(adviseOrder(queue(0.5, 9), order, 7)).toEqual([])
  expect(adviseOrder(queue(null, 0), order, 7)).toEqual([])
  expect(adviseOrder(queue(0.8, 40), order, 7)).toEqual([])
  expect(adviseOrder(queue(0.5, 40), { ...order, now: 'sla' }, 7)).toEqual([])
  expect(adviseOrder(queue(0.9, 40), { now: 'sla', priorityShare: 0.9 }, 7)).toEqual([])
  expect(adviseOrder(queue(0.5, 40), undefined, 7)).toEqual([])
})

const cell = (weekday: number, hour: number, issuedCount: number, dayCount = 4): HeatCell => ({
  ...{ weekday, hour, dayCount, issuedCount, calledCount: issuedCount, abandonedCount: 0 },
  ...{ slaCompliance: null, slaCount: 0 },
})

test('the hour that brings more than its counters can do is told with its own weekday, and how many it needs', () => {
  // Two hours on four Mondays, two counters in each of them: sixteen hours of counters.
  const total = figures({ serviceTime: measured(120, 5 * MINUTE_MS), signedInMs: 18 * HOUR_MS, breakMs: 2 * HOUR_MS })
  const told = adviseCounters([cell(1, 9, 100), cell(1, 10, 40)], total)
  // 25 people of five minutes are 2.08 hours of work for two counters.
  expect(told).toEqual([
    {
      ...{ kind: 'counters', weekday: 1, hour: 9, dayCount: 4, perDay: 25, serviceMs: 5 * MINUTE_MS },
      ...{ openCounters: 2, load: expect.closeTo(1.04, 2), needed: 3 },
    },
  ])
})

test('an hour is judged by four dates at least, and nothing by counters that nobody has counted', () => {
  const total = figures({ serviceTime: measured(120, 5 * MINUTE_MS), signedInMs: 6 * HOUR_MS })
  expect(adviseCounters([cell(1, 9, 300, 3)], total)).toEqual([])
  expect(adviseCounters([cell(1, 9, 300)], { ...total, signedInMs: 0 })).toEqual([])
  expect(adviseCounters([cell(1, 9, 300)], { ...total, serviceTime: measured(9, MINUTE_MS) })).toEqual([])
})

test('of two periods one did better only by both figures, and by more than one in twenty', () => {
  const period = (meanMs: number, abandonmentRate: number) => figures({ wait: measured(50, meanMs), abandonmentRate })
  const winner = (mine: Figures, other: Figures) => {
    const [told] = compareFigures(mine, other)
    return told?.kind === 'better' ? told.winner : undefined
  }
  expect(winner(period(9 * MINUTE_MS, 0.08), period(10 * MINUTE_MS, 0.1))).toBe('this')
  expect(winner(period(10 * MINUTE_MS, 0.1), period(9 * MINUTE_MS, 0.08))).toBe('compared')
  expect(winner(period(9 * MINUTE_MS, 0.1), period(10 * MINUTE_MS, 0.1))).toBe('neither')
  expect(winner(period(9.6 * MINUTE_MS, 0.05), period(10 * MINUTE_MS, 0.1))).toBe('neither')
  expect(winner(period(20 * MINUTE_MS, 0.1), period(10 * MINUTE_MS, 0))).toBe('compared')
  expect(winner(figures({}), period(MINUTE_MS, 0))).toBeUndefined()
})
