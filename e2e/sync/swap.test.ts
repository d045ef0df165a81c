// The box of a branch dies. An installer brings another one and has five minutes; what has to be done by hand is counted.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../branch-server/sync/role-courier.ts'
import { PIN, sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { type Client, createClient } from '../../branch-server/testing/client.ts'
import { INSTALLER_TOKEN } from '../../branch-server/testing/test-branch.ts'
import { roleOf } from '../../cloud-sync/store/role.ts'
import { unseal } from '../../shared/network/sealed-side.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { openKioskBox } from '../offline/kiosk-box.ts'
import { isInContact, until } from '../offline/until.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

const MAIN = join(import.meta.dirname, '../../branch-server/main.ts')
const PATIENCE = { timeout: process.env['PLANTED'] === 'yes' ? 20_000 : 90_000, interval: 200 }
/** What an installer takes for a step that is made by hand: reads, types, looks. */
const STEP_MS = 45_000
const SWAP_MS_MAX = 5 * 60_000

let cloud: TestCloud
beforeAll(async () => {
  cloud = await openTestCloud()
}, 120_000)
afterAll(() => cloud?.close())

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The real program, on a disk of its own. */
function program(folder: string, port: number, code: string | null, words: readonly string[] = []) {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ BRANCH_DATA_DIR: folder, BRANCH_PORT: String(port), BRANCH_INSTALLER_TOKEN: INSTALLER_TOKEN },
      ...{ CLOUD_URL: `http://127.0.0.1:${cloud.port}`, ...(code !== null && { BRANCH_ENROLMENT_CODE: code }) },
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)))
  return {
    said: () => said,
    ended: once(child, 'exit').then(([exitCode]) => exitCode as number | null),
    async kill() {
      child.kill('SIGKILL')
      await this.ended
    },
  }
}

const isReady = (client: Client): Promise<void> =>
  expect.poll(async () => (await client.get('/api/v1/health').catch(() => null))?.status, PATIENCE).toBe(200)
const cloudOf = async (client: Client) =>
  (await client.get<{ cloud?: { state: string; behind: number } }>('/api/v1/health')).body.cloud
const upToDate = { state: 'up to date', behind: 0 }

/** Whoever works at a desk: paired once, her token kept by her own box. */
async function pairDesk(url: string, installer: Client): Promise<string> {
  const { body } = await installer.post<{ code: string }>('/api/v1/pairings', { kind: 'caller', name: 'desk' })
  const claimed = await createClient(url, null).post<{ token: string }>('/api/v1/pairings/claim', { code: body.code })
  return claimed.body.token
}

/** A branch on the old box, with a kiosk and a desk, that has had a morning. */
async function openMorning(base: string) {
  const [port, identity] = [await freePort(), await cloud.newBranch()]
  const url = `http://127.0.0.1:${port}`
  const [installer, stranger] = [createClient(url, INSTALLER_TOKEN), createClient(url, null)]
  // PINs were set at the branch, before it joined: no catalogue of the cloud's has them.
  const alone = program(join(base, 'old'), port, null)
  await isReady(stranger)
  expect((await installer.send('PUT', '/api/v1/catalogue', sentBank)).status).toBe(200)
  await alone.kill()
  const old = program(join(base, 'old'), port, identity.code)
  await isReady(stranger)
  const code = (await installer.post<{ code: string }>('/api/v1/pairings', { kind: 'kiosk', name: 'kiosk' })).body.code
  const kiosk = await openKioskBox({
    ...{ name: 'kiosk', folder: join(base, 'kiosk'), branchPort: port, pairingCode: code, aheadMs: 0, random: () => 0 },
  })
  await kiosk.boot()
  await until('the kiosk is in contact', () => isInContact(kiosk))
  const desk = createClient(url, await pairDesk(url, installer))
  const inbox = `/branches/${identity.branchId}/inbox`
  const show = { message: { type: 'ShowMessage', messageId: 'evacuate', minutes: null } }
  return {
    ...{ base, port, identity, installer, stranger, old, kiosk, desk },
    open: () => desk.post('/api/v1/counters/counter-1/open', { agentId: 'amadou', pin: PIN }),
    send: () => cloud.asAdmin('POST', inbox, show),
    outcomes: async () =>
      (await cloud.asAdmin<{ outcome: string | null }[]>('GET', inbox)).body.map(({ outcome }) => outcome),
    async devices() {
      const { body } = await installer.get<{ deviceId: string; slot: number | null }[]>('/api/v1/devices')
      return body.map(({ deviceId, slot }) => ({ deviceId, slot }))
    },
    side: (ticketId: string) => `/branches/${identity.branchId}/visits/${ticketId}/details`,
    note: async (ticketId: string) =>
      (await desk.get<{ note: string | null }>(`/api/v1/tickets/${ticketId}/note`)).body.note,
  }
}
type Morning = Awaited<ReturnType<typeof openMorning>>

