import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addTenant } from '../store/branches.ts'
import { claimMessage, PACE } from '../store/message-claim.ts'
import { keepPolicy, type MessagePolicy, NO_POLICY } from '../store/message-policy.ts'
import { stopRecipient } from '../store/message-stops.ts'
import { forgetRecipients, queueMessage, type Route } from '../store/messages.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { createBreaker } from './breaker.ts'
import { type CourierParts, createCourier } from './courier.ts'
import type { Provider, SendOutcome } from './provider.ts'
import { createTwilio } from './twilio.ts'

const AWA = '+221700000001'
const HOUR_MS = 3_600_000
const POLICY: MessagePolicy = {
  ...NO_POLICY,
  channels: ['sms', 'email'],
  ...{ numberDayMax: 1_000, callingCodes: ['+221'], moneyDayMaxMicros: 1_000_000_000, smsPriceMicros: 40_000 },
}

/** What the provider does with the next request. */
type Deed = 'take' | 'take and cut' | 'cut' | 'refuse' | 'stopped'

/** A provider's interface as somebody else runs it; it does what it is told to. */
async function openProvider() {
  const taken: { sid: string; to: string; body: string }[] = []
  const state = { deeds: [] as Deed[], isListing: true }
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = (status: number, body: object): void => void response.writeHead(status).end(JSON.stringify(body))
    if (request.method === 'GET') {
      const to = new URL(request.url ?? '', 'http://a').searchParams.get('To')
      const seen = state.isListing ? taken.filter((one) => one.to === to).toReversed() : []
      return answer(200, {
        messages: seen.map(({ sid, body }) => ({ sid, body, date_created: new Date().toUTCString() })),
      })
    }
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const deed = state.deeds.shift() ?? 'take'
    if (deed === 'refuse') return answer(400, { code: 21211 })
    if (deed === 'stopped') return answer(400, { code: 21610 })
    const one = { sid: `SM${randomUUID()}`, to: form.get('To') ?? '', body: form.get('Body') ?? '' }
    if (deed !== 'cut') taken.push(one)
    return deed === 'take' ? answer(201, { sid: one.sid }) : response.destroy()
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const config = { accountSid: 'AC0', authToken: 'token', from: '+15005550006', baseUrl }
  const close = (): Promise<unknown> => once(http.close(), 'close')
  return { taken, state, sms: createTwilio(config, { callbackUrl: null }), close }
}

let server: TestStore
let provider: Awaited<ReturnType<typeof openProvider>>
let tenantId = ''
let nowMs = 0
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())
beforeEach(async () => {
  nowMs = Date.now()
  tenantId = (await addTenant(server.database, `bank-${randomUUID().slice(0, 8)}`, { fr: 'Banque' })) ?? ''
  await setPolicy({})
  provider = await openProvider()
  return () => provider.close()
})

const setPolicy = (change: Partial<MessagePolicy>): Promise<void> =>
  server.database.asTenant(tenantId, (db) => keepPolicy(db, tenantId, { ...POLICY, ...change }, nowMs))

const courierOf = (change: Partial<CourierParts> = {}) =>
  createCourier({
    ...{ database: server.database, log: silent, nowMs: () => nowMs, providers: { sms: provider.sms }, ...change },
  })

interface Asked {
  readonly routes?: readonly Route[]
  readonly recipient?: string
  readonly body?: string
  readonly forMs?: number
  readonly branchId?: string
  readonly timeZone?: string
}

const queue = ({ recipient = AWA, body = `Ticket ${randomUUID()}`, forMs = HOUR_MS, routes, ...of }: Asked = {}) =>
  server.database.asTenant(tenantId, async (db) => {
    const message = {
      ...{ about: randomUUID(), event: 'called', branchId: null, ticketId: 'ticket', timeZone: 'Africa/Dakar', ...of },
      ...{ routes: routes ?? [{ channel: 'sms', recipient, subject: '', body } as const], expiresAtMs: nowMs + forMs },
    }
    return (await queueMessage(db, tenantId, message, nowMs)) ?? ''
  })

