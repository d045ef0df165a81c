import { expect, test } from 'vitest'
import { longLine } from '../../branch-server/testing/bank-catalogue.ts'
import { createDeviceClient, type DeviceClient } from '../../branch-server/testing/client.ts'
import { eventsOf, followFeed } from '../../branch-server/testing/follow-feed.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import type { StoredEvent } from '../../shared/domain/events.ts'
import { cash, transfers } from '../../shared/domain/testing/bank.ts'
import { losingProxy } from './losing-proxy.ts'

const CALLERS = 16
const TICKETS = 2_000
const KEYS = 200

/** Does an act a number of times, some of them at once. */
async function atOnce(count: number, width: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1
      await act(next)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
}

async function wholeLog(branch: TestBranch, device: DeviceClient): Promise<readonly StoredEvent[]> {
  const feed = await followFeed(device, { after: 0 })
  await feed.until(branch.running.waist.branch().head.seq)
  await feed.close()
  return eventsOf(feed)
}

const idsOf = (log: readonly StoredEvent[], type: StoredEvent['type']): readonly string[] =>
  log.flatMap((event) => (event.type === type && 'ticketId' in event ? [event.ticketId] : []))

test(`${CALLERS} callers race for ${TICKETS} customers: each is called once, in order, and none is left`, async () => {
  await using branch = await openTestBranch({ catalogue: longLine(CALLERS), logLevel: 'warn' })
  const kiosk = await branch.pair('kiosk')
  const names = Array.from({ length: CALLERS }, (_, index) => String(index + 1))
  const callers = await Promise.all(names.map((name) => branch.staff(`counter-${name}`, `agent-${name}`)))
  await atOnce(TICKETS, 32, async () => {
    const { status } = await kiosk.issue(cash)
    if (status !== 201) throw new Error(`A ticket was answered ${status}`)
  })
  const calledBy = await Promise.all(
    callers.map(async (caller, index) => {
      const called: string[] = []
      for (;;) {
        const { status, body } = await caller.callNext(`counter-${index + 1}`)
        if (status !== 200) return called
        called.push(body.ticketId)
        await caller.act(body.ticketId, 'complete')
      }
    }),
  )
  const log = await wholeLog(branch, kiosk)
  const issued = idsOf(log, 'TicketIssued')
  expect(issued).toHaveLength(TICKETS)
  expect(idsOf(log, 'TicketCalled')).toEqual(issued)
  expect(calledBy.flat().toSorted()).toEqual(issued.toSorted())
  expect(idsOf(log, 'TicketCompleted').toSorted()).toEqual(issued.toSorted())
  expect(new Set(log.flatMap((event) => (event.type === 'TicketIssued' ? [event.number] : []))).size).toBe(TICKETS)
})

test(`${KEYS} taps, each sent five times at once, are ${KEYS} tickets`, async () => {
  await using branch = await openTestBranch({ logLevel: 'warn' })
  const kiosk = await branch.pair('kiosk')
  await atOnce(KEYS, 8, async (tap) => {
    const key = { 'idempotency-key': `tap-${tap}` }
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => kiosk.issue(cash, {}, key)))
    const [first] = answers
    for (const { status, body } of answers) expect([status, body]).toEqual([201, first?.body])
  })
  expect(idsOf(await wholeLog(branch, kiosk), 'TicketIssued')).toHaveLength(KEYS)
})

test('of two different taps under one key one is done, the other is told so', async () => {
  await using branch = await openTestBranch({ logLevel: 'warn' })
  const kiosk = await branch.pair('kiosk')
  await atOnce(KEYS, 8, async (tap) => {
    const key = { 'idempotency-key': `tap-${tap}` }
    const answers = await Promise.all([kiosk.issue(cash, {}, key), kiosk.issue(transfers, {}, key)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422])
  })
  const other = await branch.pair('kiosk')
  expect((await other.issue(cash, {}, { 'idempotency-key': 'tap-1' })).status).toBe(201)
  expect(idsOf(await wholeLog(branch, kiosk), 'TicketIssued')).toHaveLength(KEYS + 1)
})

test('when every second answer is lost, the same key brings the first answer, also a refusal and after a restart', async () => {
  await using branch = await openTestBranch({ logLevel: 'warn' })
  await using line = await losingProxy(branch.url, (answer) => answer % 2 === 1)
  const kiosk = await branch.pair('kiosk')
  const caller = await branch.pair('caller')
  const farAway = { ...kiosk, token: kiosk.token ?? '' }
  const remote = createDeviceClient(line.url, farAway)
  const heard: string[] = []
  await atOnce(KEYS, 4, async (tap) => {
    for (;;) {
      const answer = await remote.issue(cash, {}, { 'idempotency-key': `tap-${tap}` }).catch(() => null)
      if (answer === null) continue
      expect(answer.status).toBe(201)
      heard.push(answer.body.ticketId)
      return
    }
  })
  expect(line.lostCount()).toBeGreaterThanOrEqual(KEYS / 2)
  expect(idsOf(await wholeLog(branch, kiosk), 'TicketIssued').toSorted()).toEqual(heard.toSorted())

  const key = { 'idempotency-key': 'refused' }
  const refused = await caller.callNext('counter-1', key)
  expect(refused).toMatchObject({ status: 409, body: { code: 'CounterIsClosed' } })
  const tap = await kiosk.issue(cash, {}, { 'idempotency-key': 'tap-1' })
  await branch.restart()
  await caller.open('counter-1', 'amadou')
  expect((await caller.callNext('counter-1', key)).body).toEqual(refused.body)
  expect((await kiosk.issue(cash, {}, { 'idempotency-key': 'tap-1' })).body).toEqual(tap.body)
})

test('commands that arrive together share their commits', async () => {
  let commitCount = 0
  await using branch = await openTestBranch({
    logLevel: 'warn',
    commit(store, head, batch) {
      commitCount += 1
      return store.commit(head, batch)
    },
  })
  const kiosk = await branch.pair('kiosk')
  // The lines are open already, as those of devices are: a machine takes up new ones only one by one.
  const together = Array.from({ length: 128 }, (_, index) => index)
  await Promise.all(together.map(() => kiosk.get('/api/v1/board')))
  commitCount = 0
  const answers = await Promise.all(together.map(() => kiosk.issue(cash)))
  expect(answers.every(({ status }) => status === 201)).toBe(true)
  expect(commitCount).toBeLessThan(64)
})
