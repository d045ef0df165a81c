import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause, setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TicketId } from '#shared/domain/ids.ts'
import { amadou, cardLine, counter1 } from '#shared/domain/testing/bank.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import type { DeviceClient } from '../testing/client.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

const MINUTE = 60_000
/** One service takes exactly this long here. */
const SERVICE_MS = 4 * MINUTE

let branch: TestBranch
let kiosk: DeviceClient
let agent: DeviceClient
beforeAll(async () => {
  branch = await openTestBranch()
  kiosk = await branch.pair('kiosk')
  agent = await branch.staff(counter1, amadou)
})
afterAll(() => branch[Symbol.asyncDispose]())

/** No rush: each customer is told a wait of their own. */
async function take(): Promise<TicketJson> {
  await setTimeout(40)
  const { status, body } = await kiosk.issue('cash')
  expect(status).toBe(201)
  return body
}

/** Amadou serves one customer from the call to the end. */
async function serveOne(): Promise<void> {
  const { status, body } = await agent.callNext(counter1)
  expect(status).toBe(200)
  branch.clock.pass(10_000)
  await agent.act(body.ticketId, 'start')
  branch.clock.pass(SERVICE_MS - 10_000)
  expect((await agent.act(body.ticketId, 'complete')).status).toBe(200)
}

/** After several at once: the branch reckons for one alone again when it has looked and found few. */
const untilCalm = (): Promise<void> => pause(600)

test('a branch that has seen too little tells no wait', async () => {
  expect(await take()).toMatchObject({ estimate: null })
  expect((await agent.get('/api/v1/waits/error')).body).toEqual({ error: null })
})

test('a branch that has seen a morning tells each customer a range around what really comes', async () => {
  for (let times = 0; times < 4; times += 1) await take()
  // One comes and one goes, so that five wait all morning.
  for (let times = 0; times < 60; times += 1) {
    await serveOne()
    await take()
  }
  await untilCalm()
  const ticket = await take()
  const aheadCount = (ticket.position ?? 0) - 1
  expect(aheadCount).toBe(5)
  const { lowMs, highMs } = ticket.estimate ?? { lowMs: 0, highMs: 0 }
  const realMs = aheadCount * SERVICE_MS
  expect(lowMs).toBeLessThanOrEqual(realMs)
  expect(highMs).toBeGreaterThanOrEqual(realMs * 0.9)
  expect(highMs).toBeLessThan(3 * realMs)
})

test('the branch measures its own error and shows it to staff', async () => {
  // More than are asked for: on a quick machine the morning was a flood, in which not everybody is told a wait.
  for (let times = 0; times < 30; times += 1) {
    await serveOne()
    await take()
  }
  for (let times = 0; times < 6; times += 1) await serveOne()
  await untilCalm()
  const { body } = await agent.get<{ error: { count: number; insideShare: number } }>('/api/v1/waits/error')
  expect(body.error.count).toBeGreaterThan(20)
  expect(body.error.insideShare).toBeGreaterThan(0)
  expect((await kiosk.get('/api/v1/waits/error')).status).toBe(403)
})

test('what was told is kept with the ticket, in the log, for ever', async () => {
  const { ticketId, estimate } = await take()
  const told = branch.running.waist.branch().state.tickets.get(ticketId)?.facts.told
  expect({ lowMs: told?.lowMs, highMs: told?.highMs }).toEqual(estimate)
})

test('what was told at the issue is not told again of a ticket that goes back to the line, or to another', async () => {
  expect((await take()).estimate).not.toBeNull()
  const { ticketId } = (await agent.callNext(counter1)).body
  expect((await agent.act(ticketId, 'return')).body).toMatchObject({ status: 'waiting', estimate: null })
  const waiting = await take()
  const moved = await agent.act(waiting.ticketId, 'transfer', { toQueueId: cardLine, place: 'last' })
  expect(moved.body).toMatchObject({ status: 'waiting', estimate: null })
  await agent.act(waiting.ticketId, 'cancel')
})

test('a closed counter makes no promise, and neither does the board', async () => {
  await serveOne()
  await agent.post(`/api/v1/counters/${counter1}/close`)
  expect(await take()).toMatchObject({ estimate: null })
  await expect
    .poll(async () => (await kiosk.get<{ services: { estimate: unknown }[] }>('/api/v1/waits')).body.services)
    .toEqual(expect.arrayContaining([{ serviceId: 'cash', estimate: null }]))
  expect((await agent.open(counter1, amadou)).status).toBe(200)
})

