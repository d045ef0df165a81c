import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PIN, type SentCatalogue, sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import type { Answer } from '../../branch-server/testing/client.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import type { BranchIdentity } from '../../cloud-sync/store/inbox.ts'
import { bank } from '../../shared/domain/testing/bank.ts'
import { type CutLine, openCutLine } from './cut-line.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }

let cloud: TestCloud
let line: CutLine
beforeAll(async () => {
  cloud = await openTestCloud()
}, 120_000)
afterAll(() => cloud?.close())
beforeEach(async () => {
  line = await openCutLine(cloud.port)
})
afterEach(() => line.close())

const named = (name: string): SentCatalogue => ({ ...sentBank, branch: { ...sentBank.branch, name } })
const nameIn = async ({ installer }: TestBranch): Promise<string> =>
  (await installer.get<{ branch: { name: string } }>('/api/v1/catalogue')).body.branch.name
const put = ({ installer }: TestBranch, catalogue: SentCatalogue): Promise<Answer<{ code?: string }>> =>
  installer.send('PUT', '/api/v1/catalogue', catalogue)
const publish = ({ branchId }: BranchIdentity, catalogue: SentCatalogue) =>
  cloud.asAdmin<{ version: number }>('POST', `/branches/${branchId}/catalogues`, catalogue)

test('a branch that stood alone joins with its tickets of the day, and its catalogue is the cloud’s from then on', async () => {
  const identity = await cloud.newBranch()
  line.cut()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  const caller = await branch.staff('counter-1', 'amadou')
  const kiosk = await branch.pair('kiosk')
  const { body: ticket } = await kiosk.issue('cash')
  expect((await put(branch, named('alone'))).status).toBe(200)
  line.mend()
  await expect
    .poll(async () => (await put(branch, named('too late'))).body.code, PATIENCE)
    .toBe('CatalogueManagedByCloud')
  // Until the cloud has one for it, it goes on with its own.
  expect((await kiosk.issue('cash')).status).toBe(201)
  expect((await publish(identity, named('by the cloud'))).body).toMatchObject({ version: 1 })
  await expect.poll(() => nameIn(branch), PATIENCE).toBe('by the cloud')
  const log = branch.running.waist.branch().store.log
  const applied = log
    .epochs()
    .flatMap((epoch) => [...log.bodies(epoch)])
    .map((body) => JSON.parse(body) as { type: string; actor: object })
    .filter(({ type }) => type === 'CatalogueApplied')
  expect(applied.at(-1)?.actor).toEqual({ kind: 'cloud', id: 'cloud' })
  expect((await caller.callNext('counter-1')).body).toMatchObject({ ticketId: ticket.ticketId, number: ticket.number })
  expect((await put(branch, named('after all'))).status).toBe(409)
  // The PINs that were sent up are good here, and so they are after a start.
  await branch.restart()
  expect(await nameIn(branch)).toBe('by the cloud')
  expect((await caller.open('counter-1', 'amadou')).status).toBe(200)
}, 120_000)

