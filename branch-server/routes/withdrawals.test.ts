import { expect, test } from 'vitest'
import { amadou, cash, counter1 } from '#shared/domain/testing/bank.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { openTestBranch } from '../testing/test-branch.ts'

const MINUTE_MS = 60_000
const WITHDRAW = '/api/v1/tickets/withdraw'
const keyed = (key: string) => ({ 'idempotency-key': key })

test('a ticket is withdrawn by the key of its tap: once, however often it is said, and by its own kiosk alone', async () => {
  await using branch = await openTestBranch()
  const [kiosk, other] = [await branch.pair('kiosk'), await branch.pair('kiosk')]
  const { ticketId } = (await kiosk.issue(cash, {}, keyed('tap'))).body
  const kept = (await kiosk.issue(cash, {}, keyed('another'))).body

  expect((await other.post(WITHDRAW, { keys: ['tap'] })).body).toEqual({ withdrawn: [] })
  expect((await kiosk.post(WITHDRAW, { keys: ['tap', 'never', 'tap'] })).body).toEqual({ withdrawn: [ticketId] })
  expect((await kiosk.post(WITHDRAW, { keys: ['tap'] })).body).toEqual({ withdrawn: [] })

  expect((await kiosk.get<TicketJson>(`/api/v1/tickets/${ticketId}`)).body.status).toBe('cancelled')
  expect((await kiosk.get<TicketJson>(`/api/v1/tickets/${kept.ticketId}`)).body.status).toBe('waiting')
  // What comes after all brings no ticket.
  for (const key of ['tap', 'never'])
    expect(await kiosk.issue(cash, {}, keyed(key))).toMatchObject({ status: 409, body: { code: 'TapWithdrawn' } })
})

test('who was called in vain before the branch heard of it counts as nobody who did not come', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const agent = await branch.staff(counter1, amadou)
  const counts = async () => {
    const { body } = await branch.installer.get<{ total: Record<string, number> }>('/api/v1/reports/today')
    return [
      body.total['issuedCount'],
      body.total['calledCount'],
      body.total['noShowCount'],
      body.total['cancelledCount'],
    ]
  }
  for (const key of ['one', 'two']) await kiosk.issue(cash, {}, keyed(key))
  const { ticketId } = (await agent.callNext(counter1)).body
  await agent.act(ticketId, 'no-show')
  expect(await counts()).toEqual([2, 1, 1, 0])
  await kiosk.post(WITHDRAW, { keys: ['one'] })
  expect(await counts()).toEqual([1, 0, 0, 0])
})

test('whoever is expected may come again when her ticket was withdrawn', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const bookedAtMs = branch.clock.wallMs() + 10 * MINUTE_MS
  const appointments = [{ code: 'RDV-4821', serviceId: cash, bookedAtMs }]
  await branch.installer.send('PUT', '/api/v1/appointments', { appointments })
  const come = (key: string) => kiosk.post<TicketJson>('/api/v1/check-ins', { code: 'RDV-4821' }, keyed(key))
  const first = await come('lost')
  await kiosk.post(WITHDRAW, { keys: ['lost'] })
  const again = await come('again')
  expect(again.status).toBe(201)
  expect(again.body.ticketId).not.toBe(first.body.ticketId)
})
