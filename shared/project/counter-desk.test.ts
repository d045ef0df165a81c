import { expect, test } from 'vitest'
import { chooseNext } from '../domain/choose-next.ts'
import type { CounterId, DeviceId, QueueId, TicketId } from '../domain/ids.ts'
import { counterDesk } from './counter-desk.ts'
import {
  called,
  completed,
  held,
  issued,
  missed,
  opened,
  SAMPLE_DEVICE,
  type SampleEvent,
  sampleState,
  started,
} from './sample-branch.ts'

test('nobody has signed in: the counters and agents to choose from, and who holds which', () => {
  const desk = counterDesk(sampleState([opened(1, 2, 'another' as DeviceId)]), SAMPLE_DEVICE)
  expect(desk.post).toBeNull()
  expect(desk.counters.map((counter) => counter.takenBy)).toEqual([null, 'Awa Ndiaye', null, null])
  expect(desk.agents).toHaveLength(3)
})

const CASH = 'cash' as QueueId

const toFirst = (minute: number, number: string): SampleEvent => [
  minute,
  {
    type: 'TicketTransferred',
    ticketId: number as TicketId,
    fromQueueId: CASH,
    toQueueId: CASH,
    place: 'first',
    reservedFor: null,
    serviceMs: 0,
  },
]

/** Whom the first counter would call, again and again, until nobody can be called. */
function callOrder(story: readonly SampleEvent[]): readonly string[] {
  const state = sampleState(story)
  const next = chooseNext(state, 'counter-1' as CounterId, state.now.steadyMs)
  if (!next.ok) return []
  const number = state.tickets.get(next.value.ticketId)?.facts.number ?? ''
  return [number, ...callOrder([...story, called(50, number, 1), completed(51, number)])]
}

test('the waiting list holds only the queues of the counter, in the order in which it calls', () => {
  const story = [
    issued(1, 'C001'),
    issued(2, 'A001'),
    issued(3, 'B001'),
    issued(4, 'A002', 'senior'),
    issued(5, 'A003'),
    opened(6, 1),
    toFirst(7, 'A003'),
  ]
  const post = counterDesk(sampleState(story), SAMPLE_DEVICE).post
  expect(post?.waiting.map((ticket) => ticket.number)).toEqual(['A003', 'A002', 'A001', 'C001'])
  expect(post?.waiting.map((ticket) => ticket.number)).toEqual(callOrder(story))
  expect(post?.waiting[1]).toMatchObject({ isPriority: true, waitTargetMs: 600_000, arrivedSteadyMs: 240_000 })
  expect(post?.canCallNext).toBe(true)
})

test('a called ticket shows how long its customer waited, and may be recalled', () => {
  const post = counterDesk(sampleState([issued(1, 'A001'), opened(2, 1), called(9, 'A001', 1)]), SAMPLE_DEVICE).post
  expect(post?.current).toMatchObject({ status: 'called', waitMs: 8 * 60_000, canRecall: true })
  expect(post?.waiting).toEqual([])
})

test('a paused queue cannot be called from', () => {
  const state = sampleState([issued(1, 'A001'), opened(2, 2), [3, { type: 'QueuePaused', queueId: CASH }]])
  expect(counterDesk(state, SAMPLE_DEVICE).post).toMatchObject({ canCallNext: false })
})

test('who waits in a paused queue is called after the others, so stands after them', () => {
  const pause: SampleEvent = [3, { type: 'QueuePaused', queueId: CASH }]
  const state = sampleState([issued(1, 'A001'), issued(2, 'C001'), opened(2, 1), pause])
  const { post } = counterDesk(state, SAMPLE_DEVICE)
  expect(post?.waiting.map((ticket) => ticket.number)).toEqual(['C001', 'A001'])
})

test('held and missed customers stay in reach, the missed ones only as long as they may come back', () => {
  const story = [
    issued(1, 'A001'),
    issued(2, 'A002'),
    opened(3, 1),
    called(4, 'A001', 1),
    started(5, 'A001', 1),
    held(6, 'A001', 1, 'papers'),
    called(7, 'A002', 1),
    missed(8, 'A002'),
  ]
  const soon = counterDesk(sampleState(story), SAMPLE_DEVICE).post
  expect(soon?.held).toMatchObject([{ number: 'A001', reasonName: { fr: 'Cherche un document' } }])
  expect(soon?.noShows.map((ticket) => ticket.number)).toEqual(['A002'])
  const late = counterDesk(sampleState([...story, issued(60, 'A003')]), SAMPLE_DEVICE).post
  expect(late?.noShows).toEqual([])
})
