import { expect, test } from 'vitest'
import type { TakenTap, TrialTicket } from '#shared/wire/trials.ts'
import { compareTaps, longestPauseMs } from './compare-taps.ts'

const tap = (ticketId: string, number: string, atMs = 0): TakenTap => ({
  ticketId,
  number,
  offline: false,
  atMs,
  tookMs: 5,
})
const ticket = (ticketId: string, number: string): TrialTicket => ({
  ticketId,
  number,
  status: 'waiting',
  issuedAtMs: 0,
})

const taps = [tap('a', 'TEST001'), tap('b', 'TEST1001'), tap('c', 'TEST002')]
const tickets = [ticket('a', 'TEST001'), ticket('b', 'TEST1001'), ticket('c', 'TEST002')]

test('what kiosks were given is whole when the branch has each, as it was given', () => {
  expect(compareTaps(taps, tickets)).toEqual({ count: 3, missing: 0, doubled: 0 })
  // Others may have taken test tickets, too: those are nobody's loss.
  expect(compareTaps(taps, [...tickets, ticket('d', 'TEST003')])).toEqual({ count: 3, missing: 0, doubled: 0 })
})

test('one that the branch does not know, or knows under another number, is missing', () => {
  expect(compareTaps(taps, tickets.slice(1))).toMatchObject({ missing: 1 })
  expect(compareTaps(taps, [ticket('a', 'TEST009'), ...tickets.slice(1)])).toMatchObject({ missing: 1 })
})

test('one number on two tickets is doubled, whether the kiosks say so or the branch', () => {
  expect(compareTaps([...taps, tap('d', 'TEST001')], [...tickets, ticket('d', 'TEST001')])).toMatchObject({
    doubled: 1,
  })
  expect(compareTaps(taps, [...tickets, ticket('e', 'TEST002')])).toMatchObject({ missing: 0, doubled: 1 })
})

test('the longest pause is between two numbers given, not between two taps', () => {
  expect(longestPauseMs([tap('a', '1', 0), tap('b', '2', 500), { ...tap('c', '3', 1_000), tookMs: 2_005 }])).toBe(2_500)
  expect([longestPauseMs([]), longestPauseMs([tap('a', '1')])]).toEqual([0, 0])
})
