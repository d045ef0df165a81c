import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  adviceLine,
  amadou,
  cash,
  counter1,
  counter3,
  loans,
  missingPaper,
  solved,
  tellerLine,
} from '#shared/domain/testing/bank.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { type Desk, openDesk } from '../testing/desk.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import { NINE_OCLOCK_MS } from '../testing/test-clock.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk[Symbol.asyncDispose]())

const UUID = /^[0-9a-f-]{36}$/

test('a customer takes a ticket at the kiosk: every field of it, null for what is not yet known', async () => {
  const { status, body } = await desk.kiosk.issue(cash, { language: 'en' })
  expect(status).toBe(201)
  expect(body).toEqual({
    ticketId: expect.stringMatching(UUID),
    number: 'A001',
    serviceId: cash,
    queueId: tellerLine,
    status: 'waiting',
    channel: 'kiosk',
    priority: null,
    language: 'en',
    businessDate: '2026-11-23',
    issuedAtMs: NINE_OCLOCK_MS,
    calledAtMs: null,
    startedAtMs: null,
    finishedAtMs: null,
    enteredLaterAtMs: null,
    counterId: null,
    agentId: null,
    recallCount: 0,
    transferCount: 0,
    position: 1,
    estimate: null,
    plan: [],
  })
  expect((await desk.display.get(`/api/v1/tickets/${body.ticketId}`)).body).toEqual(body)
  await desk.clear()
})

test('a kiosk cannot pretend another channel, staff may name one', async () => {
  expect((await desk.kiosk.issue(cash, { channel: 'web' })).body.channel).toBe('kiosk')
  expect((await desk.agent.issue(cash, { channel: 'phone' })).body.channel).toBe('phone')
  expect((await desk.agent.issue(cash, { priority: 'privilege' })).body).toMatchObject({
    channel: 'counter',
    priority: 'privilege',
  })
  await desk.clear()
})

test('a ticket is called, called again, started, held, resumed and completed', async () => {
  const { agent, branch } = desk
  const { ticketId } = await desk.waiting(cash)
  branch.clock.pass(60_000)
  const calledAtMs = branch.clock.wallMs()
  const called = await agent.callNext(counter1)
  const at = { counterId: counter1, agentId: amadou }
  expect(called).toMatchObject({ status: 200, body: { ticketId, status: 'called', calledAtMs, position: null, ...at } })
  expect(await agent.act(ticketId, 'recall')).toMatchObject({
    status: 200,
    body: { status: 'called', recallCount: 1, calledAtMs },
  })
  branch.clock.pass(60_000)
  const startedAtMs = branch.clock.wallMs()
  expect(await agent.act(ticketId, 'start')).toMatchObject({
    status: 200,
    body: { status: 'serving', startedAtMs, calledAtMs },
  })
  expect(await agent.act(ticketId, 'hold', { reason: missingPaper })).toMatchObject({
    status: 200,
    body: { status: 'held', ...at },
  })
  expect(await agent.act(ticketId, 'resume', { counterId: counter1 })).toMatchObject({
    status: 200,
    body: { status: 'serving', ...at },
  })
  branch.clock.pass(60_000)
  expect(await agent.act(ticketId, 'complete', { outcome: solved })).toMatchObject({
    status: 200,
    body: { status: 'completed', finishedAtMs: branch.clock.wallMs(), startedAtMs, calledAtMs, ...at },
  })
})

test('a customer who does not come is a no-show, and may come back once to the same place', async () => {
  const { agent } = desk
  const first = await desk.called()
  const second = await desk.waiting(cash)
  expect(await agent.act(first.ticketId, 'no-show')).toMatchObject({ status: 200, body: { status: 'no_show' } })
  expect(await agent.act(first.ticketId, 'reinstate')).toMatchObject({
    status: 200,
    body: { status: 'waiting', position: 1 },
  })
  expect((await agent.get<TicketJson>(`/api/v1/tickets/${second.ticketId}`)).body.position).toBe(2)
  await desk.clear()
})

test('a called ticket goes back to its place, another one is called by name', async () => {
  const { agent } = desk
  const first = await desk.called()
  const second = await desk.waiting(cash)
  expect(await agent.act(first.ticketId, 'return')).toMatchObject({
    status: 200,
    body: { status: 'waiting', position: 1 },
  })
  expect(await agent.post(`/api/v1/counters/${counter1}/call`, { ticketId: second.ticketId })).toMatchObject({
    status: 200,
    body: { ticketId: second.ticketId, status: 'called' },
  })
  await desk.clear()
})

test('a ticket moves to another queue: first, last, or by its arrival', async () => {
  const { agent, branch } = desk
  const moved = await desk.waiting(cash)
  branch.clock.pass(1_000)
  for (const _ of [1, 2]) await desk.waiting(loans)
  const place = async (where: string): Promise<number | null> =>
    (await agent.act(moved.ticketId, 'transfer', { toQueueId: adviceLine, place: where })).body.position
  expect([await place('arrival'), await place('last'), await place('first')]).toEqual([1, 3, 1])
  const { body } = await agent.get<TicketJson>(`/api/v1/tickets/${moved.ticketId}`)
  expect(body).toMatchObject({ serviceId: cash, queueId: adviceLine, transferCount: 3 })
  await desk.clear()
})