interface Row {
  readonly [column: string]: unknown
  readonly message_id: string
  readonly channel: string
  readonly state: string
  readonly reason: string | null
  readonly attempted_at: Date | null
  readonly recipient: string
}
const rows = () =>
  server.database.asTenant(tenantId, (db) => db.query<Row>('select * from message order by made_at, channel desc'))
const said = async () => (await rows()).map(({ state, reason }) => [state, reason])

test('what was cut off is asked about, and sent again only once the provider has had time to list it', async () => {
  const courier = courierOf()
  provider.state.deeds = ['take and cut']
  provider.state.isListing = false
  await queue()
  await courier.work(tenantId)
  expect(await said()).toEqual([['unknown', expect.any(String)]])
  nowMs += PACE.askMs
  await courier.work(tenantId)
  expect(await said()).toEqual([['unknown', 'NotListedYet']])
  provider.state.isListing = true
  nowMs += PACE.askMs * 2
  await courier.work(tenantId)
  expect([await said(), provider.taken.length]).toEqual([[['accepted', null]], 1])

  provider.state.deeds = ['cut']
  await queue({ recipient: '+221700000002' })
  for (let passedMs = 0; passedMs <= PACE.settleMs * 2; passedMs += PACE.askMs) {
    await courier.work(tenantId)
    nowMs += PACE.askMs
  }
  expect((await said())[1]).toEqual(['accepted', null])
  expect(provider.taken.map(({ to }) => to)).toEqual([AWA, '+221700000002'])
})

test('whoever dies with a message in hand leaves it to be asked about, not to be sent again', async () => {
  await queue()
  const breakers = { sms: createBreaker(), email: createBreaker() }
  const providers = { sms: provider.sms }
  const parts = { database: server.database, providers, breakers, pace: PACE, nowMs: () => nowMs }
  const claimed = await claimMessage(parts, tenantId)
  if (claimed === null || claimed === 'settled') throw new Error('There was nothing to send')
  await provider.sms.send(claimed.message)
  // And here it was killed.
  const courier = courierOf()
  for (let turn = 0; turn < 4; turn += 1) {
    await courier.work(tenantId)
    nowMs += PACE.leaseMs
  }
  expect([await said(), provider.taken.length]).toEqual([[['accepted', null]], 1])
})

test('what is too late is never sent, also when a provider was away or it was unknown until then', async () => {
  await queue({ forMs: -1 })
  provider.state.deeds = ['cut']
  await queue({ recipient: '+221700000002', forMs: PACE.settleMs / 2 })
  const courier = courierOf()
  for (let turn = 0; turn < 20; turn += 1) {
    await courier.work(tenantId)
    nowMs += PACE.askMs * 2
  }
  expect([await said(), provider.taken.length]).toEqual([Array(2).fill(['expired', 'TooLate']), 0])
})

test('who says STOP is sent nothing from then on, whatever waits; what was begun before that has gone', async () => {
  const count = 150
  const stoppedAtMs = new Map<string, number>()
  // Of nobody else here: STOP holds for all tenants.
  const recipients = Array.from({ length: count }, (_, at) => `+22176${String(at).padStart(7, '0')}`)
  for (const recipient of recipients) await queue({ recipient })
  const sms: Provider = {
    ...{ name: 'pretend', channel: 'sms' },
    send: async () => ({ kind: 'accepted', providerId: randomUUID() }),
  }
  const realMs = (): number => performance.timeOrigin + performance.now()
  const couriers = [1, 2].map(() => courierOf({ nowMs: realMs, providers: { sms } }))
  await Promise.all([
    ...couriers.map((courier) => courier.work(tenantId)),
    ...recipients.map(async (recipient) => {
      await stopRecipient(server.database, { channel: 'sms', recipient }, nowMs)
      stoppedAtMs.set(recipient, realMs())
    }),
  ])
  const all = await rows()
  const late = all.filter(
    ({ state, recipient, attempted_at: at }) =>
      state === 'accepted' && (at?.getTime() ?? 0) > (stoppedAtMs.get(recipient) ?? 0),
  )
  expect(late).toEqual([])
  expect(all.filter(({ state }) => state === 'suppressed').length).toBeGreaterThan(0)
  // Due by the clock of the couriers, who look at it at once.
  nowMs = Math.floor(realMs())
  const last = await queue({ recipient: recipients[0] ?? '' })
  await couriers[0]?.work(tenantId)
  expect((await rows()).find(({ message_id: id }) => id === last)?.state).toBe('suppressed')
})

