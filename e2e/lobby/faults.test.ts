import { expect, test } from 'vitest'
import { runDisplayFaults } from './faults.ts'

// The long form: npm run simulate -- displays --faults 500 --seed S

test('through a bad network a display never shows a wrong number, says its age, and goes on without a gap', async () => {
  const figures = await runDisplayFaults({ faults: 40, seed: 20261123 })
  expect(figures.wrong).toEqual([])
  expect(figures.calls).toBeGreaterThan(10)
  expect(figures.looks).toBeGreaterThan(50)
  expect(figures.staleLooks).toBeGreaterThan(0)
})
