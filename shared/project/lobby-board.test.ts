import { expect, test } from 'vitest'
import type { EventBody } from '../domain/events.ts'
import type { MessageId, QueueId, ServiceId } from '../domain/ids.ts'
import { LAST_CALLS_MAX, lobbyBoard } from './lobby-board.ts'
import { called, completed, issued, missed, opened, recalled, type SampleEvent, sampleState } from './sample-branch.ts'

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

const legCompleted = (minute: number, number: string): SampleEvent => {
  const [, body] = called(minute, number, 1)
  const { ticketId, counterId, agentId } = body as Extract<EventBody, { type: 'TicketCalled' }>
  return [
    minute,
    {
      type: 'LegCompleted',
      ticketId,
      number: number as Extract<EventBody, { type: 'TicketCalled' }>['number'],
      counterId,
      agentId,
      serviceId: 'cash' as ServiceId,
      queueId: 'cash' as QueueId,
      outcome: null,
      serviceMs: 60_000,
      toServiceId: 'cards' as ServiceId,
      toQueueId: 'cards' as QueueId,
      plan: [],
    },
  ]
}

test('a visit that goes on elsewhere leaves the call, waits in the next queue, and is called there like any other', () => {
  const story = [issued(1, 'A001'), opened(2, 1), called(3, 'A001', 1), legCompleted(5, 'A001')]
  const between = lobbyBoard(sampleState(story))
  expect(between.calls).toEqual([])
  expect(between.queues.find(({ queueId }) => queueId === 'cards')?.waitingCount).toBe(1)
  const [minute, call] = called(7, 'A001', 1)
  const again = lobbyBoard(sampleState([...story, [minute, { ...call, queueId: 'cards' } as EventBody]]))
  expect(again.calls).toMatchObject([{ number: 'A001', isPending: true }])
})

test('a ticket that went back to its queue, or is kept for one counter, is called like any other', () => {
  const returned: SampleEvent = [5, { type: 'TicketReturned', ticketId: 'A001' as never, queueId: 'cash' as QueueId }]
  const kept: SampleEvent = [
    6,
    {
      type: 'TicketTransferred',
      ticketId: 'A001' as never,
      fromQueueId: 'cash' as QueueId,
      toQueueId: 'cash' as QueueId,
      place: 'first',
      reservedFor: { kind: 'counter', counterId: 'counter-1' as never },
      serviceMs: 0,
    },
  ]
  const story = [issued(1, 'A001'), opened(2, 1), called(3, 'A001', 1), returned]
  expect(lobbyBoard(sampleState(story)).calls).toEqual([])
  const waiting = lobbyBoard(sampleState([...story, kept]))
  expect([waiting.calls.length, waiting.waitingCount]).toEqual([0, 1])
  expect(lobbyBoard(sampleState([...story, kept, called(7, 'A001', 1)])).calls).toMatchObject([{ number: 'A001' }])
})

test('who learns is never on the lobby: neither called nor counted', () => {
  const [minute, birth] = issued(1, 'A001')
  const training = [minute, { ...birth, isTraining: true } as EventBody] as const
  const [openMinute, open] = opened(2, 1)
  const learning = [openMinute, { ...open, isTraining: true } as EventBody] as const
  const waiting = lobbyBoard(sampleState([training, issued(2, 'A002')]))
  expect([waiting.waitingCount, waiting.queues[0]?.waitingCount]).toEqual([1, 1])
  expect(lobbyBoard(sampleState([training, learning, called(3, 'A001', 1)])).calls).toEqual([])
})

test('the lobby shows what a manager tells everybody', () => {
  const shown: SampleEvent = [3, { type: 'MessageShown', messageId: 'evacuate' as MessageId, minutes: null }]
  expect(lobbyBoard(sampleState([shown])).message).toMatchObject({
    kind: 'emergency',
    text: { en: expect.stringContaining('exit') },
  })
  expect(lobbyBoard(sampleState([shown, [4, { type: 'MessageCleared' }]])).message).toBeNull()
})
