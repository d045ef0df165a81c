import { expect, test } from 'vitest'
import { bank } from '../domain/testing/bank.ts'
import { arriving, givesUpAtMs, LATE_MAX_MS, roadOf } from './customers.ts'
import { planDay } from './plan-day.ts'

const plan = planDay(bank, 3)

test('everybody comes once, in order, however often somebody looks', () => {
  const came = []
  let nextIndex = 0
  for (let nowMs = 0; nowMs <= plan.openMs; nowMs += 60_000) {
    const step = arriving(plan, nextIndex, nowMs)
    came.push(...step.come)
    nextIndex = step.nextIndex
  }
  expect(came).toEqual(plan.visitors)
})

test('whoever was kept away too long has gone elsewhere', () => {
  const { come, nextIndex } = arriving(plan, 0, plan.openMs)
  expect(nextIndex).toBe(plan.visitors.length)
  expect(come).toEqual(plan.visitors.filter(({ atMs }) => atMs >= plan.openMs - LATE_MAX_MS))
})

test('whoever has priority or needs several services asks staff, everybody else the kiosk; some wait for ever', () => {
  for (const visitor of plan.visitors) {
    expect(roadOf(visitor)).toBe(visitor.priority !== null || visitor.legs.length > 1 ? 'staff' : 'kiosk')
    expect(givesUpAtMs(visitor, 1_000)).toBe(visitor.patienceMs === null ? null : visitor.patienceMs + 1_000)
  }
})
