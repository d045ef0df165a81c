import { expect, test } from 'vitest'
import { killInRush } from './rush.ts'

/** The long form: `npm run simulate -- kills --rounds 200`. A seed that failed is played again with RUSH_SEED. */
const ROUNDS = Number(process.env['RUSH_ROUNDS'] ?? 3)
const SEED = Number(process.env['RUSH_SEED'] ?? 20_261_127)

test('a server that is killed in mid-rush leaves each paper one living ticket, called in the order of the taps, and on the next day too', async () => {
  const { failures, ...figures } = await killInRush({ seed: SEED, rounds: ROUNDS, roundsPerDay: 2 })

  console.log('kills:', JSON.stringify({ seed: SEED, ...figures }))
  expect(failures).toEqual([])
  expect(figures.kills).toBe(ROUNDS)
  expect(figures.days).toBe(1 + Math.floor(ROUNDS / 2))
  expect(figures.orders).toBeGreaterThan(100 * ROUNDS)
})
