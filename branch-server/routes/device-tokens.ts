import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { BRANCH_ORIGIN } from '#shared/domain/step.ts'
import { Nothing } from '#shared/wire/requests.ts'
import { hashToken, makeToken } from '../access/pairings.ts'
import type { App, Parts } from '../parts.ts'
import { paceOfDevice } from '../plugins/device-pace.ts'
import { originOf, tokenOf } from '../plugins/doors.ts'
import type { Store } from '../store/store.ts'
import { sendReply } from './ask.ts'

const TURNS_PER_MINUTE_MAX = 10
const DEVICES = { doors: ['kiosk', 'caller', 'display'], rateLimit: paceOfDevice(TURNS_PER_MINUTE_MAX) } as const

/**
 * A device changes its token: it is handed a new one, writes it down and comes back with it. Until then the one before
 * counts alone, so that no answer that is lost locks it out; from then on the one before is over.
 */
export function registerDeviceTokenRoutes(app: App, parts: Parts): void {
  const { waist, clocks } = parts
  const write = (writes: (store: Store) => void, status: number, body: object) =>
    waist.execute({
      origin: BRANCH_ORIGIN,
      command: { type: 'KeepTime' },
      answer: () => ({ status, body }),
      idempotency: null,
      bookmark: null,
      writes,
    })

  app.post(
    '/api/v1/devices/self/token',
    { config: { ...DEVICES, audit: NOT_AUDITED.upkeep }, schema: { body: Nothing } },
    async (request, reply) => {
      const { deviceId } = originOf(request)
      const token = makeToken()
      const done = await write((store) => store.devices.offerToken(deviceId, hashToken(token)), 201, { token })
      if (done.status === 201) parts.keepDevices()
      return sendReply(reply, done)
    },
  )
  app.post(
    '/api/v1/devices/self/token/confirm',
    { config: { ...DEVICES, takesNextToken: true, audit: 'DeviceTokenRotated' }, schema: { body: Nothing } },
    async (request, reply) => {
      const { deviceId } = originOf(request)
      const shown = hashToken(tokenOf(request.headers.authorization) ?? '')
      const atMs = Math.floor(clocks.wallMs())
      // Whoever confirms again, because the answer was lost, shows the token that counts already: nothing changes.
      const done = await write((store) => store.devices.turnToken(deviceId, shown, atMs), 200, { deviceId })
      if (done.status === 200) parts.keepDevices()
      return sendReply(reply, done)
    },
  )
}
