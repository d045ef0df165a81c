import { expect, test } from 'vitest'
import { amadou, bank, counter1 } from '#shared/domain/testing/bank.ts'
import { callerOrigin, openBranch } from '#shared/domain/testing/story.ts'
import { mayNote } from './may-note.ts'

test('a caller where nobody is signed in notes nothing while the server is there, and everything without it', () => {
  const story = openBranch(bank, [[counter1, amadou]])
  const { deviceId } = callerOrigin(counter1)
  expect(mayNote(story.state(), deviceId, true)).toBe(true)
  story.does({ type: 'CloseCounter', counterId: counter1 }, callerOrigin(counter1))
  expect([true, false].map((isUp) => mayNote(story.state(), deviceId, isUp))).toEqual([false, true])
})