test('however many are sent at once, no more is spent than a day may cost, and nobody gets more than her share', async () => {
  await setPolicy({ moneyDayMaxMicros: 10 * POLICY.smsPriceMicros })
  for (let at = 0; at < 30; at += 1) await queue({ recipient: `+22170${String(at).padStart(7, '0')}` })
  await Promise.all([1, 2, 3].map(() => courierOf().work(tenantId)))
  const reasons = (await said()).filter(([state]) => state === 'suppressed').map(([, reason]) => reason)
  expect([provider.taken.length, reasons]).toEqual([10, Array(20).fill('MoneyStop')])

  await setPolicy({ numberDayMax: 2 })
  for (let at = 0; at < 4; at += 1) await queue({ recipient: '+221711111111' })
  for (let turn = 0; turn < 8; turn += 1) {
    await courierOf().work(tenantId)
    nowMs += 1_000
  }
  expect(provider.taken.filter(({ to }) => to === '+221711111111')).toHaveLength(2)
  await queue({ recipient: '+8816000000' })
  await courierOf().work(tenantId)
  expect((await said()).at(-1)).toEqual(['suppressed', 'CallingCodeNotAllowed'])
})

test('two messages in the same words to one person are two', async () => {
  const courier = courierOf()
  const body = 'Ticket A012 is called'
  await queue({ body })
  await courier.work(tenantId)
  provider.state.deeds = ['cut']
  await queue({ body })
  for (let passedMs = 0; passedMs <= PACE.settleMs * 2; passedMs += PACE.askMs) {
    await courier.work(tenantId)
    nowMs += PACE.askMs
  }
  expect([await said(), provider.taken.length]).toEqual([Array(2).fill(['accepted', null]), 2])
})

test('a channel that is not configured says so, one that refuses says why, and the next is tried', async () => {
  const mails: string[] = []
  const email: Provider = {
    ...{ name: 'pretend', channel: 'email' },
    async send({ recipient }) {
      mails.push(recipient)
      return { kind: 'accepted', providerId: randomUUID() }
    },
  }
  const routes: readonly Route[] = [
    { channel: 'sms', recipient: '+221770000000', subject: '', body: 'Ticket A012' },
    { channel: 'email', recipient: 'awa@example.org', subject: 'Ticket', body: 'Ticket A012' },
  ]
  await queue({ routes })
  await courierOf({ providers: { email } }).work(tenantId)
  expect(await said()).toEqual([
    ['failed', 'NotConfigured'],
    ['accepted', null],
  ])
  provider.state.deeds = ['refuse', 'stopped']
  const courier = courierOf({ providers: { email, sms: provider.sms } })
  for (let turn = 0; turn < 2; turn += 1) {
    nowMs += 1_000
    await queue({ routes })
    await courier.work(tenantId)
  }
  expect((await said()).slice(2).filter((_, at) => at % 2 === 0)).toEqual([
    ['failed', 'Refused21211'],
    ['suppressed', 'Refused21610'],
  ])
  expect(mails).toHaveLength(3)
  nowMs += 1_000
  await queue({ recipient: '+221770000000' })
  await courier.work(tenantId)
  expect((await said()).at(-1)).toEqual(['suppressed', 'Stopped'])
})

test('by a channel that the tenant has taken out nothing is sent, and the next is tried', async () => {
  await setPolicy({ channels: ['email'] })
  const email: Provider = {
    ...{ name: 'pretend', channel: 'email' },
    send: async () => ({ kind: 'accepted', providerId: randomUUID() }),
  }
  const mail = { channel: 'email', recipient: 'awa@example.org', subject: 'Ticket', body: 'Ticket A012' } as const
  await queue({ routes: [{ ...mail, channel: 'sms', recipient: AWA }, mail] })
  await courierOf({ providers: { sms: provider.sms, email } }).work(tenantId)
  expect(await said()).toEqual([
    ['suppressed', 'ChannelOff'],
    ['accepted', null],
  ])
  expect(provider.taken).toEqual([])
})

