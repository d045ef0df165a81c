import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { restoreBranch } from '../../branch-server/restore/restore-branch.ts'
import { PIN, sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { createClient, type DeviceClient } from '../../branch-server/testing/client.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { forgetErased } from '../../cloud-sync/store/forget-erased.ts'
import type { BranchIdentity } from '../../cloud-sync/store/inbox.ts'
import { asAdministrator } from '../../cloud-sync/testing/test-database.ts'
import { BRANCH_SIDE, sealedNow } from '../../shared/disk/testing/trace-sealed.ts'
import type { TicketId } from '../../shared/domain/ids.ts'
import { amadou, cash, counter1, djeneba } from '../../shared/domain/testing/bank.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

/** Of a planted bug nobody waits for what will not come. */
const PATIENCE = { timeout: process.env['PLANTED'] === 'yes' ? 15_000 : 60_000, interval: 200 }
/** `SIDE_VISITS=1000` is the long form; a planted bug is seen at a few as well. */
const VISITS = Number(process.env['SIDE_VISITS'] ?? (process.env['PLANTED'] === 'yes' ? 40 : 200))
const AT_ONCE = 8
/** Of each so many visits one has a note that repeats the phone. */
const NOTE_EVERY = 5
/** No other text of the house begins so. */
const PLANTED = '+2217799'
const phoneOf = (visit: number): string => `${PLANTED}${String(visit).padStart(5, '0')}`

const asking = {
  ...sentBank,
  queues: sentBank.queues.map((queue) => ({ ...queue, maxCapacity: null })),
  services: sentBank.services.map((service) =>
    service.id === cash ? { ...service, asks: ['name', 'phone'] as const } : service,
  ),
}

const cloudLines: string[] = []
let cloud: TestCloud
beforeAll(async () => {
  cloud = await openTestCloud(pino({ level: 'trace' }, { write: (line: string) => void cloudLines.push(line) }))
}, 120_000)
afterAll(() => cloud?.close())

/** Some at a time, for each waits for a disk. */
async function forAll<Item>(items: readonly Item[], work: (item: Item, at: number) => Promise<void>): Promise<void> {
  const left = [...items.entries()]
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next[1], next[0])
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** A server that runs takes files away while they are listed: those bear nothing. */
function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

function filesWith(folder: string, wanted: readonly Buffer[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => {
      const bytes = bytesOf(file)
      return wanted.some((text) => bytes.includes(text))
    })
    .map((file) => file.slice(folder.length + 1))
}

const phones = [Buffer.from(PLANTED)]
const dataFolder = (): Promise<string> =>
  asAdministrator(cloud.administratorUrl, async (client) => {
    const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder")
    return rows[0]?.folder ?? ''
  })
/** Of every visit that is held, past all that keeps tenants apart. */
const keysHeld = (): Promise<readonly Buffer[]> =>
  asAdministrator(cloud.administratorUrl, async (client) => {
    const { rows } = await client.query<{ key: Buffer }>('select key from smartqueue.side_key')
    return rows.map(({ key }) => key)
  })

const admin = () => createClient(`http://127.0.0.1:${cloud.port}`, cloud.key)
const addressAt = ({ branchId }: BranchIdentity, ticketId: string): string =>
  `/api/v1/tenants/bank/branches/${branchId}/visits/${ticketId}/details`

async function openBranch() {
  const identity = await cloud.newBranch()
  const branch = await openTestBranch({
    catalogue: asking,
    cloud: { url: `http://127.0.0.1:${cloud.port}`, code: identity.code },
  })
  return { identity, branch }
}

/** A manager without a counter, and an agent at one. */
async function staffOf(branch: TestBranch) {
  const boss = await branch.pair('caller', 'of the manager')
  await boss.post('/api/v1/management/sign-in', { agentId: djeneba, pin: PIN })
  return { boss, agent: await branch.staff(counter1, amadou) }
}

/** @returns the visits, each with a phone, some with a note that repeats it */
async function plant(branch: TestBranch, agent: DeviceClient, count: number): Promise<readonly string[]> {
  const kiosk = await branch.pair('kiosk')
  const ticketIds: string[] = []
  await forAll(Array.from({ length: count }), async (_, visit) => {
    const phone = phoneOf(visit)
    const details = { name: `Visitor ${visit}`, phone, consent: { version: 1, language: 'fr' } }
    const { status, body } = await kiosk.issue(cash, { details })
    expect(status).toBe(201)
    ticketIds.push(body.ticketId)
    if (visit % NOTE_EVERY > 0) return
    expect((await agent.post(`/api/v1/tickets/${body.ticketId}/note`, { note: `Call ${phone}` })).status).toBe(200)
  })
  return ticketIds
}

const untold = ({ running }: TestBranch) => running.waist.branch().store.side.untold(1).length
const isTold = (branch: TestBranch) => expect.poll(() => untold(branch), PATIENCE).toBe(0)

test(`${VISITS} phone numbers come to the cloud, and are nowhere any more once they are erased at either side`, async () => {
  const { identity, branch: opened } = await openBranch()
  await using branch = opened
  const store = () => branch.running.waist.branch().store
  const { boss, agent } = await staffOf(branch)
  const ticketIds = await plant(branch, agent, VISITS)
  await expect.poll(async () => (await keysHeld()).length, PATIENCE).toBe(VISITS)
  await isTold(branch)
  const keys = await keysHeld()
  const [first = '', second = ''] = ticketIds
  const phone = store().details.find(first as TicketId)?.phone ?? ''
  expect((await admin().get(addressAt(identity, first))).body).toMatchObject({ details: { phone } })
  // What is looked for can be found: in the branch's file, sealed, and the keys in the cloud's; no phone is ever in either.
  const folder = await dataFolder()
  await forgetErased(cloud.administratorUrl)
  const atBranch = [...phones, ...sealedNow(join(branch.folder, 'branch.db'), BRANCH_SIDE, [PLANTED])]
  expect(filesWith(branch.folder, atBranch)).not.toEqual([])
  expect(filesWith(branch.folder, phones)).toEqual([])
  expect(filesWith(folder, keys)).not.toEqual([])
  expect(filesWith(folder, phones)).toEqual([])
  // Postgres looks at its tables now and then, and keeps samples of what it sees.
  await asAdministrator(cloud.administratorUrl, (client) => client.query('analyze'))

  await forAll(ticketIds, async (ticketId, at) => {
    if (at % 2 === 0) expect((await admin().send('DELETE', addressAt(identity, ticketId))).status).toBe(204)
    else {
      expect((await boss.send('DELETE', `/api/v1/tickets/${ticketId}/details`)).status).toBe(200)
      expect((await agent.send('DELETE', `/api/v1/tickets/${ticketId}/note`)).status).toBe(200)
    }
  })
  expect((await admin().get(addressAt(identity, first))).status).toBe(404)
  // The branch asks each minute; a new start asks at once.
  await branch.restart()
  await expect.poll(() => store().side.held('', 1).length, PATIENCE).toBe(0)
  await isTold(branch)
  expect((await admin().get(addressAt(identity, second))).status).toBe(404)
  expect((await keysHeld()).length).toBe(0)
  await forgetErased(cloud.administratorUrl)
  expect((await branch.installer.post('/api/v1/backups')).status).toBe(201)
  await expect.poll(() => filesWith(branch.folder, atBranch), PATIENCE).toEqual([])
  // How long another's Postgres keeps the log of its changes says its owner.
  const isOurs = process.env['TEST_DATABASE_URL'] === undefined
  const lingering = filesWith(folder, [...phones, ...keys]).filter((file) => isOurs || !file.startsWith('pg_wal/'))
  expect(lingering).toEqual([])
  expect(branch.logLines.join('')).not.toContain(PLANTED)
  expect(cloudLines.length).toBeGreaterThan(0)
  expect(cloudLines.join('')).not.toContain(PLANTED)
}, 300_000)

test('a backup from before the erasure that is put back loses at its first contact what was erased meanwhile', async () => {
  const { identity, branch: opened } = await openBranch()
  await using branch = opened
  const { agent } = await staffOf(branch)
  const { notes } = branch.running.waist.branch().store
  // Of what customers say themselves a backup has nothing, of notes it has.
  const ticketIds = await plant(branch, agent, NOTE_EVERY + 1)
  const [erased = '', kept = ''] = ticketIds.filter((ticketId) => notes.find(ticketId as TicketId) !== null)
  await isTold(branch)
  expect((await branch.installer.post('/api/v1/backups')).status).toBe(201)
  expect((await admin().send('DELETE', addressAt(identity, erased))).status).toBe(204)
  await branch.restart()
  const hasNote = () => {
    const { notes: now } = branch.running.waist.branch().store
    return [erased, kept].map((ticketId) => now.find(ticketId as TicketId) !== null)
  }
  await expect.poll(hasNote, PATIENCE).toEqual([false, true])
  await branch.running.close()
  for (const end of ['', '-wal', '-shm']) rmSync(join(branch.folder, `branch.db${end}`), { force: true })
  restoreBranch({ folder: branch.folder, places: [join(branch.folder, 'backups')], clocks: branch.clock })
  await branch.start()
  await expect.poll(hasNote, PATIENCE).toEqual([false, true])
  await isTold(branch)
  expect((await admin().get(addressAt(identity, kept))).status).toBe(200)
  expect((await admin().get(addressAt(identity, erased))).status).toBe(404)
}, 120_000)

test('what is written of a visit after an erasure, at either side, comes to the cloud again', async () => {
  const { identity, branch: opened } = await openBranch()
  await using branch = opened
  const { boss, agent } = await staffOf(branch)
  const [ticketId = ''] = await plant(branch, agent, 1)
  const address = addressAt(identity, ticketId)
  const note = `/api/v1/tickets/${ticketId}/note`
  const noteThere = async () => {
    const { status, body } = await admin().get<{ note: { text: string } | null }>(address)
    return status === 200 ? (body.note?.text ?? null) : null
  }
  const write = async (text: string) => {
    expect((await agent.post(note, { note: text })).status).toBe(200)
    await isTold(branch)
    expect(await noteThere()).toBe(text)
  }
  await isTold(branch)
  expect((await agent.send('DELETE', note)).status).toBe(200)
  expect((await boss.send('DELETE', `/api/v1/tickets/${ticketId}/details`)).status).toBe(200)
  await isTold(branch)
  expect((await admin().get(address)).status).toBe(404)
  await write('after one erasure')
  expect((await admin().send('DELETE', address)).status).toBe(204)
  // The branch asks each minute; a new start asks at once.
  await branch.restart()
  await expect.poll(() => branch.running.waist.branch().store.side.held('', 1).length, PATIENCE).toBe(0)
  await isTold(branch)
  await write('after the second')
}, 120_000)