test('a catalogue that is sent twice with one key is one version, and the key is good for no other', async () => {
  const { branchId } = await cloud.newBranch()
  const post = async (catalogue: SentCatalogue, key: string) => {
    const answer = await fetch(`http://127.0.0.1:${cloud.port}/api/v1/tenants/bank/branches/${branchId}/catalogues`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${cloud.key}`, 'content-type': 'application/json', 'idempotency-key': key },
      },
      body: JSON.stringify(catalogue),
    })
    return [answer.status, ((await answer.json()) as { version?: number; code?: string }).version ?? null]
  }
  // With its PINs it would be a version of its own each time.
  const twice = await Promise.all([post(named('once'), 'k1'), post(named('once'), 'k1')])
  expect(twice).toEqual([
    [201, 1],
    [201, 1],
  ])
  expect(await post(named('other'), 'k1')).toEqual([422, null])
  expect(await post(named('once'), 'k2')).toEqual([201, 2])
})

test('head office shows a message on a branch’s screens, and hears what became of it', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  const inbox = `/branches/${identity.branchId}/inbox`
  const send = (message: object) => cloud.asAdmin<{ number: number }>('POST', inbox, { message })
  expect((await send({ type: 'ShowMessage', messageId: 'evacuate', minutes: null })).body).toEqual({ number: 1 })
  expect((await send({ type: 'ShowMessage', messageId: 'nothing', minutes: null })).body).toEqual({ number: 2 })
  const shown = () => branch.running.waist.branch().state.message?.messageId
  await expect.poll(shown, PATIENCE).toBe('evacuate')
  const outcomes = async () =>
    (await cloud.asAdmin<{ number: number; outcome: string | null }[]>('GET', inbox)).body.map((it) => [
      it.number,
      it.outcome,
    ])
  await expect.poll(outcomes, PATIENCE).toEqual([
    [2, 'MessageUnknown'],
    [1, 'Applied'],
  ])
  // Without its words an emergency would vanish from every screen: such a catalogue waits until somebody has ended it.
  await publish(identity, { ...named('without it'), messages: [] })
  expect((await send({ type: 'ClearMessage' })).status).toBe(201)
  await expect.poll(() => nameIn(branch), PATIENCE).toBe('without it')
  expect(shown()).toBeUndefined()
}, 120_000)

test('a cloud that was put back to an older copy publishes above what its branch has, once the branch has said so', async () => {
  const identity = await cloud.newBranch()
  await using branch = await openTestBranch({ cloud: { url: line.url, code: identity.code }, logLevel: 'fatal' })
  for (const name of ['one', 'two', 'three']) await publish(identity, named(name))
  await expect.poll(() => nameIn(branch), PATIENCE).toBe('three')
  line.cut()
  await cloud.database.asTenant(cloud.tenantId, async (db) => {
    await db.query('delete from catalogue where branch_id = $1 and version > 1', [identity.branchId])
    await db.query('update branch_now set catalogue_version = 1 where branch_id = $1', [identity.branchId])
  })
  // A branch goes back for nobody: of what is published now it takes nothing.
  expect((await publish(identity, named('below'))).body).toMatchObject({ version: 2 })
  line.mend()
  await branch.restart()
  const version = () =>
    cloud.database.asTenant(cloud.tenantId, (db) =>
      db.query('select from branch_now where branch_id = $1 and catalogue_version = 3', [identity.branchId]),
    )
  await expect.poll(async () => (await version()).length, PATIENCE).toBe(1)
  expect(await nameIn(branch)).toBe('three')
  expect((await publish(identity, named('below'))).body).toMatchObject({ version: 4 })
  await expect.poll(() => nameIn(branch), PATIENCE).toBe('below')
}, 120_000)

test('a catalogue that a branch would refuse is not published, the same again is no new version', async () => {
  const identity = await cloud.newBranch()
  const broken = { ...sentBank, services: sentBank.services.map((service) => ({ ...service, queueId: 'nowhere' })) }
  expect(await publish(identity, broken as unknown as SentCatalogue)).toMatchObject({
    status: 422,
    body: { code: 'CatalogueInvalid' },
  })
  const withoutPins = { ...sentBank, agents: bank.agents }
  expect(await publish(identity, sentBank)).toMatchObject({ status: 201, body: { version: 1 } })
  expect(await publish(identity, withoutPins)).toMatchObject({ status: 200, body: { version: 1 } })
  expect(await publish(identity, named('another'))).toMatchObject({ status: 201, body: { version: 2 } })
  const text = await cloud.database.asTenant(cloud.tenantId, (db) =>
    db.query<{ document: string }>('select document from catalogue where branch_id = $1', [identity.branchId]),
  )
  expect(JSON.stringify(text)).not.toContain(PIN)
}, 60_000)
