import { expect, test } from 'vitest'
import type { CounterId, PriorityClassId, QueueId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import { requestOf } from './acts.ts'

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
  expect(requestOf({ type: 'transfer', ticketId, toQueueId, place: 'first' })).toEqual({
    path: '/api/v1/tickets/t%201/transfer',
    body: { toQueueId, place: 'first' },
  })
})

test('a ticket given at the counter bears the priority that was chosen, or none', () => {
  const serviceId = 'cash' as ServiceId
  const given = { serviceId, channel: 'counter' }
  expect(requestOf({ type: 'issue', serviceId, priority: null }).body).toEqual(given)
  const priority = 'senior' as PriorityClassId
  expect(requestOf({ type: 'issue', serviceId, priority }).body).toEqual({ ...given, priority })
})
