import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { BRANCH_SIDE, filesIn, traceSealed } from '#shared/disk/testing/trace-sealed.ts'
import { amadou, binta, cash, counter1, counter2, djeneba } from '#shared/domain/testing/bank.ts'
import { PIN, sentBank } from '../testing/bank-catalogue.ts'
import { openFeed } from '../testing/follow-feed.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

const NAME = 'Aïssatou Qanitzy'
const PHONE = '+221779913570'
const consent = { version: 1, language: 'fr' }
const details = { name: NAME, phone: PHONE, consent }

/** The small bank, with a service that asks who comes. */
const asking = {
  ...sentBank,
  services: sentBank.services.map((service) =>
    service.id === cash ? { ...service, asks: ['name', 'phone'] as const } : service,
  ),
}
const open = () => openTestBranch({ catalogue: asking, logLevel: 'trace' })

/** The files in which a customer's name or phone stands in the clear. */
const filesThatTell = ({ folder }: TestBranch): readonly string[] =>
  filesIn(folder)
    .filter(({ bytes }) => [NAME, PHONE].some((text) => bytes.includes(text)))
    .map(({ name }) => name)

/** The same, and those in which they stand so that the key of the box opens them; they do now. */
const traced = ({ folder }: TestBranch) => traceSealed(join(folder, 'branch.db'), BRANCH_SIDE, [NAME, PHONE])

const inDatabase = (name: string): boolean => name.startsWith('branch.db')

async function served(branch: TestBranch) {
  const kiosk = await branch.pair('kiosk')
  const agent = await branch.staff(counter1, amadou)
  const { status, body } = await kiosk.issue(cash, { details }, { 'idempotency-key': 'tap' })
  expect(status).toBe(201)
  const address = `/api/v1/tickets/${body.ticketId}/details`
  return { kiosk, agent, address, ticket: body }
}

test('what a customer said is read by the agent who serves her, and by nobody else', async () => {
  await using branch = await open()
  const { kiosk, agent, address, ticket } = await served(branch)
  const other = await branch.staff(counter2, binta)
  expect(await agent.get(address)).toMatchObject({ status: 409, body: { code: 'NotYourTicket' } })
  await agent.callNext(counter1)
  expect((await agent.get(address)).body).toEqual({
    ...{ ticketId: ticket.ticketId, name: NAME, phone: PHONE, consentedAtMs: ticket.issuedAtMs },
  })
  expect(await other.get(address)).toMatchObject({ status: 409, body: { code: 'NotYourTicket' } })
  expect((await kiosk.get(address)).status).toBe(403)
  expect((await (await branch.pair('display')).get(address)).status).toBe(403)
  await agent.act(ticket.ticketId, 'start')
  await agent.act(ticket.ticketId, 'complete')
  expect(await agent.get(address)).toMatchObject({ status: 409, body: { code: 'NotYourTicket' } })
})

test('it stands in the side table alone: in no event, feed, snapshot, answer, log line or backup', async () => {
  await using branch = await open()
  const { kiosk, ticket } = await served(branch)
  const { body } = await kiosk.post<{ ticket: string }>('/api/v1/feed-tickets', {})
  const feed = openFeed(branch.url, body.ticket, { after: 0 })
  await feed.until(Number(branch.running.waist.branch().state.seq))
  const db = new Database(join(branch.folder, 'branch.db'), { readonly: true })
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[]
  const told = tables.filter((table) => {
    const rows = JSON.stringify(db.prepare(`select * from ${table}`).all())
    return rows.includes(NAME) || rows.includes(PHONE)
  })
  expect(told).toEqual([])
  const filesThatHold = traced(branch)
  expect(db.prepare('select consent_version, consent_language from customer_details').raw().get()).toEqual([1, 'fr'])
  db.close()
  expect((await branch.installer.post('/api/v1/backups')).status).toBe(201)
  const places = [
    feed.bodies.join(''),
    branch.logLines.join(''),
    JSON.stringify((await kiosk.get('/api/v1/snapshot')).body),
    JSON.stringify((await kiosk.get('/api/v1/tickets')).body),
    JSON.stringify(ticket),
  ]
  for (const place of places) {
    expect(place.length).toBeGreaterThan(100)
    for (const text of [NAME, PHONE]) expect(place).not.toContain(text)
  }
  expect(filesThatHold().filter((file) => !inDatabase(file))).toEqual([])
  expect(filesThatHold()).not.toEqual([])
})

const isGone = (filesThatHold: () => readonly string[]) => expect.poll(filesThatHold, { timeout: 5_000 }).toEqual([])

