import { expect, test } from 'vitest'
import { amadou, cash, counter1 } from '#shared/domain/testing/bank.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

const MINUTE_MS = 60_000
const CHECK_IN = '/api/v1/check-ins'

async function expecting(branch: TestBranch, ...codes: readonly string[]) {
  const bookedAtMs = branch.clock.wallMs() + 10 * MINUTE_MS
  const appointments = codes.map((code) => ({ code, serviceId: cash, bookedAtMs }))
  return branch.installer.send('PUT', '/api/v1/appointments', { appointments })
}

test('whoever is expected gets a ticket of her appointment, once, however she writes her code', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  expect(await expecting(branch, 'RDV-4821', 'RDV-4822')).toMatchObject({ status: 200, body: { count: 2 } })
  const first = await kiosk.post<TicketJson>(CHECK_IN, { code: 'rdv4821', language: 'ar' }, { 'idempotency-key': 'a' })
  expect(first).toMatchObject({ status: 201, body: { serviceId: cash, channel: 'appointment', language: 'ar' } })
  expect(await kiosk.post(CHECK_IN, { code: 'rdv4821', language: 'ar' }, { 'idempotency-key': 'a' })).toMatchObject({
    ...{ status: 201, body: { number: first.body.number } },
  })
  expect(await kiosk.post(CHECK_IN, { code: 'RDV-4821' })).toMatchObject({
    status: 409,
    body: { code: 'AppointmentUsed' },
  })
  expect(await kiosk.post(CHECK_IN, { code: 'RDV-9999' })).toMatchObject({
    ...{ status: 404, body: { code: 'AppointmentUnknown' } },
  })
})

test('one code read by two kiosks at once is one ticket', async () => {
  await using branch = await openTestBranch()
  const kiosks = [await branch.pair('kiosk'), await branch.pair('kiosk')]
  await expecting(branch, 'RDV-4821')
  const answers = await Promise.all(kiosks.map((kiosk) => kiosk.post(CHECK_IN, { code: 'RDV-4821' })))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
  expect(branch.running.waist.branch().state.tickets.size).toBe(1)
})

test('the ticket goes before those who came earlier once its time has come', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  await expecting(branch, 'RDV-4821')
  await kiosk.issue(cash)
  const { number } = (await kiosk.post<TicketJson>(CHECK_IN, { code: 'RDV-4821' })).body
  branch.clock.pass(11 * MINUTE_MS)
  const agent = await branch.staff(counter1, amadou)
  expect((await agent.callNext(counter1)).body.number).toBe(number)
})

test('a new list takes the place of the one before, but not of who has come; a refused one changes nothing', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  await expecting(branch, 'RDV-4821', 'RDV-4822')
  await kiosk.post(CHECK_IN, { code: 'RDV-4821' })
  await expecting(branch, 'RDV-4821', 'RDV-4823')
  const codeOf = async (code: string) => (await kiosk.post<{ code?: string }>(CHECK_IN, { code })).body.code
  expect(await codeOf('RDV-4821')).toBe('AppointmentUsed')
  expect(await codeOf('RDV-4822')).toBe('AppointmentUnknown')
  for (const wrong of [
    [{ code: 'RDV-1', serviceId: 'unheard-of', bookedAtMs: 0 }],
    [
      { code: 'RDV-1', serviceId: cash, bookedAtMs: 0 },
      { code: 'rdv1', serviceId: cash, bookedAtMs: 0 },
    ],
    [{ code: '----', serviceId: cash, bookedAtMs: 0 }],
  ])
    expect(
      (await branch.installer.send('PUT', '/api/v1/appointments', { appointments: wrong })).status,
    ).toBeGreaterThan(399)
  expect((await kiosk.post(CHECK_IN, { code: 'RDV-4823' })).status).toBe(201)
})

test('nobody finds a code by trying many', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  let status = 0
  for (let count = 0; count < 25; count += 1)
    status = (await kiosk.post(CHECK_IN, { code: `RDV-${1_000 + count}` })).status
  expect(status).toBe(429)
})

test('one that was missed is forgotten', async () => {
  await using branch = await openTestBranch()
  await expecting(branch, 'RDV-4821')
  for (let days = 0; days < 3; days += 1) {
    branch.clock.pass(24 * 60 * MINUTE_MS)
    await branch.installer.post('/api/v1/intake/stop')
  }
  expect(branch.running.waist.branch().store.appointments.find('RDV4821')).toBeNull()
})