test('the list holds the tickets of the day, by state and by queue, earliest first', async () => {
  await desk.clear()
  const [first, second] = [await desk.waiting(cash), await desk.waiting(loans)]
  const list = async (query: string): Promise<readonly string[]> =>
    (await desk.kiosk.get<readonly TicketJson[]>(`/api/v1/tickets${query}`)).body.map(({ ticketId }) => ticketId)
  expect(await list('?status=waiting')).toEqual([first.ticketId, second.ticketId])
  expect(await list(`?status=waiting&queueId=${adviceLine}`)).toEqual([second.ticketId])
  expect((await desk.kiosk.get('/api/v1/tickets?status=asleep')).status).toBe(400)
  await desk.clear()
})

test('a kiosk hands over what it printed alone: the paper wins over the ticket whose answer was lost', async () => {
  const { kiosk, agent } = desk
  const ghost = await kiosk.issue(cash, {}, { 'idempotency-key': 'lost-tap' })
  const paper = {
    ticketId: crypto.randomUUID(),
    number: `A${kiosk.slot}001`,
    serviceId: cash,
    language: 'fr',
    priority: null,
    businessDate: '2026-11-23',
    lastContactSteadyMs: 0,
    sinceContactMs: 1_000,
    tapKey: 'lost-tap',
  }
  const unknown = {
    ...paper,
    ticketId: crypto.randomUUID(),
    number: 'A1000',
    tapKey: 'other-tap',
  }
  const handed = await kiosk.post('/api/v1/tickets/adopt', { tickets: [paper, unknown] })
  expect(handed).toMatchObject({
    status: 200,
    body: {
      adopted: [{ ticketId: paper.ticketId, number: paper.number, status: 'waiting', position: 1 }],
      refused: [{ ticketId: unknown.ticketId, number: 'A1000', code: 'NumberNotOffline' }],
    },
  })
  expect((await kiosk.get(`/api/v1/tickets/${ghost.body.ticketId}`)).body).toMatchObject({ status: 'cancelled' })
  // The tap itself comes late: it gets the paper, not a third ticket.
  expect(await kiosk.issue(cash, {}, { 'idempotency-key': 'lost-tap' })).toMatchObject({
    status: 201,
    body: { ticketId: paper.ticketId },
  })
  expect((await kiosk.post('/api/v1/tickets/adopt', { tickets: [paper] })).body).toEqual({ adopted: [], refused: [] })
  const typed = { number: ' a٩٩٩٩ ', confirmed: true }
  expect((await agent.post(`/api/v1/counters/${counter1}/adopt`, typed)).body).toMatchObject({
    number: 'A9999',
    status: 'called',
  })
  await desk.clear()
})

test('a kiosk hands over the papers of its own block alone; when it is paired anew, those of before are as good', async () => {
  await using branch = await openTestBranch()
  const [first, second] = [await branch.pair('kiosk', 'first'), await branch.pair('kiosk', 'second')]
  const paperOf = (slot: number) => ({
    ...{ ticketId: crypto.randomUUID(), number: `A${slot}001`, serviceId: cash, language: 'fr', priority: null },
    ...{ businessDate: '2026-11-23', lastContactSteadyMs: 0, sinceContactMs: 1_000, tapKey: `tap-${slot}` },
  })
  await first.issue(cash)
  const handOver = async (kiosk: typeof first, slots: readonly number[]) => {
    const { body } = await kiosk.post<{ adopted: { number: string }[]; refused: { number: string; code: string }[] }>(
      '/api/v1/tickets/adopt',
      { tickets: slots.map(paperOf) },
    )
    return { adopted: body.adopted.map((it) => it.number), refused: body.refused.map((it) => [it.number, it.code]) }
  }
  expect(await handOver(first, [1, 2, 9])).toEqual({
    adopted: ['A1001'],
    refused: [
      ['A2001', 'NumberOfOtherKiosk'],
      ['A9001', 'NumberOfOtherKiosk'],
    ],
  })
  await branch.installer.send('DELETE', `/api/v1/devices/${second.deviceId}`)
  const again = await branch.pair('kiosk', 'second')
  expect(again.slot).toBe(3)
  expect(await handOver(again, [2, 3])).toEqual({ adopted: ['A2001', 'A3001'], refused: [] })
})

test('counters, queues, the board and the figures say how things stand', async () => {
  const { adviser, manager, display } = desk
  const { ticketId, number } = await desk.waiting(loans)
  await adviser.callNext(counter3)
  const name = { fr: adviceLine, en: adviceLine }
  expect((await manager.post(`/api/v1/queues/${adviceLine}/pause`)).body).toEqual({
    queueId: adviceLine,
    name,
    isPaused: true,
    isClosed: false,
    waitingCount: 0,
  })
  expect((await display.get('/api/v1/board')).body).toMatchObject({
    seq: desk.branch.running.waist.branch().head.seq,
    calls: expect.arrayContaining([
      expect.objectContaining({ ticketId, number, counterId: counter3, isPending: true }),
    ]),
  })
  expect(JSON.stringify((await display.get('/api/v1/board')).body)).not.toMatch(/priority|agentId|serviceId/)
  expect((await manager.get('/api/v1/stats')).body).toMatchObject({ businessDate: '2026-11-23', openCounterCount: 3 })
  expect((await manager.get('/api/v1/reports/days?from=2026-11-23&to=2026-11-23')).body).toBeInstanceOf(Array)
  await desk.clear()
  expect((await adviser.post(`/api/v1/counters/${counter3}/close`)).body).toEqual({
    counterId: counter3,
    name: { fr: counter3 },
    status: 'closed',
    isTraining: false,
    agentId: null,
    deviceId: null,
    ticketId: null,
  })
  expect((await adviser.open(counter3, 'binta')).body).toMatchObject({
    status: 'open',
    agentId: 'binta',
    deviceId: adviser.deviceId,
  })
})