test('what is known not to have been sent is tried again, also where nobody can be asked about it', async () => {
  let sentCount = 0
  const email: Provider = {
    ...{ name: 'pretend', channel: 'email' },
    async send() {
      sentCount += 1
      return { kind: 'accepted', providerId: randomUUID() }
    },
  }
  let stallMs = PACE.leaseMs / 2
  const stalling: typeof server.database = {
    ...server.database,
    async asTenant(of, work) {
      const result = await server.database.asTenant(of, work)
      // Between what is written down and the provider.
      if (typeof result === 'object' && result !== null && 'act' in result) [nowMs, stallMs] = [nowMs + stallMs, 0]
      return result
    },
  }
  await queue({ routes: [{ channel: 'email', recipient: 'awa@example.org', subject: '', body: 'Ticket A012' }] })
  const courier = courierOf({ database: stalling, providers: { email } })
  await courier.work(tenantId)
  expect([await said(), sentCount]).toEqual([[['queued', 'Stalled']], 0])
  nowMs += PACE.againMs
  await courier.work(tenantId)
  expect([await said(), sentCount]).toEqual([[['accepted', null]], 1])
})

test('what the provider has taken for one tenant is not taken for the same words of another', async () => {
  const body = 'Ticket A012 is called'
  await queue({ body })
  await courierOf().work(tenantId)
  tenantId = (await addTenant(server.database, `bank-${randomUUID().slice(0, 8)}`, { fr: 'Poste' })) ?? ''
  await setPolicy({})
  provider.state.deeds = ['cut']
  await queue({ body })
  const courier = courierOf()
  for (let passedMs = 0; passedMs <= PACE.settleMs * 2; passedMs += PACE.askMs) {
    await courier.work(tenantId)
    nowMs += PACE.askMs
  }
  expect([await said(), provider.taken.length]).toEqual([[['accepted', null]], 2])
})

test('a zone that nobody knows fails its own message alone, also one that another cloud wrote down', async () => {
  await setPolicy({ quiet: { from: 0, until: 0 } })
  await queue({ timeZone: 'Africa/Nowhere' })
  await queue({ recipient: '+221700000002' })
  await queue({ recipient: '+221700000003' })
  await server.database.asTenant(tenantId, (db) =>
    db.query("update message set time_zone = 'Africa/Nowhere' where recipient = '+221700000002'"),
  )
  await courierOf().work(tenantId)
  const told = new Map((await rows()).map(({ recipient, state, reason }) => [recipient, [state, reason]]))
  expect(told.get(AWA)).toEqual(['failed', 'ZoneUnknown'])
  expect(told.get('+221700000002')).toEqual(['failed', 'ZoneUnknown'])
  expect(told.get('+221700000003')).toEqual(['accepted', null])
})

test('a message that is erased while it is sent comes back by no answer, and how often she was written to goes with it', async () => {
  const branchId = randomUUID()
  await server.database.asTenant(tenantId, (db) =>
    db.query("insert into branch values ($1, $2, '{}', 'Africa/Dakar', now())", [tenantId, branchId]),
  )
  const erase = (): Promise<void> =>
    server.database.asTenant(tenantId, (db) => forgetRecipients(db, { tenantId, branchId }, ['ticket']))
  const outcomes: SendOutcome[] = [
    { kind: 'again', reason: 'TooManyRequests' },
    { kind: 'unknown', reason: 'ECONNRESET' },
    { kind: 'accepted', providerId: randomUUID() },
  ]
  for (const outcome of outcomes) {
    const sms: Provider = {
      ...{ name: 'pretend', channel: 'sms' },
      async send() {
        await erase()
        return outcome
      },
    }
    await queue({ branchId })
    await courierOf({ providers: { sms } }).work(tenantId)
    nowMs += HOUR_MS
    await courierOf().work(tenantId)
  }
  expect([(await said()).toSorted(), provider.taken]).toEqual([
    [['accepted', null], ...Array(2).fill(['unknown', 'Erased'])],
    [],
  ])
  const sums = await server.database.asTenant(tenantId, (db) =>
    db.query("select from message_spend where kind = 'number'"),
  )
  expect(sums).toEqual([])
})
