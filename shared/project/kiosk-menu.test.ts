import { expect, test } from 'vitest'
import type { BusinessDate, EpochMs, QueueId } from '../domain/ids.ts'
import { canBeChosen, kioskMenu } from './kiosk-menu.ts'
import { issued, SAMPLE_CATALOGUE, SAMPLE_START_MS, sampleState } from './sample-branch.ts'

const NOON = (SAMPLE_START_MS + 2 * 3_600_000) as EpochMs
const TOMORROW = (SAMPLE_START_MS + 20 * 3_600_000) as EpochMs

test('a customer sees who waits for each service', () => {
  const menu = kioskMenu(sampleState([issued(1, 'A001'), issued(2, 'A002')]), NOON)
  expect(menu.waitingCount).toBe(2)
  expect(menu.services[0]).toMatchObject({ serviceId: 'cash', waitingCount: 2, availability: 'open' })
  expect(menu.closedReason).toBeNull()
})

test('a paused queue still gives tickets, a closed or full one does not', () => {
  const catalogue = {
    ...SAMPLE_CATALOGUE,
    queues: SAMPLE_CATALOGUE.queues.map((queue) => (queue.id === 'cards' ? { ...queue, maxCapacity: 1 } : queue)),
  }
  const state = sampleState(
    [
      issued(1, 'E001'),
      [2, { type: 'QueuePaused', queueId: 'cash' as QueueId }],
      [2, { type: 'QueueClosed', queueId: 'loans' as QueueId }],
    ],
    catalogue,
  )
  const menu = kioskMenu(state, NOON)
  const chosen = menu.services.map((service) => [service.serviceId, service.availability, canBeChosen(service)])
  expect(chosen).toEqual([
    ['cash', 'paused', true],
    ['accounts', 'open', true],
    ['transfers', 'open', true],
    ['loans', 'closed', false],
    ['cards', 'full', false],
  ])
})

test('a day that staff closed is over until the next cut-over', () => {
  const state = sampleState([[30, { type: 'DayClosed', date: '2026-11-23' as BusinessDate }]])
  expect(kioskMenu(state, NOON).closedReason).toBe('day-closed')
  expect(kioskMenu(state, TOMORROW).closedReason).toBeNull()
})

test('while the clock is in doubt the present day goes on, but a closed one does not begin anew', () => {
  const doubted = sampleState([[30, { type: 'ClockDoubted', wallMs: 0 as EpochMs }]])
  expect(kioskMenu(doubted, TOMORROW).closedReason).toBeNull()
  const closed = sampleState([
    [30, { type: 'DayClosed', date: '2026-11-23' as BusinessDate }],
    [31, { type: 'ClockDoubted', wallMs: 0 as EpochMs }],
  ])
  expect(kioskMenu(closed, TOMORROW).closedReason).toBe('clock-unsure')
})

test('with every queue closed no service is open', () => {
  const state = sampleState(
    SAMPLE_CATALOGUE.queues.map((queue) => [5, { type: 'QueueClosed', queueId: queue.id }] as const),
  )
  expect(kioskMenu(state, NOON).closedReason).toBe('no-service')
})
