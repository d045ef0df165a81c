import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  adviceLine,
  amadou,
  cardLine,
  cards,
  counter1,
  counter3,
  loans,
  tellerLine,
} from '#shared/domain/testing/bank.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import type { Answer } from '../testing/client.ts'
import { type Desk, openDesk } from '../testing/desk.ts'

type Story = (desk: Desk) => Promise<Answer<unknown>>

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterEach(() => desk.clear())
afterAll(() => desk[Symbol.asyncDispose]())

const counter = (id: string, act: string): string => `/api/v1/counters/${id}/${act}`
const queue = (id: string, act: string): string => `/api/v1/queues/${id}/${act}`

/** The last act of each story is refused. */
const stories: readonly (readonly [code: ProblemCode, status: number, story: Story])[] = [
  ['TicketIsWaiting', 409, async ({ agent, waiting }) => agent.act((await waiting('cash')).ticketId, 'recall')],
  ['TicketIsCalled', 409, async ({ agent, called }) => agent.act((await called()).ticketId, 'cancel')],
  ['TicketIsServing', 409, async ({ agent, serving }) => agent.act((await serving()).ticketId, 'recall')],
  [
    'TicketIsHeld',
    409,
    async ({ agent, serving }) => {
      const { ticketId } = await serving()
      await agent.act(ticketId, 'hold')
      return agent.act(ticketId, 'start')
    },
  ],
  [
    'TicketIsCompleted',
    409,
    async ({ agent, serving }) => {
      const { ticketId } = await serving()
      await agent.act(ticketId, 'complete')
      return agent.act(ticketId, 'complete')
    },
  ],
  [
    'TicketIsNoShow',
    409,
    async ({ agent, called }) => {
      const { ticketId } = await called()
      await agent.act(ticketId, 'no-show')
      return agent.act(ticketId, 'start')
    },
  ],
  [
    'TicketIsCancelled',
    409,
    async ({ agent, waiting }) => {
      const { ticketId } = await waiting('cash')
      await agent.act(ticketId, 'cancel')
      return agent.act(ticketId, 'transfer', { toQueueId: adviceLine, place: 'last' })
    },
  ],
  ['TicketUnknown', 404, ({ agent }) => agent.act('no-such-ticket', 'start')],
  ['TicketUnknown', 404, ({ kiosk }) => kiosk.get('/api/v1/tickets/no-such-ticket')],
  [
    'AlreadyReinstated',
    409,
    async ({ agent, called }) => {
      const { ticketId } = await called()
      await agent.act(ticketId, 'no-show')
      await agent.act(ticketId, 'reinstate')
      await agent.post(counter(counter1, 'call'), { ticketId })
      await agent.act(ticketId, 'no-show')
      return agent.act(ticketId, 'reinstate')
    },
  ],
  [
    'ReinstateTooLate',
    409,
    async ({ agent, called, branch }) => {
      const { ticketId } = await called()
      await agent.act(ticketId, 'no-show')
      branch.clock.pass(16 * 60_000)
      return agent.act(ticketId, 'reinstate')
    },
  ],
  [
    'RecallMaximumReached',
    409,
    async ({ agent, called }) => {
      const { ticketId } = await called()
      for (let time = 1; time <= 2; time += 1) await agent.act(ticketId, 'recall')
      return agent.act(ticketId, 'recall')
    },
  ],
  [
    'SameQueue',
    409,
    async ({ agent, waiting }) => {
      const { ticketId } = await waiting('cash')
      return agent.act(ticketId, 'transfer', { toQueueId: tellerLine, place: 'arrival' })
    },
  ],
  [
    'QueueUnknown',
    404,
    async ({ agent, waiting }) => {
      const { ticketId } = await waiting('cash')
      return agent.act(ticketId, 'transfer', { toQueueId: 'nowhere', place: 'last' })
    },
  ],
  [
    'ReasonUnknown',
    422,
    async ({ agent, serving }) => agent.act((await serving()).ticketId, 'hold', { reason: 'tea' }),
  ],
  [
    'OutcomeUnknown',
    422,
    async ({ agent, serving }) => agent.act((await serving()).ticketId, 'complete', { outcome: 'tea' }),
  ],
  ['NoCounterOpen', 409, async ({ spare, waiting }) => spare.act((await waiting('cash')).ticketId, 'cancel')],
  ['NotYourTicket', 409, async ({ adviser, called }) => adviser.act((await called()).ticketId, 'start')],
  ['NotYourCounter', 409, ({ adviser }) => adviser.callNext(counter1)],
  [
    'CounterIsClosed',
    409,
    async ({ agent, spare }) => {
      await agent.post(counter(counter1, 'close'))
      const answer = await spare.callNext(counter1)
      await agent.open(counter1, amadou)
      return answer
    },
  ],
  [
    'CounterBusy',
    409,
    async ({ agent, called }) => {
      await called()
      return agent.callNext(counter1)
    },
  ],
  ['CounterTaken', 409, ({ spare }) => spare.open(counter1, 'chloe')],
  ['CounterUnknown', 404, ({ agent }) => agent.callNext('no-such-counter')],
  ['CounterUnknown', 404, ({ spare }) => spare.open('no-such-counter', 'chloe')],
  ['AgentUnknown', 404, ({ spare }) => spare.open(counter1, 'nobody')],
  ['PinWrong', 403, ({ spare }) => spare.open(counter1, 'chloe', '000000')],
  ['QueueEmpty', 409, ({ agent }) => agent.callNext(counter1)],
  [
    'QueueNotServed',
    409,
    async ({ agent, waiting }) => {
      const { ticketId } = await waiting(loans)
      return agent.post(counter(counter1, 'call'), { ticketId })
    },
  ],
  [
    'QueueFull',
    409,
    async ({ kiosk, waiting }) => {
      for (let place = 1; place <= 6; place += 1) await waiting(cards)
      return kiosk.issue(cards)
    },
  ],
  [
    'QueueIsPaused',
    409,
    async ({ manager, adviser, waiting }) => {
      await waiting(loans)
      await manager.post(queue(adviceLine, 'pause'))
      return adviser.callNext(counter3)
    },
  ],
  [
    'QueueIsPaused',
    409,
    async ({ manager }) => {
      await manager.post(queue(adviceLine, 'pause'))
      return manager.post(queue(adviceLine, 'pause'))
    },
  ],
  ['QueueIsActive', 409, ({ manager }) => manager.post(queue(adviceLine, 'resume'))],
  [
    'QueueIsClosed',
    409,
    async ({ manager, kiosk }) => {
      await manager.post(queue(cardLine, 'close'))
      return kiosk.issue(cards)
    },
  ],
  ['QueueIsOpen', 409, ({ manager }) => manager.post(queue(cardLine, 'open'))],
  ['NotAManager', 403, ({ agent }) => agent.post(queue(cardLine, 'pause'))],
  ['NotAManager', 403, ({ agent }) => agent.post('/api/v1/day/close')],
  ['ClockIsSure', 409, ({ manager }) => manager.post('/api/v1/day/confirm-clock')],
  ['ServiceUnknown', 404, ({ kiosk }) => kiosk.issue('haircuts')],
  ['PriorityUnknown', 422, ({ kiosk }) => kiosk.issue(loans, { priority: 'royal' })],
  ['PriorityStaffOnly', 403, ({ kiosk }) => kiosk.issue(loans, { priority: 'privilege' })],
  ['NumberNotOffline', 422, ({ agent }) => agent.post(counter(counter1, 'adopt'), { number: 'A001' })],
  ['NumberNotPrinted', 409, ({ agent }) => agent.post(counter(counter1, 'adopt'), { number: 'A1999' })],
  [
    'NumberTaken',
    409,
    async ({ agent, manager }) => {
      const first = await agent.post<{ ticketId: string }>(counter(counter1, 'adopt'), { number: 'A1001' })
      await agent.act(first.body.ticketId, 'complete')
      return manager.post(counter('counter-2', 'adopt'), { number: 'A1001' })
    },
  ],
  ['DeviceUnknown', 404, ({ branch }) => branch.installer.send('DELETE', '/api/v1/devices/nobody')],
  [
    'PairingCodeInvalid',
    403,
    ({ branch }) => branch.stranger.post('/api/v1/pairings/claim', { code: 'ABC-1234-5678' }),
  ],
  [
    'CatalogueInvalid',
    422,
    async ({ branch, kiosk }) => {
      const { body } = await kiosk.get<{ counters: object[] }>('/api/v1/catalogue')
      const counters = [{ id: 'counter-1', name: { fr: '1' }, queueIds: ['nowhere'] }]
      return branch.installer.send('PUT', '/api/v1/catalogue', { ...body, counters })
    },
  ],
  [
    'IdempotencyKeyReused',
    422,
    async ({ kiosk }) => {
      const key = { 'idempotency-key': 'one-tap' }
      await kiosk.issue('cash', {}, key)
      return kiosk.issue('loans', {}, key)
    },
  ],
  [
    'BookmarkAhead',
    409,
    ({ kiosk, branch }) => {
      const { epoch, seq } = branch.running.waist.branch().head
      return kiosk.issue('cash', {}, { 'x-smartqueue-bookmark': `${epoch};${seq + 1};${'0'.repeat(64)}` })
    },
  ],
  ['RequestInvalid', 400, ({ kiosk }) => kiosk.issue('cash', { colour: 'red' })],
  ['RequestInvalid', 400, ({ kiosk }) => kiosk.issue('cash', {}, { 'idempotency-key': 'two words' })],
  ['RequestInvalid', 400, ({ kiosk }) => kiosk.issue('cash', {}, { 'x-smartqueue-bookmark': 'yesterday' })],
  ['RequestInvalid', 400, ({ kiosk }) => kiosk.post('/api/v1/tickets', '{"serviceId":')],
  ['RequestInvalid', 400, ({ kiosk }) => kiosk.get('/api/v1/%zz')],
  ['RequestTooLarge', 413, ({ kiosk }) => kiosk.post('/api/v1/tickets', ' '.repeat(1024 * 1024 + 1))],
  [
    'MediaTypeUnsupported',
    415,
    ({ kiosk }) => kiosk.post('/api/v1/tickets', 'serviceId=cash', { 'content-type': 'text/plain' }),
  ],
  ['RouteUnknown', 404, ({ kiosk }) => kiosk.get('/api/v1/coffee')],
]

for (const [code, status, story] of stories)
  test(`${code} is answered with ${status} and a problem that names it`, async () => {
    const { status: found, body, headers } = await story(desk)
    expect([found, body]).toMatchObject([status, { code, status, type: `/problems/${code}` }])
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  })
