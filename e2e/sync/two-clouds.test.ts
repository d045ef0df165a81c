import { afterAll, beforeAll, expect, test } from 'vitest'
import { sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { createClient } from '../../branch-server/testing/client.ts'
import { openTestBranch } from '../../branch-server/testing/test-branch.ts'
import { ticketsOf } from '../../cloud-sync/store/ticket-rows.ts'
import { openTestCloud, type TestCloud } from './test-cloud.ts'

// Each of the other specs here is held against two clouds as well; this one says that it is.
const PATIENCE = { timeout: 60_000, interval: 100 }

let cloud: TestCloud
beforeAll(async () => {
  cloud = await openTestCloud()
}, 120_000)
afterAll(() => cloud?.close())

test.skipIf(process.env['TEST_CLOUDS'] === '1')(
  'two clouds on one database, asked in turn, are one to a branch and to head office: up, down, now, beside the log, management',
  async () => {
    const identity = await cloud.newBranch()
    const admin = createClient(`http://127.0.0.1:${cloud.port}`, cloud.key)
    const of = `/api/v1/tenants/bank/branches/${identity.branchId}`
    const link = { url: `http://127.0.0.1:${cloud.port}`, code: identity.code }
    await using branch = await openTestBranch({ cloud: link, logLevel: 'fatal' })
    const nameHere = async () =>
      (await branch.installer.get<{ branch: { name: string } }>('/api/v1/catalogue')).body.branch.name
    const upToDate = async () =>
      (await branch.stranger.get<{ cloud?: { state: string; behind: number } }>('/api/v1/health')).body.cloud
    await expect.poll(upToDate, PATIENCE).toEqual({ state: 'up to date', behind: 0 })
    const agent = await branch.staff('counter-1', 'amadou')
    const kiosk = await branch.pair('kiosk')
    let ticketId = ''
    for (let round = 1; round <= 3; round += 1) {
      // Down: published at one cloud, whichever the branch waits at.
      const catalogue = { ...sentBank, branch: { ...sentBank.branch, name: `round ${round}` } }
      expect((await admin.send('POST', `${of}/catalogues`, catalogue)).status).toBe(201)
      expect((await admin.send('POST', `${of}/inbox`, { message: { type: 'ClearMessage' } })).status).toBe(201)
      await expect.poll(nameHere, PATIENCE).toBe(`round ${round}`)
      // Up, and beside the log.
      ticketId = (await kiosk.issue('cash')).body.ticketId
      expect((await agent.post(`/api/v1/tickets/${ticketId}/note`, { note: 'Asks for Fatou' })).status).toBe(200)
      await expect.poll(upToDate, PATIENCE).toEqual({ state: 'up to date', behind: 0 })
      const noteThere = async () =>
        (await admin.get<{ note?: unknown }>(`${of}/visits/${ticketId}/details`)).body.note ?? null
      await expect.poll(noteThere, PATIENCE).not.toBeNull()
      expect((await admin.get(`${of}/now`)).status).toBe(200)
    }
    expect((await ticketsOf(cloud.database, identity)).length).toBe(3)
    const outcomes = async () =>
      (await admin.get<{ outcome: string | null }[]>(`${of}/inbox`)).body.map(({ outcome }) => outcome)
    await expect.poll(outcomes, PATIENCE).toEqual(['NoMessage', 'NoMessage', 'NoMessage'])
    // Erased at one, gone at both.
    expect((await admin.send('DELETE', `${of}/visits/${ticketId}/details`)).status).toBe(204)
    for (let each = 0; each < 2; each += 1)
      expect((await admin.get(`${of}/visits/${ticketId}/details`)).status).toBe(404)

    const [one, other] = cloud.asked
    for (const what of ['POST /api/v1/sync/events', 'GET /api/v1/sync/shape', 'POST /api/v1/sync/side'])
      expect([one?.has(what), other?.has(what)]).toEqual([true, true])
  },
  180_000,
)
