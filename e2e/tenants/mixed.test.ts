import { expect, test } from 'vitest'
import { mixTenants } from './mixed.ts'

/** The long form: `npm run simulate -- tenants --requests 20000`. */
const REQUESTS = 2_000
const SEED = 20_261_127

test('whatever is cut off on few connections, no tenant sees, writes or loses a row for another', async () => {
  const { leaks, ...figures } = await mixTenants(REQUESTS, SEED)
  console.info(JSON.stringify(figures))
  expect(leaks).toEqual([])
  expect(figures.cutOff).toBeGreaterThan(REQUESTS / 20)
  expect(figures.refusedWrites).toBeGreaterThan(REQUESTS / 20)
})
