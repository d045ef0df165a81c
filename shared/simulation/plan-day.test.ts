import { expect, test } from 'vitest'
import { bank, cash, without } from '../domain/testing/bank.ts'
import { seededDice } from '../wait/dice.ts'
import { HOUR_MS, lognormal, VISITORS_MAX } from './draw-day.ts'
import { type DayPlan, LEGS_MAX, planDay, strangerManner } from './plan-day.ts'

const DAYS = 40
const days: readonly DayPlan[] = Array.from({ length: DAYS }, (_, seed) => planDay(bank, seed))
const everybody = days.flatMap(({ visitors }) => visitors)
const comeBetween = (fromMs: number, toMs: number): number =>
  everybody.filter(({ atMs }) => fromMs <= atMs && atMs < toMs).length

test('the same seed gives the same day, another seed another', () => {
  expect(planDay(bank, 7)).toEqual(planDay(bank, 7))
  expect(planDay(bank, 7)).not.toEqual(planDay(bank, 8))
})

test('customers come in two waves with a lull at lunch between them', () => {
  const morning = comeBetween(1.5 * HOUR_MS, 3.5 * HOUR_MS)
  const lunch = comeBetween(4 * HOUR_MS, 5.5 * HOUR_MS) * (2 / 1.5)
  const afternoon = comeBetween(5.5 * HOUR_MS, 7.5 * HOUR_MS)
  expect(lunch / morning).toBeLessThan(0.75)
  expect(lunch / afternoon).toBeLessThan(0.95)
  expect(comeBetween(8.5 * HOUR_MS, 9 * HOUR_MS) * 4).toBeLessThan(lunch)
})

test('the work that comes is the share of what the counters can do that was asked for', () => {
  const shareOf = ({ visitors, shifts }: DayPlan): number => {
    const workMs = visitors.reduce(
      (sum, { legs, showsUp }) => sum + (showsUp ? (legs[0]?.serviceMs ?? 0) : 0) + 30_000,
      0,
    )
    const staffedMs = shifts.reduce((sum, { startsAtMs, endsAtMs, breaks }) => {
      return sum + endsAtMs - startsAtMs - breaks.reduce((away, { fromMs, toMs }) => away + toMs - fromMs, 0)
    }, 0)
    return workMs / staffedMs
  }
  for (const load of [0.4, 0.9]) {
    const shares = days.map((_, seed) => shareOf(planDay(bank, seed, { load })))
    const mean = shares.reduce((sum, share) => sum + share, 0) / DAYS
    expect(mean / load).toBeGreaterThan(0.88)
    expect(mean / load).toBeLessThan(1.08)
  }
})

test('the mean of a lognormal draw is its median times the exponential of half the variance', () => {
  const dice = seededDice(5)
  const draws = Array.from({ length: 40_000 }, () => lognormal(dice, 150, 0.7))
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  expect(mean / (150 * Math.exp(0.245))).toBeCloseTo(1, 1)
})

test('every counter has an agent of its own, who comes near the opening, goes to lunch in turn and stays to the end', () => {
  for (const { shifts, openMs } of days) {
    expect(shifts.map(({ counterId }) => counterId)).toEqual(bank.counters.map(({ id }) => id))
    expect(new Set(shifts.map(({ agentId }) => agentId)).size).toBe(bank.counters.length)
    for (const { startsAtMs, endsAtMs, breaks } of shifts) {
      expect(startsAtMs).toBeLessThan(HOUR_MS)
      expect(endsAtMs).toBe(openMs)
      expect(breaks.every(({ fromMs, toMs }) => startsAtMs < fromMs && fromMs < toMs && toMs <= endsAtMs)).toBe(true)
    }
    const lunches = shifts.map(({ breaks }) => breaks[0]?.fromMs ?? 0)
    expect(Math.max(...lunches) - Math.min(...lunches)).toBeGreaterThan(HOUR_MS / 2)
  }
})

test('some do not come, some give up, some have priority or several services, and everything asked for exists', () => {
  const shareWhere = (isSo: (visitor: (typeof everybody)[number]) => boolean): number =>
    everybody.filter(isSo).length / everybody.length
  expect(shareWhere(({ showsUp }) => !showsUp)).toBeCloseTo(0.06, 1)
  expect(shareWhere(({ patienceMs }) => patienceMs !== null)).toBeCloseTo(0.35, 1)
  expect(shareWhere(({ priority }) => priority !== null)).toBeCloseTo(0.1, 1)
  expect(shareWhere(({ legs }) => legs.length > 1)).toBeGreaterThan(0.02)
  expect(shareWhere(({ language }) => language === 'fr')).toBeGreaterThan(0.6)
  expect(shareWhere(({ language }) => language === 'ar')).toBeGreaterThan(0.05)
  const services = new Set(bank.services.map(({ id }) => id))
  for (const { legs } of everybody) {
    expect(legs.length).toBeGreaterThan(0)
    expect(legs.length).toBeLessThanOrEqual(LEGS_MAX)
    expect(legs.every(({ serviceId, serviceMs }) => services.has(serviceId) && serviceMs > 0)).toBe(true)
  }
})

test('nobody comes for a service that no counter serves, and no day is endless', () => {
  const cashless = { ...bank, counters: bank.counters.filter(({ id }) => id === 'counter-3') }
  expect(planDay(cashless, 1).visitors.some(({ legs }) => legs[0]?.serviceId === cash)).toBe(false)
  expect(planDay(without(bank, 'counters', 'counter-1', 'counter-2', 'counter-3'), 1).visitors).toEqual([])
  expect(planDay(bank, 1, { load: 1_000 }).visitors).toHaveLength(VISITORS_MAX)
})

test('a customer of no plan always behaves the same, and comes', () => {
  const manner = strangerManner(bank, 'some-ticket', cash)
  expect(manner).toEqual(strangerManner(bank, 'some-ticket', cash))
  expect(manner.showsUp).toBe(true)
})
