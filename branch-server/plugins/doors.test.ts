import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { servedRoutes } from '#shared/http/testing/served-routes.ts'
import type { Client } from '../testing/client.ts'
import { createClient } from '../testing/client.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

const KINDS = ['kiosk', 'caller', 'display', 'installer'] as const
const staff = 'caller'
const devices = 'kiosk caller display'
const all = 'kiosk caller display installer'
const open = 'open'

/** Who may pass each door, written down once more by hand: the branch's own table must say the same. */
const doors: Readonly<Record<string, string>> = {
  'DELETE /api/v1/devices/:deviceId': 'installer',
  'DELETE /api/v1/media/:mediaId': 'caller installer',
  'DELETE /api/v1/tickets/:ticketId/details': staff,
  'DELETE /api/v1/tickets/:ticketId/note': staff,
  'DELETE /api/v1/trials': 'installer',
  'GET /api/v1/audit': 'installer',
  'GET /api/v1/board': all,
  'GET /api/v1/catalogue': all,
  'GET /api/v1/devices': 'installer',
  'GET /api/v1/devices/contact': 'caller installer',
  'GET /api/v1/devices/self': devices,
  'GET /api/v1/feed': open,
  'GET /api/v1/health': open,
  'GET /api/v1/displays/self/playlist': 'display',
  'GET /api/v1/media': 'caller installer',
  'GET /api/v1/media/:mediaId': 'display',
  'GET /api/v1/printers': 'caller installer',
  'POST /api/v1/printers/papers-seen': 'caller',
  'GET /api/v1/reports/days': 'caller installer',
  'GET /api/v1/reports/figures': 'caller installer',
  'GET /api/v1/reports/today': 'caller installer',
  'GET /api/v1/screens': 'caller installer',
  'GET /api/v1/rights': 'caller installer',
  'POST /api/v1/management/agents': 'caller installer',
  'POST /api/v1/management/agents/:agentId/pin': 'caller installer',
  'POST /api/v1/management/agents/:agentId/restore': 'caller installer',
  'POST /api/v1/management/agents/:agentId/suspend': 'caller installer',
  'POST /api/v1/management/confirm-rights': 'caller installer',
  'POST /api/v1/devices/self/token': devices,
  'POST /api/v1/devices/self/token/confirm': devices,
  'GET /api/v1/snapshot': devices,
  'GET /api/v1/stats': 'caller installer',
  'GET /api/v1/tickets': devices,
  'GET /api/v1/tickets/:ticketId': devices,
  'GET /api/v1/tickets/:ticketId/details': staff,
  'GET /api/v1/tickets/:ticketId/note': staff,
  'GET /api/v1/voice/clips/:hash': 'display caller installer',
  'GET /api/v1/voice/displays': 'caller installer',
  'GET /api/v1/voice/packs': 'display caller installer',
  'GET /api/v1/voice/phrases/:language/:kind/:value': 'display',
  'POST /api/v1/voice/turn': 'display',
  'PUT /api/v1/voice/packs/:tag': 'caller installer',
  'PUT /api/v1/voice/packs/:tag/clips/:clipId': 'caller installer',
  'DELETE /api/v1/voice/packs/:tag': 'caller installer',
  'DELETE /api/v1/voice/packs/:tag/clips/:clipId': 'caller installer',
  'GET /api/v1/waits': devices,
  'GET /api/v1/waits/error': 'caller installer',
  'GET /api/v1/waits/forecast': 'caller installer',
  'GET /api/v1/waits/what-if': 'caller installer',
  'GET /docs': open,
  'GET /docs/': open,
  'GET /docs/*': open,
  'GET /api/v1/trials': 'installer',
  'GET /guest/': open,
  'GET /guest/board': open,
  'GET /guest/guest.css': open,
  'GET /guest/guest.js': open,
  'GET /metrics': open,
  'GET /openapi.json': open,
  'POST /api/v1/backups': 'installer',
  'POST /api/v1/check-ins': 'kiosk caller',
  'POST /api/v1/checks': 'installer',
  'POST /api/v1/counters/:counterId/adopt': staff,
  'POST /api/v1/counters/:counterId/break': staff,
  'POST /api/v1/counters/:counterId/call': staff,
  'POST /api/v1/counters/:counterId/call-next': staff,
  'POST /api/v1/counters/:counterId/close': staff,
  'POST /api/v1/counters/:counterId/open': staff,
  'POST /api/v1/counters/:counterId/resume': staff,
  'POST /api/v1/counters/:counterId/serve-now': staff,
  'POST /api/v1/day/close': 'caller installer',
  'POST /api/v1/day/confirm-clock': 'caller installer',
  'POST /api/v1/devices/:deviceId/trials': 'installer',
  'POST /api/v1/devices/self/media': 'display',
  'POST /api/v1/devices/self/printer': 'kiosk',
  'POST /api/v1/devices/self/screen': 'kiosk',
  'POST /api/v1/devices/self/trials/:trialId': devices,
  'POST /api/v1/feed-tickets': devices,
  'POST /api/v1/intake/resume': 'caller installer',
  'POST /api/v1/intake/stop': 'caller installer',
  'POST /api/v1/management/sign-in': staff,
  'POST /api/v1/management/sign-out': staff,
  'POST /api/v1/message': 'caller installer',
  'POST /api/v1/message/clear': 'caller installer',
  'POST /api/v1/pairings': 'installer',
  'POST /api/v1/pairings/claim': open,
  'POST /api/v1/power': 'installer',
  'POST /api/v1/queues/:queueId/close': 'caller installer',
  'POST /api/v1/queues/:queueId/open': 'caller installer',
  'POST /api/v1/queues/:queueId/pause': 'caller installer',
  'POST /api/v1/queues/:queueId/resume': 'caller installer',
  'POST /api/v1/staff/prove': 'kiosk',
  'POST /api/v1/tickets': 'kiosk caller',
  'POST /api/v1/tickets/:ticketId/cancel': staff,
  'POST /api/v1/tickets/:ticketId/complete': staff,
  'POST /api/v1/tickets/:ticketId/hold': staff,
  'POST /api/v1/tickets/:ticketId/no-show': staff,
  'POST /api/v1/tickets/:ticketId/note': staff,
  'POST /api/v1/tickets/:ticketId/recall': staff,
  'POST /api/v1/tickets/:ticketId/reinstate': staff,
  'POST /api/v1/tickets/:ticketId/resume': staff,
  'POST /api/v1/tickets/:ticketId/return': staff,
  'POST /api/v1/tickets/:ticketId/start': staff,
  'POST /api/v1/tickets/:ticketId/transfer': staff,
  'POST /api/v1/tickets/adopt': 'kiosk',
  'POST /api/v1/tickets/read-code': 'caller',
  'POST /api/v1/tickets/record': staff,
  'POST /api/v1/devices/self/disk': devices,
  'POST /api/v1/devices/self/orders/:orderId': devices,
  'POST /api/v1/tickets/withdraw': 'kiosk',
  'POST /api/v1/trials/rounds': 'installer',
  'PUT /api/v1/appointments': 'installer',
  'POST /api/v1/waiting-list/print': 'caller installer',
  'PUT /api/v1/catalogue': 'installer',
  'PUT /api/v1/displays/:name/playlist': 'caller installer',
  'PUT /api/v1/media/:mediaId': 'caller installer',
}

