import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, MINUTE } from '#shared/domain/testing/fake-clock.ts'
import type { FigureLine } from '#shared/project/figure-report.ts'
import type { Figures } from '#shared/project/figures.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { type Desk, openDesk } from '../testing/desk.ts'

const MONDAY = '2026-11-23'
const AT = { counterId: 'counter-1', agentId: 'amadou' }

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const enter = (body: object, key: string = crypto.randomUUID(), client = desk.agent) =>
  client.post<TicketJson & { code?: string }>(
    '/api/v1/tickets/record',
    { status: 'completed', businessDate: MONDAY, ...AT, ...body },
    { 'idempotency-key': key },
  )
const steadyMs = (): number => desk.branch.running.waist.branch().state.now.steadyMs
const figures = async (): Promise<{ total: Figures; rows: readonly FigureLine[] }> =>
  (
    await desk.manager.get<{ total: Figures; rows: readonly FigureLine[] }>(
      `/api/v1/reports/figures?from=${MONDAY}&to=${MONDAY}&by=agent`,
    )
  ).body

test('what was noted is entered once, whatever comes twice, and its answer says that it was entered later', async () => {
  const { ticketId, number } = await desk.waiting('cash')
  const body = {
    ticketId,
    number,
    serviceId: 'cash',
    noted: { lastContactSteadyMs: steadyMs(), sinceContactMs: 60_000 },
  }
  desk.branch.clock.pass(10 * MINUTE)
  const first = await enter(body, 'key-1')
  expect(first).toMatchObject({ status: 200, body: { status: 'completed', ...AT, calledAtMs: null } })
  expect(first.body.enteredLaterAtMs).toBe((first.body.finishedAtMs ?? 0) + 9 * MINUTE)
  expect((await enter(body, 'key-1')).body).toEqual(first.body)
  expect(await enter(body, 'key-2', desk.spare)).toMatchObject({ status: 409, body: { code: 'TicketIsCompleted' } })
})

test('figures count who was served, at the counter that served, and claim no wait and no service that nobody measured', async () => {
  const [first, second, third] = [await desk.waiting('cash'), await desk.waiting('cash'), await desk.waiting('cash')]
  await enter({ ticketId: first.ticketId, number: first.number })
  await enter({ ticketId: second.ticketId, number: second.number, status: 'no_show' })
  await enter({ ticketId: third.ticketId, number: third.number, status: 'cancelled' })
  await enter({ number: 'A1001' })
  const { total, rows } = await figures()
  expect(total).toMatchObject({ issuedCount: 4, calledCount: 3, completedCount: 2, noShowCount: 1, cancelledCount: 1 })
  expect(total).toMatchObject({ abandonedCount: 1, noShowRate: 1 / 3, slaCount: 0 })
  expect([total.wait.count, total.serviceTime.count, total.timeToService.count]).toEqual([0, 0, 0])
  expect(rows.filter(({ id }) => id === 'amadou')).toMatchObject([{ completedCount: 2, noShowCount: 1 }])
})

test('a day that ended while the server was away is told as it really was', async () => {
  const served = await desk.waiting('cash')
  await desk.waiting('cash')
  const noted = { lastContactSteadyMs: steadyMs(), sinceContactMs: 30 * MINUTE }
  desk.branch.clock.pass(DAY)
  await desk.kiosk.issue('cash')
  expect((await figures()).total).toMatchObject({ completedCount: 0, abandonedCount: 2 })
  const { status, body } = await enter({ ticketId: served.ticketId, number: served.number, noted })
  expect([status, body.status, body.businessDate]).toEqual([200, 'completed', MONDAY])
  expect(await enter({ ticketId: served.ticketId, number: served.number, noted })).toMatchObject({
    status: 409,
    body: { code: 'TicketIsCompleted' },
  })
  expect((await figures()).total).toMatchObject({ completedCount: 1, abandonedCount: 1, issuedCount: 2 })
  expect((await desk.agent.get<TicketJson>(`/api/v1/tickets/${served.ticketId}`)).body).toEqual(body)
  expect((await desk.branch.installer.post('/api/v1/checks')).body).toMatchObject({ fault: null })
  await desk.branch.restart()
  expect((await figures()).total).toMatchObject({ completedCount: 1, abandonedCount: 1 })
})
