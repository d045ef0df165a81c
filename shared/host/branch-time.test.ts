import { expect, test } from 'vitest'
import type { EpochMs, Moment, SteadyMs } from '../domain/ids.ts'
import { hearTime, momentAt } from './branch-time.ts'

const moment = (steadyMs: number, atMs = steadyMs + 1_000_000): Moment => ({
  atMs: atMs as EpochMs,
  steadyMs: steadyMs as SteadyMs,
})

test('what the branch said was so between asking and hearing, and goes on from there', () => {
  const contact = hearTime(null, moment(5_000), 100, 140)
  expect(contact).toMatchObject({ monotonicMs: 120, errorMs: 20 })
  expect(momentAt(contact, 620)).toEqual(moment(5_500))
})

test('an answer that took long does not blur what a quick one has said', () => {
  const quick = hearTime(null, moment(5_000), 0, 2)
  const slow = hearTime(quick, moment(9_000 + 290), 4_000, 4_300)
  expect(momentAt(slow, 4_300).steadyMs).toBe(5_000 + 4_299)
  const quickAgain = hearTime(slow, moment(13_000), 8_000, 8_001)
  expect(momentAt(quickAgain, 8_001).steadyMs).toBe(13_000)
})

test('a branch whose steady time was set anew is believed at once', () => {
  const quick = hearTime(null, moment(5_000_000), 0, 2)
  const anew = hearTime(quick, moment(300), 4_000, 4_300)
  expect(momentAt(anew, 4_150).steadyMs).toBe(300)
})

test('a label that was set is taken over although steady time is known better', () => {
  const quick = hearTime(null, moment(5_000), 0, 2)
  const slow = hearTime(quick, moment(9_150, 77_000_000), 4_000, 4_300)
  expect(momentAt(slow, 4_150)).toEqual(moment(9_149, 77_000_000))
})

test('hours of pings do not wear the time away', () => {
  let contact = hearTime(null, moment(1_000), 0.4, 1.7)
  for (let turn = 1; turn <= 5_000; turn += 1) {
    const askedMs = turn * 4_000 + 0.3
    contact = hearTime(contact, moment(1_000 + turn * 4_000), askedMs, askedMs + 40)
  }
  expect(Math.abs(momentAt(contact, 20_000_001).steadyMs - 20_001_000)).toBeLessThanOrEqual(40)
})