let branch: TestBranch
const bearers = new Map<string, Client>()
beforeAll(async () => {
  branch = await openTestBranch()
  for (const kind of KINDS) bearers.set(kind, kind === 'installer' ? branch.installer : await branch.pair(kind))
})
afterAll(() => branch[Symbol.asyncDispose]())

/** Knocks with an address that names nothing and no body: enough to see whether the door opens. */
async function knock(client: Client | undefined, route: string): Promise<string> {
  if (client === undefined) throw new Error('Nobody knocks')
  const [method = '', path = ''] = route.split(' ')
  const { status, body } = await client.send<{ code?: string } | null>(
    method,
    path.replaceAll(/:\w+/g, 'nobody').replace('*', 'static/swagger-ui.css'),
  )
  const code = body?.code ?? ''
  return ['Unauthorized', 'Forbidden'].includes(code) ? `${status} ${code}` : 'in'
}

test('the doors are exactly those written down here', () => {
  expect(servedRoutes(branch.running.app)).toEqual(Object.keys(doors).toSorted())
})

describe('nobody passes without a token or with a wrong one, except where the door is open', () => {
  for (const [route, who] of Object.entries(doors))
    test(route, async () => {
      const stranger = who === open ? 'in' : '401 Unauthorized'
      expect(await knock(branch.stranger, route)).toBe(stranger)
      expect(await knock(createClient(branch.url, 'a-token-nobody-gave-out'), route)).toBe(stranger)
    })
})

describe('each kind of device passes its own doors and no other', () => {
  for (const [route, who] of Object.entries(doors))
    test(`${route} lets in: ${who}`, async () => {
      for (const kind of KINDS) {
        const mayPass = who === open || who.split(' ').includes(kind)
        expect([kind, await knock(bearers.get(kind), route)]).toEqual([kind, mayPass ? 'in' : '403 Forbidden'])
      }
    })
})

test('an address that does not exist is not told apart from a closed door', async () => {
  for (const route of ['GET /', 'GET /api/v1/nothing', 'PATCH /api/v1/tickets', 'POST /metrics', 'GET /docs-old']) {
    expect(await knock(branch.stranger, route)).toBe('401 Unauthorized')
    const [method = '', path = ''] = route.split(' ')
    expect(await branch.installer.send(method, path)).toMatchObject({ status: 404, body: { code: 'RouteUnknown' } })
  }
})

test('the figures are for this machine and for the installer', async () => {
  const { app } = branch.running
  const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
    app.inject({ url: '/metrics', remoteAddress, headers: { host: '127.0.0.1', ...headers } })
  const kiosk = { authorization: `Bearer ${bearers.get('kiosk')?.token}` }
  const installer = { authorization: `Bearer ${branch.installer.token}` }
  expect((await from('127.0.0.1')).statusCode).toBe(200)
  expect((await from('::ffff:127.0.0.1')).statusCode).toBe(200)
  expect((await from('192.168.1.9')).statusCode).toBe(401)
  expect((await from('192.168.1.9', kiosk)).statusCode).toBe(401)
  expect((await from('192.168.1.9', installer)).statusCode).toBe(200)
  expect((await from('192.168.1.9', { 'x-forwarded-for': '127.0.0.1' })).statusCode).toBe(401)
})

test('a page of another site finds no door, whatever name leads to this machine', async () => {
  const { app } = branch.running
  const status = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/api/v1/health', headers })).statusCode
  for (const host of ['127.0.0.1:7070', 'localhost', '[::1]:7070', '192.168.1.7'])
    expect(await status({ host })).toBe(200)
  for (const host of ['evil.example', '127.0.0.1.evil.example:7070', 'localhost.evil.example'])
    expect(await status({ host })).toBe(421)
  const host = '127.0.0.1:7070'
  expect(await status({ host, origin: 'http://127.0.0.1:7070' })).toBe(200)
  for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:7071', 'https://127.0.0.1:7070'])
    expect(await status({ host, origin })).toBe(403)
})
