import { randomUUID } from 'node:crypto'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCourier } from '../../cloud-sync/notify/courier.ts'
import { createSmtp } from '../../cloud-sync/notify/smtp.ts'
import { addTenant } from '../../cloud-sync/store/branches.ts'
import { keepPolicy, NO_POLICY } from '../../cloud-sync/store/message-policy.ts'
import { queueMessage } from '../../cloud-sync/store/messages.ts'
import { openTestStore, silent, type TestStore } from '../../cloud-sync/testing/test-database.ts'
import { random } from '../power/clients.ts'

const COUNT = 200
const SEED = 20_261_128
/** Taken and then cut off; put off before its words are asked for, and after; refused for good. */
const [CUT, PUT_OFF, PUT_OFF_LATE, REFUSED] = [0.2, 0.1, 0.1, 0.05]

let server: TestStore
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

/** A real mail server on a bad day. @returns how often it has each mail, by its name, and which it cut off */
async function openMailServer(seed: number) {
  const draw = random(seed)
  const got: string[] = []
  const cut = new Set<string>()
  const answered = (responseCode: number): Error => Object.assign(new Error('not now'), { responseCode })
  const smtp = new SMTPServer({
    ...{ logger: false, authOptional: true, disabledCommands: ['STARTTLS'] },
    onRcptTo(_address, _session, done) {
      const drawn = draw()
      if (drawn < PUT_OFF) done(answered(451))
      else if (drawn < PUT_OFF + REFUSED) done(answered(550))
      else done()
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const drawn = draw()
        if (drawn < PUT_OFF_LATE) return done(answered(452))
        const [, name = ''] = /^Message-ID: <([^@]+)@/im.exec(Buffer.concat(chunks).toString()) ?? []
        got.push(name)
        if (drawn >= PUT_OFF_LATE + CUT) return done()
        cut.add(name)
        for (const connection of smtp.connections) if (connection.id === session.id) connection.close()
      })
    },
  }) as SMTPServer & { connections: Set<{ id: string; close(): void }> }
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as { port: number }
  return {
    got,
    cut,
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((done) => smtp.close(() => done())),
  }
}

test('a mail of which nobody knows whether it was taken is not sent again, and says so; others are', async () => {
  const { database } = server
  const mailServer = await openMailServer(SEED)
  const tenantId = (await addTenant(database, `bank-${randomUUID().slice(0, 8)}`, { fr: 'Banque' })) ?? ''
  const policy = { ...NO_POLICY, numberDayMax: COUNT }
  const nowMs = (): number => Date.now()
  await database.asTenant(tenantId, async (db) => {
    await keepPolicy(db, tenantId, policy, nowMs())
    for (let at = 0; at < COUNT; at += 1) {
      const mail = {
        channel: 'email',
        recipient: `awa${at}@example.org`,
        subject: 'Ticket A001',
        body: 'مرحبا é',
      } as const
      const about = { about: `ticket ${at}`, event: 'called', branchId: null, ticketId: null, timeZone: 'UTC' }
      await queueMessage(db, tenantId, { ...about, routes: [mail], expiresAtMs: nowMs() + 600_000 }, nowMs())
    }
  })
  const providers = { email: createSmtp({ smtpUrl: mailServer.url, from: 'Queue <queue@example.org>' }) }
  const pace = { leaseMs: 30_000, settleMs: 60_000, askMs: 100, againMs: 20 }
  const couriers = [1, 2].map(() => createCourier({ database, providers, log: silent, nowMs, pace }))
  const read = () =>
    database.asTenant(tenantId, (db) =>
      db.query<{ message_id: string; state: string; next_at: Date | null }>('select * from message'),
    )
  await expect
    .poll(
      async () => {
        await Promise.all(couriers.map((courier) => courier.work(tenantId)))
        return (await read()).filter(({ next_at: at }) => at !== null).length
      },
      { timeout: 120_000, interval: 50 },
    )
    .toBe(0)
  const rows = await read()
  await mailServer.close()
  const { got, cut } = mailServer
  expect(got.length - new Set(got).size).toBe(0)
  const idsIn = (state: string): readonly string[] =>
    rows.filter((row) => row.state === state).map(({ message_id: id }) => id)
  expect(idsIn('unknown').toSorted()).toEqual([...cut].toSorted())
  expect(idsIn('accepted').toSorted()).toEqual(got.filter((id) => !cut.has(id)).toSorted())
  expect(idsIn('failed').length + cut.size + idsIn('accepted').length).toBe(COUNT)
  expect(cut.size).toBeGreaterThan(COUNT / 10)
})
