import { expect, test } from 'vitest'
import type { QueueId } from '../domain/ids.ts'
import { LAST_CALLS_MAX, lobbyBoard } from './lobby-board.ts'
import { called, completed, issued, missed, opened, recalled, sampleState } from './sample-branch.ts'

test('the newest call stands on top and stays there when it is recalled', () => {
  const state = sampleState([
    issued(1, 'A001'),
    issued(2, 'A002'),
    opened(3, 1),
    called(4, 'A001', 1),
    completed(5, 'A001'),
    called(6, 'A002', 1),
    recalled(7, 'A002', 1),
  ])

  const board = lobbyBoard(state)

  expect(board.calls.map((call) => call.number)).toEqual(['A002', 'A001'])
  expect(board.calls[0]).toMatchObject({ recallCount: 1, isPending: true, counterName: { fr: 'Guichet 1' } })
  expect(board.calls[1]).toMatchObject({ isPending: false })
  expect(board.seq).toBe(state.seq)
})

test('the lobby learns no priority, no service and no agent, and the board is plain JSON', () => {
  const board = lobbyBoard(sampleState([issued(1, 'A001', 'senior'), opened(2, 1), called(3, 'A001', 1)]))

  const text = JSON.stringify(board)
  expect(text).not.toMatch(/senior|priority|awa/i)
  expect(JSON.parse(text)).toEqual(board)
})

test('people are counted per queue, with what is paused or closed', () => {
  const board = lobbyBoard(
    sampleState([
      issued(1, 'A001'),
      issued(2, 'A002'),
      issued(3, 'B001'),
      [4, { type: 'QueuePaused', queueId: 'cash' as QueueId }],
      [4, { type: 'QueueClosed', queueId: 'loans' as QueueId }],
    ]),
  )

  expect(board.waitingCount).toBe(3)
  expect(board.queues.map((queue) => queue.waitingCount)).toEqual([2, 1, 0, 0, 0])
  expect(board.queues[0]).toMatchObject({ isPaused: true, isClosed: false })
  expect(board.queues[3]).toMatchObject({ isPaused: false, isClosed: true })
})

test('the list of last calls has an end', () => {
  const numbers = Array.from({ length: LAST_CALLS_MAX + 3 }, (_, index) => `A${String(index + 1).padStart(3, '0')}`)
  const story = numbers.flatMap((number, index) => [
    issued(index, number),
    opened(index, 1),
    called(index, number, 1),
    missed(index, number),
  ])
  expect(lobbyBoard(sampleState(story)).calls).toHaveLength(LAST_CALLS_MAX)
})
