import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeviceId } from '#shared/domain/ids.ts'
import { DAY, MINUTE } from '#shared/domain/testing/fake-clock.ts'
import type { FigureLine } from '#shared/project/figure-report.ts'
import type { Figures } from '#shared/project/figures.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { PIN } from '../testing/bank-catalogue.ts'
import { type Desk, openDesk } from '../testing/desk.ts'
import { followFeed } from '../testing/follow-feed.ts'

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
/** The server is off for so long. */
async function isAway(ms: number): Promise<void> {
  await desk.branch.running.close()
  desk.branch.clock.pass(ms)
  await desk.branch.start()
}
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
  await isAway(10 * MINUTE)
  const first = await enter(body, 'key-1')
  expect(first).toMatchObject({ status: 200, body: { status: 'completed', ...AT, calledAtMs: null } })
  expect(first.body.enteredLaterAtMs).toBe((first.body.finishedAtMs ?? 0) + 9 * MINUTE)
  expect((await enter(body, 'key-1')).body).toEqual(first.body)
  expect(await enter(body, 'key-2', desk.adviser)).toMatchObject({ status: 409, body: { code: 'TicketIsCompleted' } })
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

test('a paper printed after somebody had noted its number waits, and the figures count one customer, whom nobody has served', async () => {
  const lastContactSteadyMs = steadyMs()
  const paper = {
    ...{ ticketId: '00000000-0000-7000-8000-000000000042', number: 'A1002', serviceId: 'cash', language: 'fr' },
    ...{ priority: null, businessDate: MONDAY, tapKey: 'tap-42', lastContactSteadyMs, sinceContactMs: 63_000 },
  }
  await isAway(10 * MINUTE)
  await enter({ number: 'A1002', noted: { lastContactSteadyMs, sinceContactMs: 60_000 } })
  expect((await figures()).total).toMatchObject({ issuedCount: 1, completedCount: 1 })
  const handOver = () => desk.kiosk.post('/api/v1/tickets/adopt', { tickets: [paper] })
  expect((await handOver()).body).toMatchObject({ adopted: [{ number: 'A1002', status: 'waiting' }], refused: [] })
  expect((await handOver()).body).toEqual({ adopted: [], refused: [] })
  expect((await figures()).total).toMatchObject({ issuedCount: 1, completedCount: 0 })
  await desk.branch.running.close()
  await desk.branch.start()
  expect((await handOver()).body).toEqual({ adopted: [], refused: [] })
})

test('a day that ended while the server was away is told as it really was', async () => {
  const served = await desk.waiting('cash')
  await desk.waiting('cash')
  const noted = { lastContactSteadyMs: steadyMs(), sinceContactMs: 30 * MINUTE }
  await isAway(DAY)
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

test('an absence that the branch knows nothing of turns nobody who was not served into one who was', async () => {
  const [left, missed] = [await desk.waiting('cash'), await desk.called()]
  const noted = { lastContactSteadyMs: steadyMs(), sinceContactMs: 30 * MINUTE }
  desk.branch.clock.pass(DAY)
  await desk.kiosk.issue('cash')
  // Neither one that is made up, nor one that came long after.
  await isAway(10 * MINUTE)
  for (const [{ ticketId, number }, code] of [
    [left, 'TicketIsCancelled'],
    [missed, 'TicketIsNoShow'],
  ] as const)
    for (const told of [noted, { lastContactSteadyMs: 0, sinceContactMs: 0 }])
      expect(await enter({ ticketId, number, noted: told })).toMatchObject({ status: 409, body: { code } })
  expect((await figures()).total).toMatchObject({ completedCount: 0, noShowCount: 1, abandonedCount: 1 })
})

test('after two more days nothing is entered for a day any more, however long the branch was away', async () => {
  const { ticketId, number } = await desk.waiting('cash')
  const entry = { ticketId, number, noted: { lastContactSteadyMs: steadyMs(), sinceContactMs: 30 * MINUTE } }
  const late = { status: 409, body: { code: 'RecordTooLate' } }
  await isAway(DAY)
  for (let days = 0; days < 2; days += 1) {
    await desk.kiosk.issue('cash')
    desk.branch.clock.pass(DAY)
  }
  await desk.kiosk.issue('cash')
  expect(await enter(entry)).toMatchObject(late)
  expect(await enter({ ...entry, ticketId: null })).toMatchObject(late)
})

test('a caller where nobody has signed in keeps its marks until somebody has; the same key is asked again', async () => {
  const { ticketId, number } = await desk.waiting('cash')
  const mark = (): ReturnType<typeof enter> => enter({ ticketId, number }, 'key-1', desk.spare)
  expect(await mark()).toMatchObject({ status: 409, body: { code: 'CallerNotStaffed' } })
  expect((await desk.agent.get<TicketJson>(`/api/v1/tickets/${ticketId}`)).body.status).toBe('waiting')
  await desk.spare.post('/api/v1/management/sign-in', { agentId: 'djeneba', pin: PIN })
  expect(await mark()).toMatchObject({ status: 200, body: { status: 'completed', ...AT } })
})

test('what was noted while nobody was signed in is nobody’s, whoever signs in before it is entered', async () => {
  const { ticketId, number } = await desk.waiting('cash')
  await desk.adviser.post('/api/v1/counters/counter-3/close')
  const open = await desk.spare.post('/api/v1/counters/counter-3/open', { agentId: 'binta', pin: PIN })
  expect(open.status).toBe(200)
  const nobody = { counterId: null, agentId: null }
  expect(await enter({ ticketId, number, ...nobody }, 'key-1', desk.spare)).toMatchObject({ status: 200, body: nobody })
  const { total, rows } = await figures()
  expect(total).toMatchObject({ completedCount: 1 })
  expect(rows.find(({ id }) => id === 'binta')?.completedCount ?? 0).toBe(0)
})

test('no figure of an agent changes by what another caller says of her', async () => {
  const { ticketId, number } = await desk.waiting('cash')
  expect(await enter({ ticketId, number }, 'key-1', desk.adviser)).toMatchObject({
    status: 200,
    body: { status: 'completed', counterId: null, agentId: null },
  })
  const { total, rows } = await figures()
  expect(total).toMatchObject({ completedCount: 1 })
  expect(rows.filter(({ id }) => id === 'amadou').map(({ completedCount }) => completedCount)).not.toContain(1)
})

test('a caller whose line alone was cut is believed what it noted then, though the server was there all day', async () => {
  const { ticketId, number } = await desk.waiting('cash')
  const feed = await followFeed(desk.agent)
  await once(feed.socket, 'message')
  feed.socket.send('{"type":"ping"}')
  await once(feed.socket, 'message')
  const noted = { lastContactSteadyMs: steadyMs(), sinceContactMs: 30 * MINUTE }
  // Its cable is pulled; the branch looks for its callers now and then.
  desk.branch.clock.pass(10 * MINUTE)
  const lasting = () => desk.branch.running.waist.branch().store.absences.lasting()
  await expect.poll(() => lasting().has(desk.agent.deviceId as DeviceId), { timeout: 40_000 }).toBe(true)
  desk.branch.clock.pass(DAY)
  await desk.kiosk.issue('cash')
  expect(await enter({ ticketId, number, noted })).toMatchObject({ status: 200, body: { status: 'completed', ...AT } })
  await feed.close()
})
