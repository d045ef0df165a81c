import { expect, test } from 'vitest'
import { startJobs } from './start-jobs.ts'

test('periodic work that cannot be begun is tried again, each time later, until it has begun', async () => {
  const waits: number[] = []
  let [tries, closes] = [0, 0]
  const end = startJobs({
    log: { error: () => {} },
    wait: async (ms) => waits.push(ms),
    async open() {
      tries += 1
      if (tries < 12) throw new Error('planted')
      const close = async (): Promise<void> => {
        closes += 1
      }
      return { tick: async () => {}, close }
    },
  })
  await expect.poll(() => tries).toBe(12)
  expect([waits.slice(0, 3), waits.at(-1)]).toEqual([[1_000, 2_000, 4_000], 300_000])
  await end()
  expect([tries, closes]).toEqual([12, 1])
})

test('a cloud that ends waits for no periodic work that could not be begun', async () => {
  let tries = 0
  const end = startJobs({
    log: { error: () => {} },
    async open() {
      tries += 1
      throw new Error('planted')
    },
  })
  await end()
  expect(tries).toBe(1)
})