test('when her day is over it is gone from the disk, and whoever serves her can erase it before', async () => {
  await using branch = await open()
  const { kiosk, agent, address } = await served(branch)
  const filesThatHold = traced(branch)
  expect(filesThatHold()).not.toEqual([])
  branch.clock.pass(24 * 3_600_000)
  await branch.installer.post('/api/v1/intake/stop')
  expect(filesThatHold()).toEqual([])

  await branch.installer.post('/api/v1/intake/resume')
  const { ticketId } = (await kiosk.issue(cash, { details })).body
  await agent.open(counter1, amadou)
  await agent.callNext(counter1)
  const second = address.replace(/tickets\/[^/]+/, `tickets/${ticketId}`)
  expect((await agent.get(second)).body).toMatchObject({ name: NAME })
  const again = traced(branch)
  expect((await agent.send('DELETE', second)).status).toBe(200)
  expect((await agent.get(second)).body).toMatchObject({ name: null, phone: null })
  await isGone(again)
})

test('only who serves her now, or a manager, erases it', async () => {
  await using branch = await open()
  const { agent, address } = await served(branch)
  const other = await branch.staff(counter2, binta)
  const refused = { status: 409, body: { code: 'NotYourTicket' } }
  expect(await agent.send('DELETE', address)).toMatchObject(refused)
  await agent.callNext(counter1)
  expect(await other.send('DELETE', address)).toMatchObject(refused)
  const filesThatHold = traced(branch)
  expect(filesThatHold()).not.toEqual([])
  const visiting = await branch.pair('caller')
  await visiting.post('/api/v1/management/sign-in', { agentId: djeneba, pin: PIN })
  expect((await visiting.send('DELETE', address)).status).toBe(200)
  await isGone(filesThatHold)
})

test('what is erased while somebody reads the file is gone soon after, and erasing it does not fail', async () => {
  await using branch = await open()
  const { agent, address } = await served(branch)
  await agent.callNext(counter1)
  const filesThatHold = traced(branch)
  const reader = new Database(join(branch.folder, 'branch.db'), { readonly: true })
  reader.exec('begin')
  reader.prepare('select count(*) from event').get()
  expect((await agent.send('DELETE', address)).status).toBe(200)
  expect(filesThatHold()).not.toEqual([])
  reader.close()
  branch.running.waist.branch().store.forgetErased()
  expect(filesThatHold()).toEqual([])
})

test('what no service of the visit asks for is not kept, and what nobody could call is refused', async () => {
  await using branch = await open()
  const kiosk = await branch.pair('kiosk')
  const other = asking.services.find(({ id }) => id !== cash)?.id ?? ''
  expect((await kiosk.issue(other, { details })).status).toBe(201)
  expect(filesThatTell(branch)).toEqual([])
  for (const wrong of [
    { phone: '12' },
    { phone: '+22177x' },
    { phone: '1'.repeat(16) },
    { name: '' },
    { name: 'a\nb' },
  ])
    expect((await kiosk.issue(cash, { details: { ...wrong, consent } })).status).toBe(400)
  expect((await kiosk.issue(cash, { details: { name: NAME } })).status).toBe(400)
})

test('a paper printed without the branch brings its details, and the ticket whose answer was lost loses them', async () => {
  await using branch = await open()
  const { kiosk, agent, ticket } = await served(branch)
  const paper = {
    ...{ ticketId: '0197a000-0000-7000-8000-000000000001', number: 'A1001', serviceId: cash, language: 'fr' },
    ...{ priority: null, businessDate: ticket.businessDate, lastContactSteadyMs: 0, sinceContactMs: 0, tapKey: 'tap' },
    details,
  }
  const { status, body } = await kiosk.post<{ adopted: object[] }>('/api/v1/tickets/adopt', { tickets: [paper] })
  expect([status, body.adopted.length]).toEqual([200, 1])
  const { details: kept } = branch.running.waist.branch().store
  expect(kept.find(ticket.ticketId)).toBeNull()
  expect(kept.find(paper.ticketId as never)).toMatchObject({ name: NAME, phone: PHONE })
  // Told once more, after an agent has erased it: it does not come back.
  await agent.callNext(counter1)
  expect((await agent.send('DELETE', `/api/v1/tickets/${paper.ticketId}/details`)).status).toBe(200)
  await kiosk.post('/api/v1/tickets/adopt', { tickets: [paper] })
  expect(kept.find(paper.ticketId as never)).toBeNull()
})
