import { expect, test } from 'vitest'
import { repeat } from './use-polled.ts'

const pause = (waitMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, waitMs))

test('a host that is slow to answer is not asked again before it has answered', async () => {
  let askedCount = 0
  let answer: () => void = () => undefined
  const stop = repeat(1, () => {
    askedCount += 1
    return new Promise((resolve) => {
      answer = resolve
    })
  })
  await pause(20)
  expect(askedCount).toBe(1)

  answer()
  await pause(20)
  expect(askedCount).toBe(2)
  stop()
})
