import { afterAll, beforeAll, expect, test } from 'vitest'
import { throwDice } from '../../branch-server/testing/dice.ts'
import { doubtsOf, throwAtCloud } from './campaign.ts'
import { openHostileCloud } from './cloud-target.ts'
import { heapBytes, heapGrowthBytesMax } from './throw-at.ts'

const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_261_128)
/** The long form is `npm run simulate -- hostile`. */
const COUNT = Number(process.env['HOSTILE_COUNT'] ?? 1_000)

let cloud: Awaited<ReturnType<typeof openHostileCloud>>
beforeAll(async () => {
  cloud = await openHostileCloud()
}, 120_000)
afterAll(() => cloud?.close())

test(`${COUNT} bad requests at the cloud (seed ${SEED}), made out of its routes and their schemas, get an answer each and harm nothing`, async () => {
  const dice = throwDice(SEED)
  const warmCount = Math.ceil(COUNT / 5)
  const warm = await throwAtCloud(cloud, warmCount, dice)
  const heapBefore = heapBytes()
  const { faults, statuses } = await throwAtCloud(cloud, COUNT - warmCount, dice)
  expect([...warm.faults, ...faults].slice(0, 3)).toEqual([])
  expect(heapBytes() - heapBefore).toBeLessThan(heapGrowthBytesMax(COUNT - warmCount))
  expect(doubtsOf(statuses)).toEqual([])
  expect(cloud.lines.slice(0, 3)).toEqual([])
  expect((await fetch(`http://127.0.0.1:${cloud.port}/api/v1/health`)).status).toBe(200)
  // Some came as far as a route's own work: what is refused at the door alone proves little.
  expect(statuses['200'] ?? 0).toBeGreaterThan(COUNT / 100)
  expect(statuses['400'] ?? 0).toBeGreaterThan(COUNT / 10)
})
