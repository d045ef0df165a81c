import { expect, test } from 'vitest'
import { normal, seededDice } from './dice.ts'
import { correct, newLine, valueAt } from './least-squares.ts'
import { correctRange, effectsOf, emptyQuantiles, rangeAround } from './range.ts'

const HOUR_MS = 3_600_000

/** A stream in which the range is told before the wait is known. @returns what came of the second half */
function stream(count: number, waitAt: (at: number, midMs: number, hour: number, dice: () => number) => number) {
  const dice = seededDice(11)
  const quantiles = emptyQuantiles()
  const seen: { hour: number; isInside: boolean; isAbove: boolean }[] = []
  for (let at = 0; at < count; at++) {
    const hour = 8 + (at % 8)
    const midMs = 30_000 + dice() * 900_000
    const effects = effectsOf({
      isWaiting: false,
      midMs,
      serviceId: 'cash',
      dayMs: hour * HOUR_MS,
      waitingCount: at % 12,
      isDoubted: false,
    })
    const told = rangeAround(quantiles, midMs, effects)
    const waitMs = waitAt(at, midMs, hour, dice)
    if (at > count / 2)
      seen.push({ hour, isInside: waitMs >= told.lowMs && waitMs <= told.highMs, isAbove: waitMs > told.highMs })
    correctRange(quantiles, told, waitMs, effects)
  }
  return seen
}

const share = <Item>(items: readonly Item[], is: (item: Item) => boolean): number =>
  items.filter(is).length / items.length

test('the range comes to hold eight in ten, and one in ten waits longer, whatever the distribution is', () => {
  for (const spread of [0.2, 0.6, 1.1]) {
    const seen = stream(12_000, (_, midMs, __, dice) => midMs * Math.exp(normal(dice) * spread))
    expect(share(seen, ({ isInside }) => isInside)).toBeGreaterThan(0.78)
    expect(share(seen, ({ isInside }) => isInside)).toBeLessThan(0.82)
    expect(share(seen, ({ isAbove }) => isAbove)).toBeGreaterThan(0.08)
    expect(share(seen, ({ isAbove }) => isAbove)).toBeLessThan(0.12)
  }
})

test('an hour in which waits scatter three times as much has its own reach', () => {
  const seen = stream(24_000, (_, midMs, hour, dice) => midMs * Math.exp(normal(dice) * (hour === 12 ? 0.9 : 0.3)))
  for (let hour = 8; hour < 16; hour++) {
    const inside = share(
      seen.filter((one) => one.hour === hour),
      ({ isInside }) => isInside,
    )
    expect(inside, `${hour} h`).toBeGreaterThan(0.7)
    expect(inside, `${hour} h`).toBeLessThan(0.9)
  }
})

test('a middle that is always wrong is made good by the range', () => {
  const seen = stream(12_000, (_, midMs, __, dice) => 2 * midMs * Math.exp(normal(dice) * 0.4))
  expect(share(seen, ({ isInside }) => isInside)).toBeGreaterThan(0.77)
})

test('the line finds what is behind the outcomes, whatever it guessed first', () => {
  const dice = seededDice(5)
  const line = newLine([0, 0.5, 0.5])
  for (let at = 0; at < 4_000; at++) {
    const features = [1, 4 * dice(), 4 * dice()]
    correct(line, features, 3 - (features[1] ?? 0) + 2 * (features[2] ?? 0) + normal(dice), 1, 100)
  }
  expect(valueAt(line, [1, 1, 1])).toBeCloseTo(4, 0)
  expect(line.coefficients[1]).toBeCloseTo(-1, 1)
  expect(line.coefficients[2]).toBeCloseTo(2, 1)
})

test('a year of outcomes that never show a feature leaves every figure finite', () => {
  const dice = seededDice(6)
  const line = newLine([0, 1, 0])
  for (let at = 0; at < 200_000; at++) correct(line, [1, dice(), 0], 2, 0.5, 100)
  expect([...line.coefficients, ...line.inverse].every(Number.isFinite)).toBe(true)
  expect(valueAt(line, [1, 0.5, 1])).toBeCloseTo(2, 1)
})
