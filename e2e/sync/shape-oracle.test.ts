import { expect, test } from 'vitest'
import { holdAgainstTables } from './shape-oracle.ts'

const CHANGES = 400
const SEED = 20_261_127

// The long form: npm run simulate -- shapes --changes 10000
test('what is told of a shape is what its table says, while many write, change their minds and are slow', async () => {
  const { mismatches, rolledBack, refetches, restarts } = await holdAgainstTables(CHANGES, SEED)
  expect(mismatches.slice(0, 10)).toEqual([])
  expect(rolledBack).toBeGreaterThan(0)
  expect(refetches).toBeGreaterThan(0)
  expect(restarts).toBeGreaterThan(0)
}, 120_000)
