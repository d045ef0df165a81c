import { expect, test } from 'vitest'
import type {
  AgentId,
  CounterId,
  MessageId,
  OutcomeId,
  PriorityClassId,
  QueueId,
  ReasonId,
  ServiceId,
  TicketId,
} from '#shared/domain/ids.ts'
import { isSoAlready, requestOf } from './acts.ts'

const counterId = 'counter-1' as CounterId
const ticketId = 't 1' as TicketId

test('acts at a counter and on a ticket each have their address', () => {
  expect(requestOf({ type: 'call-next', counterId })).toEqual({
    path: '/api/v1/counters/counter-1/call-next',
    body: {},
  })
  expect(requestOf({ type: 'no-show', ticketId })).toEqual({ path: '/api/v1/tickets/t%201/no-show', body: {} })
  expect(requestOf({ type: 'resume', ticketId, counterId })).toMatchObject({ body: { counterId } })
})

test('a hold without a reason sends none, a transfer says where and at which place', () => {
  expect(requestOf({ type: 'hold', ticketId, reason: null }).body).toEqual({})
  const toQueueId = 'loans' as QueueId
  expect(requestOf({ type: 'transfer', ticketId, to: { toQueueId }, place: 'first' })).toEqual({
    path: '/api/v1/tickets/t%201/transfer',
    body: { toQueueId, place: 'first' },
  })
})

test('a ticket given at the counter bears the priority that was chosen, or none', () => {
  const serviceId = 'cash' as ServiceId
  const given = { serviceId, channel: 'counter' }
  expect(requestOf({ type: 'issue', serviceId, priority: null, plan: null }).body).toEqual(given)
  const priority = 'senior' as PriorityClassId
  expect(requestOf({ type: 'issue', serviceId, priority, plan: [] }).body).toEqual({ ...given, priority, plan: [] })
})

test('training is said at sign-in only where it is meant', () => {
  const open = { type: 'open', counterId, agentId: 'awa' as AgentId, pin: '1234' } as const
  expect(requestOf({ ...open, isTraining: false }).body).toEqual({ agentId: 'awa', pin: '1234' })
  expect(requestOf({ ...open, isTraining: true }).body).toMatchObject({ training: true })
})

test('a break begins with its reason and ends at the same counter', () => {
  expect(requestOf({ type: 'break', counterId, reason: 'papers' as ReasonId })).toEqual({
    path: '/api/v1/counters/counter-1/break',
    body: { reason: 'papers' },
  })
  expect(requestOf({ type: 'end-break', counterId }).path).toBe('/api/v1/counters/counter-1/resume')
})

test('a service is completed with what came of it, and an untouched note is not sent again', () => {
  const finish = { type: 'finish', ticketId, outcome: null, note: null, endsVisit: false } as const
  expect(requestOf(finish)).toEqual({ path: '/api/v1/tickets/t%201/complete', body: {} })
  expect(requestOf({ ...finish, outcome: 'done' as OutcomeId, note: 'x', endsVisit: true }).body).toEqual({
    outcome: 'done',
    note: 'x',
    endsVisit: true,
  })
})

test('a note is written, and taken away when nothing is left of it', () => {
  const path = '/api/v1/tickets/t%201/note'
  expect(requestOf({ type: 'note', ticketId, text: 'Speaks Wolof' })).toEqual({ path, body: { note: 'Speaks Wolof' } })
  expect(requestOf({ type: 'note', ticketId, text: '' })).toEqual({ method: 'DELETE', path, body: {} })
})

test('a manager comes by her PIN and leaves without one', () => {
  const agentId = 'fatou' as AgentId
  const path = '/api/v1/management/sign-in'
  expect(requestOf({ type: 'manager-in', agentId, pin: '1234' })).toEqual({ path, body: { agentId, pin: '1234' } })
  expect(requestOf({ type: 'manager-out' })).toEqual({ path: '/api/v1/management/sign-out', body: {} })
})

test('a manager who is out already is no problem to tell anybody of', () => {
  expect(isSoAlready({ type: 'manager-out' }, 'NotAManager')).toBe(true)
  expect(isSoAlready({ type: 'manager-out' }, 'StorageUnavailable')).toBe(false)
  expect(isSoAlready({ type: 'stop-intake' }, 'NotAManager')).toBe(false)
})

test('what a manager asks has its address, with minutes only where they were said', () => {
  const queueId = 'loans' as QueueId
  expect(requestOf({ type: 'pause-queue', queueId }).path).toBe('/api/v1/queues/loans/pause')
  expect(requestOf({ type: 'open-queue', queueId }).path).toBe('/api/v1/queues/loans/open')
  expect(requestOf({ type: 'stop-intake' }).path).toBe('/api/v1/intake/stop')
  expect(requestOf({ type: 'close-day' }).path).toBe('/api/v1/day/close')
  const messageId = 'delay' as MessageId
  expect(requestOf({ type: 'show-message', messageId, minutes: null }).body).toEqual({ messageId })
  expect(requestOf({ type: 'show-message', messageId, minutes: 20 }).body).toEqual({ messageId, minutes: 20 })
})

test('who works here is changed at an address for each person', () => {
  const agentId = 'site 1' as AgentId
  const path = '/api/v1/management/agents'
  expect(requestOf({ type: 'suspend-agent', agentId })).toEqual({ path: `${path}/site%201/suspend`, body: {} })
  expect(requestOf({ type: 'restore-agent', agentId }).path).toBe(`${path}/site%201/restore`)
  expect(requestOf({ type: 'new-pin', agentId, pin: '604817' })).toEqual({
    path: `${path}/site%201/pin`,
    body: { pin: '604817' },
  })
  const awa = { name: 'Awa', role: 'agent', pin: '604817' } as const
  expect(requestOf({ type: 'add-agent', ...awa })).toEqual({ path, body: awa })
  expect(requestOf({ type: 'confirm-rights' }).path).toBe('/api/v1/management/confirm-rights')
})
