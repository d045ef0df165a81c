import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { amadou, counter1, djeneba, tellerLine } from '#shared/domain/testing/bank.ts'
import { PIN } from '../testing/bank-catalogue.ts'
import type { DeviceClient } from '../testing/client.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'

const HASH = 'a'.repeat(64)
const agents = '/api/v1/management/agents'

/** What a caller may ask only while a manager is signed in at it, with a body that is none of the reasons to refuse. */
const managers: Readonly<Record<string, object | undefined>> = {
  'GET /api/v1/media': undefined,
  'GET /api/v1/reports/days?from=2026-11-23&to=2026-11-23': undefined,
  'GET /api/v1/reports/figures?from=2026-11-23&to=2026-11-23': undefined,
  'GET /api/v1/reports/today': undefined,
  'GET /api/v1/waits/forecast?stopAtMs=1800000000000': undefined,
  'GET /api/v1/waits/what-if?counters=1': undefined,
  [`DELETE /api/v1/media/${HASH}`]: undefined,
  'PUT /api/v1/displays/lobby/playlist': { playlist: [] },
  'DELETE /api/v1/voice/packs/wo': undefined,
  [`POST ${agents}`]: { name: 'Awa', role: 'agent', pin: '604817' },
  [`POST ${agents}/${amadou}/pin`]: { pin: '604817' },
  [`POST ${agents}/${amadou}/restore`]: {},
  [`POST ${agents}/${amadou}/suspend`]: {},
  'POST /api/v1/management/confirm-rights': {},
  'POST /api/v1/day/close': {},
  'POST /api/v1/day/confirm-clock': {},
  'POST /api/v1/intake/resume': {},
  'POST /api/v1/intake/stop': {},
  'POST /api/v1/message': { messageId: 'evacuate' },
  'POST /api/v1/message/clear': {},
  [`POST /api/v1/queues/${tellerLine}/close`]: {},
  [`POST /api/v1/queues/${tellerLine}/open`]: {},
  [`POST /api/v1/queues/${tellerLine}/pause`]: {},
  [`POST /api/v1/queues/${tellerLine}/resume`]: {},
}

let branch: TestBranch
let bare: DeviceClient
let agent: DeviceClient
let manager: DeviceClient
beforeAll(async () => {
  branch = await openTestBranch({ logLevel: 'fatal' })
  await branch.pair('kiosk')
  bare = await branch.pair('caller', 'bare')
  agent = await branch.staff(counter1, amadou)
  manager = await branch.pair('caller', 'office')
  await manager.post('/api/v1/management/sign-in', { agentId: djeneba, pin: PIN })
})
afterAll(() => branch[Symbol.asyncDispose]())

async function codeOf(client: DeviceClient, route: string): Promise<string> {
  const [method = '', path = ''] = route.split(' ')
  const { body } = await client.send<{ code?: string } | null>(method, path, managers[route])
  return body?.code ?? ''
}

describe('a caller is no manager’s by being paired, nor by an agent’s being signed in at it', () => {
  for (const route of Object.keys(managers))
    test(route, async () => {
      expect(await codeOf(bare, route)).toBe('NotAManager')
      expect(await codeOf(agent, route)).toBe('NotAManager')
    })
})

describe('a manager who is signed in there may', () => {
  for (const route of Object.keys(managers))
    test(route, async () => expect(await codeOf(manager, route)).not.toBe('NotAManager'))
})
