import { expect, test } from 'vitest'
import { playRounds } from './rounds.ts'

/** The long form: OFFLINE_ROUNDS=500. A seed that failed is played again with OFFLINE_SEED. */
const ROUNDS = Number(process.env['OFFLINE_ROUNDS'] ?? 8)
const SEED = Number(process.env['OFFLINE_SEED'] ?? 20_261_123)

test('whatever is lost or killed, each paper is one ticket, in the order in which people tapped', async () => {
  const { failures, ...figures } = await playRounds({ seed: SEED, rounds: ROUNDS })

  console.log('offline:', JSON.stringify({ seed: SEED, ...figures }))
  expect(failures).toEqual([])
  expect(figures.rounds).toBe(ROUNDS)
})
