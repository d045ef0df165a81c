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
  // A used code and one that nobody ever had are told alike where anybody may try, and apart to staff.
  const used = await kiosk.post(CHECK_IN, { code: 'RDV-4821' })
  expect(used).toMatchObject({ status: 404, body: { code: 'AppointmentUnknown' } })
  expect((await kiosk.post(CHECK_IN, { code: 'RDV-9999' })).body).toEqual(used.body)
  const caller = await branch.pair('caller')
  expect(await caller.post(CHECK_IN, { code: 'RDV-4821' })).toMatchObject({
    ...{ status: 409, body: { code: 'AppointmentUsed' } },
  })
})

test('one code read by two kiosks at once is one ticket', async () => {
  await using branch = await openTestBranch()
  const kiosks = [await branch.pair('kiosk'), await branch.pair('kiosk')]
  await expecting(branch, 'RDV-4821')
  const answers = await Promise.all(kiosks.map((kiosk) => kiosk.post(CHECK_IN, { code: 'RDV-4821' })))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 404])
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
  expect(await codeOf('RDV-4821')).toBe('AppointmentUnknown')
  expect(await codeOf('RDV-4822')).toBe('AppointmentUnknown')
  for (const wrong of [
    [{ code: 'RDV-4821', serviceId: 'unheard-of', bookedAtMs: 0 }],
    [
      { code: 'RDV-4821', serviceId: cash, bookedAtMs: 0 },
      { code: 'rdv4821', serviceId: cash, bookedAtMs: 0 },
    ],
    [{ code: 'RDV-48', serviceId: cash, bookedAtMs: 0 }],
    [{ code: 'RDVO-482', serviceId: cash, bookedAtMs: 0 }],
    [{ code: '------', serviceId: cash, bookedAtMs: 0 }],
  ]) {
    const sent = await branch.installer.send<{ detail?: string }>('PUT', '/api/v1/appointments', {
      appointments: wrong,
    })
    expect(sent.status).toBe(wrong[0]?.serviceId === cash ? 400 : 404)
    if (sent.status === 400) expect(sent.body.detail).toMatch(/6 to 40 letters and digits, none of them I, L or O/)
  }
  expect((await kiosk.post(CHECK_IN, { code: 'RDV-4823' })).status).toBe(201)
})

test('nobody finds a code by trying many, at one kiosk or at all of them', async () => {
  await using branch = await openTestBranch()
  const kiosks = [await branch.pair('kiosk'), await branch.pair('kiosk')]
  await expecting(branch, 'RDV-4821')
  let guess = 0
  const tryMany = async (kiosk: (typeof kiosks)[number], count: number): Promise<number> => {
    const statuses: number[] = []
    for (let each = 0; each < count; each += 1) {
      guess += 1
      statuses.push((await kiosk.post(CHECK_IN, { code: `GUESS-${guess}99` })).status)
    }
    return statuses.filter((status) => status === 404).length
  }
  const [first, second] = kiosks as [(typeof kiosks)[number], (typeof kiosks)[number]]
  expect(await tryMany(first, 12)).toBe(10)
  // Nor is the right one taken from there now; the other kiosk goes on.
  expect((await first.post(CHECK_IN, { code: 'RDV-4821' })).status).toBe(429)
  expect((await second.post(CHECK_IN, { code: 'RDV-4821' })).status).toBe(201)
  let tried = 10
  for (let tens = 0; tens < 6; tens += 1) {
    for (const kiosk of kiosks) tried += await tryMany(kiosk, 10)
    branch.clock.pass(10 * MINUTE_MS)
  }
  expect(tried).toBeLessThanOrEqual(120)
})

test('a paper that is held in front of a reader is one try, however often it is read', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  await expecting(branch, 'RDV-4821', 'RDV-4822')
  for (let reads = 0; reads < 9; reads += 1) await kiosk.post(CHECK_IN, { code: 'RDV-4821' })
  for (let reads = 0; reads < 9; reads += 1) await kiosk.post(CHECK_IN, { code: 'RDV-7777' })
  branch.clock.pass(MINUTE_MS)
  expect((await kiosk.post(CHECK_IN, { code: 'RDV-4822' })).status).toBe(201)
})

test('a booked time without a code is for staff to give', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const idle = await branch.pair('caller')
  const agent = await branch.staff(counter1, amadou)
  const booked = { channel: 'appointment', bookedAtMs: branch.clock.wallMs() + MINUTE_MS }
  for (const more of [booked, { bookedAtMs: booked.bookedAtMs }, { channel: 'appointment' }]) {
    expect(await kiosk.issue(cash, more)).toMatchObject({ status: 403, body: { code: 'Forbidden' } })
    expect(await idle.issue(cash, more)).toMatchObject({ status: 409, body: { code: 'NoCounterOpen' } })
  }
  expect(await agent.issue(cash, booked)).toMatchObject({ status: 201, body: { channel: 'appointment' } })
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
