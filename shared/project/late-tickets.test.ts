import { expect, test } from 'vitest'
import type { SteadyMs } from '../domain/ids.ts'
import { LATE_MAX, lateTickets } from './late-tickets.ts'
import { called, issued, opened, sampleState } from './sample-branch.ts'

const MINUTE_MS = 60_000
const at = (minutes: number) => (minutes * MINUTE_MS) as SteadyMs

test('who waits beyond the target is listed, the latest against it first; who was called waits no more', () => {
  const story = [issued(0, 'A001'), issued(1, 'A002'), issued(2, 'A003'), opened(3, 1), called(4, 'A001', 1)]
  const state = sampleState(story)
  const { list } = lateTickets(state, at(120))
  expect(list.map(({ number }) => number)).toEqual(['A002', 'A003'])
  const [first] = list
  expect(first?.waitMs).toBe(119 * MINUTE_MS)
  const targetMs = first?.targetMs ?? 0
  expect(lateTickets(state, (1 * MINUTE_MS + targetMs - 1) as SteadyMs).count).toBe(0)
  expect(lateTickets(state, (1 * MINUTE_MS + targetMs) as SteadyMs).count).toBe(1)
})

test('more than can be read at a glance are counted', () => {
  const crowd = Array.from({ length: 30 }, (_, place) => issued(place / 60, `A${String(place + 1).padStart(3, '0')}`))
  const late = lateTickets(sampleState(crowd), at(240))
  expect([late.list.length, late.count]).toEqual([LATE_MAX, 30])
})
