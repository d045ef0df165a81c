import { expect, test } from 'vitest'
import type { AgentId, ReasonId, TicketId } from '../domain/ids.ts'
import { adviceLine, amadou, bank, cash, counter1, tellerLine } from '../domain/testing/bank.ts'
import { BETWEEN_CALLS_MS, decideAgent, type Look, RECALL_AFTER_MS } from './agent.ts'
import { type Manner, type Shift, strangerManner } from './plan-day.ts'

const MINUTE_MS = 60_000
const shift: Shift = {
  counterId: counter1,
  agentId: amadou as AgentId,
  startsAtMs: 2 * MINUTE_MS,
  endsAtMs: 480 * MINUTE_MS,
  breaks: [{ fromMs: 240 * MINUTE_MS, toMs: 280 * MINUTE_MS }],
}
const manner: Manner = { ...strangerManner(bank, 'somebody', cash), walkMs: 20_000, recallsMax: 1 }
const idle: Look = {
  nowMs: 100 * MINUTE_MS,
  shift,
  status: 'open',
  sinceMs: 100 * MINUTE_MS,
  current: null,
  canCallNext: false,
  held: null,
}
const called: NonNullable<Look['current']> = {
  status: 'called',
  queueId: tellerLine,
  leg: 0,
  recallCount: 0,
  canRecall: true,
  calledSinceMs: 100 * MINUTE_MS,
  wasBegun: false,
  wasTransferred: false,
  manner,
}
const serviceMs = manner.legs[0]?.serviceMs ?? 0
const since = idle.sinceMs

test('an agent opens when the shift begins, and not after its end or without one', () => {
  const closed = { ...idle, status: 'closed' } as const
  expect(decideAgent({ ...closed, nowMs: 0 })).toEqual({ atMs: 2 * MINUTE_MS, act: { type: 'open' } })
  expect(decideAgent({ ...closed, nowMs: 481 * MINUTE_MS })).toBeNull()
  expect(decideAgent({ ...closed, shift: null })).toBeNull()
})

test('the next customer is called once the papers are put away, if anybody waits', () => {
  expect(decideAgent({ ...idle, canCallNext: true })).toEqual({
    atMs: since + BETWEEN_CALLS_MS,
    act: { type: 'call-next' },
  })
  expect(decideAgent(idle)).toEqual({ atMs: 240 * MINUTE_MS, act: { type: 'break' } })
})

test('whoever comes is served, and is called again when the way takes long', () => {
  expect(decideAgent({ ...idle, current: called })).toEqual({ atMs: since + 20_000, act: { type: 'start' } })
  const slow = { ...called, manner: { ...manner, walkMs: 60_000 } }
  expect(decideAgent({ ...idle, current: slow })).toEqual({ atMs: since + RECALL_AFTER_MS, act: { type: 'recall' } })
  const again = { ...slow, recallCount: 1 }
  expect(decideAgent({ ...idle, sinceMs: since + RECALL_AFTER_MS, current: again })).toEqual({
    atMs: since + 60_000,
    act: { type: 'start' },
  })
})

test('whoever does not come is called again as often as the agent has patience and the branch allows, then is a no-show', () => {
  const gone = { ...called, manner: { ...manner, showsUp: false } }
  expect(decideAgent({ ...idle, current: gone })?.act).toEqual({ type: 'recall' })
  expect(decideAgent({ ...idle, current: { ...gone, recallCount: 1 } })?.act).toEqual({ type: 'no-show' })
  expect(decideAgent({ ...idle, current: { ...gone, canRecall: false } })?.act).toEqual({ type: 'no-show' })
})

test('a service lasts as the customer needs, with the hold or transfer on its way done once', () => {
  const serving = { ...called, status: 'serving' } as const
  const reason = 'missing-paper' as ReasonId
  const complete = { type: 'complete', outcome: manner.outcome } as const
  expect(decideAgent({ ...idle, current: serving })).toEqual({ atMs: since + serviceMs, act: complete })
  const held = { ...serving, manner: { ...manner, hold: { afterShare: 0.25, restMs: MINUTE_MS, reason } } }
  expect(decideAgent({ ...idle, current: held })).toEqual({
    atMs: since + serviceMs / 4,
    act: { type: 'hold', reason },
  })
  expect(decideAgent({ ...idle, current: { ...held, wasBegun: true } })).toEqual({
    atMs: since + serviceMs * 0.75,
    act: complete,
  })
  const sent = { ...serving, manner: { ...manner, transfer: { afterShare: 0.5, toQueueId: adviceLine } } }
  expect(decideAgent({ ...idle, current: sent })?.act).toEqual({ type: 'transfer', toQueueId: adviceLine })
  expect(
    decideAgent({ ...idle, current: { ...sent, wasBegun: true, wasTransferred: true, queueId: adviceLine } })?.act,
  ).toEqual(complete)
})

test('a held customer is taken up again when he is back', () => {
  const held = { ticketId: 'held' as TicketId, dueMs: since + 5 * MINUTE_MS }
  expect(decideAgent({ ...idle, held })).toEqual({ atMs: held.dueMs, act: { type: 'resume', ticketId: 'held' } })
  expect(decideAgent({ ...idle, held, canCallNext: true })?.act).toEqual({ type: 'call-next' })
})

test('the break begins when its time has come and nobody is at the counter, and ends at its end', () => {
  const noon = { ...idle, nowMs: 245 * MINUTE_MS, canCallNext: true }
  expect(decideAgent(noon)).toEqual({ atMs: noon.nowMs, act: { type: 'break' } })
  expect(decideAgent({ ...noon, current: { ...called, status: 'serving' } })?.act.type).toBe('complete')
  expect(decideAgent({ ...noon, status: 'break' })).toEqual({ atMs: 280 * MINUTE_MS, act: { type: 'end-break' } })
  expect(decideAgent({ ...idle, status: 'break', nowMs: 281 * MINUTE_MS })?.act).toEqual({ type: 'end-break' })
})

test('at the end of the shift the customer at the counter is served, then it closes', () => {
  const evening = { ...idle, nowMs: 490 * MINUTE_MS, canCallNext: true }
  expect(decideAgent({ ...evening, current: { ...called, status: 'serving' } })?.act.type).toBe('complete')
  expect(decideAgent(evening)).toEqual({ atMs: evening.nowMs, act: { type: 'close' } })
  expect(decideAgent({ ...evening, shift: null })?.act).toEqual({ type: 'close' })
})
