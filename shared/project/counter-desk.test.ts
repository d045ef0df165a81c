import { expect, test } from 'vitest'
import { chooseNext } from '../domain/choose-next.ts'
import type {
  AgentId,
  CounterId,
  DeviceId,
  MessageId,
  QueueId,
  ServiceId,
  TicketId,
  TicketNumber,
} from '../domain/ids.ts'
import { counterDesk } from './counter-desk.ts'
import {
  called,
  completed,
  held,
  issued,
  keptFor,
  missed,
  opened,
  pausedFrom,
  SAMPLE_DEVICE,
  type SampleEvent,
  sampleState,
  started,
} from './sample-branch.ts'

test('nobody has signed in: the counters and agents to choose from, and who holds which', () => {
  const desk = counterDesk(sampleState([opened(1, 2, 'another' as DeviceId)]), SAMPLE_DEVICE)
  expect(desk.post).toBeNull()
  expect(desk.floor.map((seat) => seat.agentName)).toEqual(['', 'Awa Ndiaye', '', ''])
  expect(desk.floor.map((seat) => seat.status)).toEqual(['closed', 'free', 'closed', 'closed'])
  expect(desk.agents).toHaveLength(4)
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
  expect(post?.waiting[1]).toMatchObject({ isPriority: true, waitTargetMs: 600_000, waitsSinceSteadyMs: 240_000 })
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

const OTHER = 'another' as DeviceId
const postAt = (story: readonly SampleEvent[]) => counterDesk(sampleState(story), SAMPLE_DEVICE).post

/** The visit of A001 goes on at the accounts, from the fifth minute on. */
const firstServiceOver = (): SampleEvent => {
  const at = { number: 'A001' as TicketNumber, counterId: 'counter-1' as CounterId, agentId: 'awa' as AgentId }
  return [
    5,
    {
      ...{ type: 'LegCompleted', ticketId: 'A001' as TicketId, ...at, outcome: null, serviceMs: 60_000 },
      ...{ serviceId: 'cash' as ServiceId, queueId: CASH, plan: ['cards' as ServiceId] },
      ...{ toServiceId: 'accounts' as ServiceId, toQueueId: 'accounts' as QueueId },
    },
  ]
}

test('beside the target of a further service stands the wait for that service, not the one before', () => {
  const story = [issued(1, 'A001', null, ['accounts', 'cards']), opened(2, 1), called(3, 'A001', 1)]
  const next = [...story, started(4, 'A001', 1), firstServiceOver(), opened(6, 3, OTHER)]
  const there = counterDesk(sampleState(next), OTHER).post
  expect(there?.waiting).toMatchObject([{ number: 'A001', waitsSinceSteadyMs: 5 * 60_000 }])
  const call = counterDesk(sampleState([...next, called(9, 'A001', 3)]), OTHER).post
  expect(call?.current).toMatchObject({ number: 'A001', waitMs: 4 * 60_000 })
})

test('the plan of a visit is told, and the service that is over counts', () => {
  const story = [issued(1, 'A001', null, ['accounts', 'cards']), opened(2, 1), called(3, 'A001', 1)]
  expect(postAt(story)?.current?.visit).toMatchObject({
    step: 1,
    count: 3,
    following: [{ en: 'Open an account' }, { en: 'Cards and cheque books' }],
  })
  const next = [...story, started(4, 'A001', 1), firstServiceOver(), opened(6, 3, OTHER), called(7, 'A001', 3)]
  expect(counterDesk(sampleState(next), OTHER).post?.current?.visit).toMatchObject({
    step: 2,
    count: 3,
    following: [{ en: 'Cards and cheque books' }],
  })
  expect(postAt([issued(1, 'A002'), opened(2, 1), called(3, 'A002', 1)])?.current?.visit).toBeNull()
})

test('why the ticket was called is told with the number that would have been next', () => {
  const [minute, call] = called(4, 'A001', 1)
  const why = { rule: 'priority', runnerUp: 'A002' as TicketId } as const
  const story = [issued(1, 'A002'), issued(2, 'A001', 'senior'), opened(3, 1)]
  const told: SampleEvent = [minute, { ...call, why } as SampleEvent[1]]
  expect(postAt([...story, told])?.current?.why).toEqual({ rule: 'priority', runnerUp: 'A002' })
})

test('what is kept for me is marked and first; what is kept for another cannot be called', () => {
  const story = [
    issued(1, 'A001'),
    issued(2, 'A002'),
    issued(3, 'A003'),
    opened(4, 1),
    opened(4, 2, 'another' as DeviceId, 'moussa'),
    keptFor(5, 'A003', { kind: 'counter', counterId: 'counter-1' as CounterId }),
    keptFor(6, 'A001', { kind: 'agent', agentId: 'moussa' as AgentId }),
  ]
  const waiting = postAt(story)?.waiting.map(({ number, keptFor: kept, canCall }) => [number, kept?.isMine, canCall])
  expect(waiting).toEqual([
    ['A003', true, true],
    ['A002', undefined, true],
    ['A001', false, false],
  ])
})

test('a break says since when and why, and nobody is called meanwhile', () => {
  const post = postAt([issued(1, 'A001'), opened(2, 1), pausedFrom(3, 1, 'papers')])
  expect(post?.onBreak).toMatchObject({ sinceSteadyMs: 180_000, reasonName: { en: 'Fetches a document' } })
  expect(post?.canCallNext).toBe(false)
})

test('training and work never see each other’s tickets', () => {
  const story = [issued(1, 'A001'), issued(2, 'TEST001')]
  expect(postAt([...story, opened(3, 1)])?.waiting.map(({ number }) => number)).toEqual(['A001'])
  const trained = postAt([...story, opened(3, 1, SAMPLE_DEVICE, 'awa', true)])
  expect(trained).toMatchObject({ isTraining: true })
  expect(trained?.waiting.map(({ number }) => number)).not.toContain('A001')
})

test('the floor tells who serves whom and since when', () => {
  const story = [
    issued(1, 'A001'),
    opened(2, 1),
    opened(2, 2, 'another' as DeviceId, 'moussa'),
    called(3, 'A001', 2),
    started(4, 'A001', 2),
  ]
  const { floor } = counterDesk(sampleState(story), SAMPLE_DEVICE)
  expect(floor[0]).toMatchObject({ status: 'free', isMine: true, agentName: 'Awa Ndiaye', sinceSteadyMs: null })
  expect(floor[1]).toMatchObject({ status: 'serving', number: 'A001', sinceSteadyMs: 240_000, isMine: false })
})

test('a manager is known at the desk, and sees what is stopped and shown', () => {
  const story: readonly SampleEvent[] = [
    opened(1, 1, SAMPLE_DEVICE, 'fatou'),
    [2, { type: 'IntakeStopped' }],
    [3, { type: 'MessageShown', messageId: 'delay' as MessageId, minutes: 15 }],
  ]
  const desk = counterDesk(sampleState(story), SAMPLE_DEVICE)
  expect(desk.post?.isManager).toBe(true)
  expect(desk).toMatchObject({ isIntakeStopped: true, onShow: { minutes: 15, message: { kind: 'delay' } } })
  expect(postAt([opened(1, 1)])?.isManager).toBe(false)
})