test('beside an announced delay stands no range, which would know nothing of it', async () => {
  const message = (path: string, body = {}) => branch.installer.post(`/api/v1/message${path}`, body)
  await untilCalm()
  expect((await take()).estimate).not.toBeNull()
  expect((await message('', { messageId: 'delay', minutes: 20 })).status).toBe(200)
  expect(await take()).toMatchObject({ estimate: null })
  expect((await kiosk.get<{ services: unknown[] }>('/api/v1/waits')).body.services).toEqual([])
  expect((await message('/clear')).status).toBe(200)
  expect((await take()).estimate).not.toBeNull()
})

test('the last customer leaves some services after the doors close', async () => {
  const stopAtMs = branch.clock.wallMs()
  const { body } = await branch.installer.get<{ lastLeavesAtMs: { midMs: number; highMs: number } | null }>(
    `/api/v1/waits/forecast?stopAtMs=${stopAtMs}`,
  )
  const { midMs = 0, highMs = 0 } = body.lastLeavesAtMs ?? {}
  expect(midMs).toBeGreaterThanOrEqual(stopAtMs + 0.5 * SERVICE_MS)
  expect(highMs).toBeGreaterThanOrEqual(midMs)
})

test('with one counter more people would have waited less today, and one less leaves nobody to ask', async () => {
  type WhatIf = Record<'actual' | 'changed', { meanWaitMs: number; slaShare: number } | null>
  const { body } = await branch.installer.get<WhatIf>('/api/v1/waits/what-if?counters=1')
  expect(body.changed?.meanWaitMs).toBeLessThan(body.actual?.meanWaitMs ?? 0)
  expect(body.changed?.slaShare).toBeGreaterThanOrEqual(body.actual?.slaShare ?? 1)
  expect((await kiosk.get('/api/v1/waits/what-if?counters=1')).status).toBe(403)
  expect((await branch.installer.get('/api/v1/waits/what-if?counters=2')).status).toBe(400)
})

test('of a ticket that was refused nothing is noted to learn from', async () => {
  await branch.installer.post('/api/v1/intake/stop')
  for (let times = 0; times < 3; times += 1) {
    branch.clock.pass(1_000)
    expect((await kiosk.issue('cash')).status).toBe(409)
  }
  await branch.installer.post('/api/v1/intake/resume')
  const { seq } = branch.running.waist.branch().state
  await expect.poll(async () => (await kiosk.get('/api/v1/waits')).body).toMatchObject({ seq })
  await branch.restart()
  const kept = JSON.parse(readFileSync(join(branch.folder, 'learned-waits.json'), 'utf8')) as { asked: object }
  const { tickets } = branch.running.waist.branch().state
  const ids = Object.keys(kept.asked).map((key) => key.replace(/^(ticket|again) /, '') as TicketId)
  expect(ids).not.toEqual([])
  expect(ids.filter((id) => !tickets.has(id))).toEqual([])
})

test('what was learned outlives a restart, and a power cut that spoils its file', async () => {
  await branch.restart()
  expect((await take()).estimate).not.toBeNull()
  await branch.running.close()
  writeFileSync(join(branch.folder, 'learned-waits.json'), '')
  await branch.start()
  expect((await take()).estimate).not.toBeNull()
  expect(branch.logLines.filter((line) => line.includes('cannot be read'))).toHaveLength(1)
})

test('without what was learned the branch works on and learns anew', async () => {
  await branch.running.close()
  for (const end of ['', '.old']) writeFileSync(join(branch.folder, `learned-waits.json${end}`), '{"version":1,"lear')
  await branch.start()
  expect((await take()).estimate).toBeNull()
})

test('an agent who is signed in and calls nobody promises nothing, although nothing happens in the log', async () => {
  await branch.restart()
  // What the tests before this one left behind.
  await agent.post(`/api/v1/counters/${counter1}/close`)
  expect((await agent.open(counter1, amadou)).status).toBe(200)
  for (let times = 0; times < 40; times += 1) {
    await take()
    await serveOne()
  }
  interface Told {
    readonly services: readonly { readonly serviceId: string; readonly estimate: { readonly highMs: number } | null }[]
  }
  const highMs = async () =>
    (await kiosk.get<Told>('/api/v1/waits')).body.services.find(({ serviceId }) => serviceId === 'cash')?.estimate
      ?.highMs ?? null
  for (let times = 0; times < 26; times += 1) await take()
  branch.clock.pass(2 * MINUTE)
  // Whatever happens, twenty-six services are ahead.
  await expect.poll(highMs).toBeGreaterThan(20 * SERVICE_MS)
  branch.clock.pass(20 * MINUTE)
  expect(await highMs()).toBeNull()
  expect(await take()).toMatchObject({ estimate: null })
  const forecast = `/api/v1/waits/forecast?stopAtMs=${branch.clock.wallMs()}`
  expect((await branch.installer.get(forecast)).body).toEqual({ lastLeavesAtMs: null })
  await serveOne()
  expect(await take()).not.toMatchObject({ estimate: null })
})