/** @returns the ticket at the counter, of which there is a note; all of it is in the cloud */
async function live({ kiosk, desk, installer, stranger, identity, ...morning }: Morning): Promise<TicketJson> {
  expect((await morning.open()).status).toBe(200)
  const { ticket } = (await kiosk.tap('cash')).body
  const called = await desk.post<TicketJson>('/api/v1/counters/counter-1/call-next')
  expect(called.body.ticketId).toBe(ticket.ticketId)
  expect((await desk.post(`/api/v1/tickets/${ticket.ticketId}/note`, { note: 'asks for a seat' })).status).toBe(200)
  expect((await morning.send()).status).toBe(201)
  await expect.poll(morning.outcomes, PATIENCE).toEqual(['Applied'])
  // It was shown, and staff have ended it: nobody wants to see it once more.
  await installer.post('/api/v1/message/clear')
  const side = morning.side(ticket.ticketId)
  await expect.poll(async () => (await cloud.asAdmin('GET', side)).status, PATIENCE).toBe(200)
  await expect.poll(() => cloudOf(stranger), PATIENCE).toEqual(upToDate)
  // What the cloud holds of the role is as old as the last look at it: both devices must have been there.
  const deviceCount = async (): Promise<number> => {
    const { branchId } = identity
    const role = await roleOf(cloud.database, { tenantId: cloud.tenantId, branchId })
    if (role === null) return 0
    const [key, sealed] = [Buffer.from(role.key, 'base64url'), Buffer.from(role.sealed, 'base64url')]
    return (unseal(branchId, key, sealed) as Role).devices.length
  }
  await expect.poll(deviceCount, PATIENCE).toBe(2)
  return called.body
}

/** As the README tells an installer. @returns the new box's program, and what it took */
async function swap({ base, port, identity, stranger, kiosk }: Morning) {
  const startedMs = performance.now()
  let steps = 0
  const byHand = <Result>(work: () => Promise<Result>): Promise<Result> => {
    steps += 1
    return work()
  }
  const code = await byHand(() => cloud.newCode(identity))
  const restoring = program(join(base, 'new'), port, code, ['restore', '--from-cloud'])
  expect(await byHand(() => restoring.ended), restoring.said()).toBe(0)
  expect(restoring.said()).toMatch(/No event is known to be lost; what it did after .* nobody knows/)
  expect(restoring.said()).toContain('PINs are as they were')
  const fresh = await byHand(async () => program(join(base, 'new'), port, null))
  await isReady(stranger)
  await expect.poll(() => isInContact(kiosk), PATIENCE).toBe(true)
  return { fresh, steps, tookMs: performance.now() - startedMs + steps * STEP_MS }
}

/** The branch on the new box is the branch. */
async function isItself(morning: Morning, first: TicketJson, papers: readonly string[]): Promise<void> {
  const { kiosk, desk, stranger, open, send, outcomes, side, note } = morning
  await expect.poll(() => cloudOf(stranger), PATIENCE).toEqual(upToDate)
  // The message is not done again.
  expect((await desk.get<{ message: unknown }>('/api/v1/board')).body.message).toBeNull()
  expect((await open()).status).toBe(200)
  const second = (await kiosk.tap('cash')).body.ticket
  expect(papers).not.toContain(second.number)
  const printed = () => kiosk.papers(new Map([[second.ticketId, second.number]]), () => false)
  await expect.poll(() => printed().some((it) => it.startsWith(second.ticketId)), PATIENCE).toBe(true)
  expect(await note(first.ticketId)).toBe('asks for a seat')
  await expect.poll(() => cloudOf(stranger), PATIENCE).toEqual(upToDate)
  // And the next one is.
  expect((await send()).body).toEqual({ number: 2 })
  await expect.poll(outcomes, PATIENCE).toEqual(['Applied', 'Applied'])
  // What is erased now is gone at both sides, as before.
  const admin = createClient(`http://127.0.0.1:${cloud.port}`, cloud.key)
  expect((await admin.send('DELETE', `/api/v1/tenants/bank${side(first.ticketId)}`)).status).toBe(204)
  await expect.poll(() => note(first.ticketId), { ...PATIENCE, timeout: 120_000 }).toBeNull()
}

test('a dead box is swapped within five minutes: one code, one command, one start; its devices, PINs, notes and messages go on', async () => {
  const base = mkdtempSync(join(tmpdir(), 'smartqueue-swap-'))
  const morning = await openMorning(base)
  const { old, kiosk, devices } = morning
  try {
    const first = await live(morning)
    const before = await devices()
    await old.kill()
    const papers = [first.number, (await kiosk.tap('cash')).body.ticket.number]
    const { fresh, steps, tookMs } = await swap(morning)
    expect(steps).toBe(3)
    expect(tookMs).toBeLessThan(SWAP_MS_MAX)
    // Nobody was paired again: the same devices, by the same tokens, in the same slots.
    expect(await devices()).toEqual(before)
    await isItself(morning, first, papers)
    await fresh.kill()
  } finally {
    await kiosk.close()
    await old.kill()
    rmSync(base, { recursive: true, force: true })
  }
}, 400_000)
