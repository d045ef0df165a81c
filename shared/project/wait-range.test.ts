import { expect, test } from 'vitest'
import type { QueueId, ServiceId } from '../domain/ids.ts'
import { type Estimate, waitRange, waitsByQueue } from './wait-range.ts'

const minutes = (low: number, high: number) => waitRange({ lowMs: low * 60_000, highMs: high * 60_000 })

test('a range is rounded outward, so that it holds what was reckoned', () => {
  expect(minutes(8.9, 13.1)).toEqual({ form: 'between', lowMinutes: 8, highMinutes: 14 })
  expect(minutes(10, 20)).toEqual({ form: 'between', lowMinutes: 10, highMinutes: 20 })
  for (let low = 0; low < 40; low += 0.7) {
    const told = minutes(low, low * 1.4)
    if (told?.form === 'between') {
      expect(told.lowMinutes).toBeLessThanOrEqual(low)
      expect(told.highMinutes).toBeGreaterThanOrEqual(low * 1.4)
    }
  }
})

test('a short wait is less than five minutes, and one that may be none is less than its end', () => {
  expect(minutes(0, 0)).toEqual({ form: 'under', minutes: 5 })
  expect(minutes(2, 4.2)).toEqual({ form: 'under', minutes: 5 })
  expect(minutes(0.5, 11.5)).toEqual({ form: 'under', minutes: 12 })
  expect(minutes(-3, 7)).toEqual({ form: 'under', minutes: 7 })
})

test('a wait that is known to the minute is about that', () => {
  expect(minutes(12, 12)).toEqual({ form: 'about', minutes: 12 })
})

test('where nothing was reckoned nothing is told, nor is nonsense', () => {
  expect(waitRange(null)).toBeNull()
  expect(minutes(10, 8)).toBeNull()
  expect(minutes(Number.NaN, 8)).toBeNull()
  expect(minutes(1, Number.POSITIVE_INFINITY)).toBeNull()
  expect(minutes(-4, -2)).toBeNull()
})

test('a queue is told from the shortest to the longest wait of its services, and nothing when one has none', () => {
  const service = (id: string, queueId: string) => ({ id: id as ServiceId, queueId: queueId as QueueId })
  const services = [service('cash', 'tills'), service('transfer', 'tills'), service('loan', 'advice')]
  const cash: [ServiceId, Estimate][] = [['cash' as ServiceId, { lowMs: 5, highMs: 9 }]]
  const both: [ServiceId, Estimate][] = [...cash, ['transfer' as ServiceId, { lowMs: 3, highMs: 7 }]]
  expect([...waitsByQueue(services, new Map(both))]).toEqual([['tills', { lowMs: 3, highMs: 9 }]])
  expect([...waitsByQueue(services, new Map(cash))]).toEqual([])
})
