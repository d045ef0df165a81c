import { expect, test } from 'vitest'
import { sendMany } from './send-many.ts'

/** The long form: `npm run simulate -- messages --count 10000`. */
const COUNT = Number(process.env['MESSAGES_COUNT'] ?? 1_000)
const SEED = 20_261_128

test('whatever a provider loses, refuses and tells too often, nobody is written to twice, and every message has its true state', async () => {
  const { untrue, wrongSums, ...figures } = await sendMany(COUNT, SEED, process.env['TEST_DATABASE_URL'])
  console.info(JSON.stringify(figures))
  expect([figures.duplicates, figures.unsettled]).toEqual([0, 0])
  expect({ untrue, wrongSums }).toEqual({ untrue: [], wrongSums: [] })
  const { counts } = figures
  expect({ forgedTaken: counts.forgedTaken, refusedTrue: counts.refusedTrue }).toEqual({
    forgedTaken: 0,
    refusedTrue: 0,
  })
  // It was a bad day.
  for (const few of [counts.cut, counts.tooMany, counts.failed, counts.forged]) expect(few).toBeGreaterThan(COUNT / 20)
  expect(counts.callbacks).toBeGreaterThan(COUNT)
})
