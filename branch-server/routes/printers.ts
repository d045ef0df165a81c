import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import { PaperSeenBody, PrintersBody } from '#shared/wire/printers.ts'
import type { App, Parts } from '../parts.ts'
import { reportConfig } from '../plugins/device-pace.ts'
import { originOf } from '../plugins/doors.ts'

export function registerPrinterRoutes(app: App, { printers }: Parts): void {
  app.post(
    '/api/v1/devices/self/printer',
    { config: reportConfig('kiosk'), schema: { body: PrintersBody } },
    (request, reply) => {
      const { deviceId } = originOf(request)
      printers.note(deviceId, request.body)
      return reply.code(200).send({ deviceId })
    },
  )

  app.post(
    '/api/v1/printers/papers-seen',
    { config: { doors: ['caller'], audit: NOT_AUDITED.upkeep }, schema: { body: PaperSeenBody } },
    (request, reply) => {
      const { deviceId, ...paper } = request.body
      printers.see(deviceId as DeviceId, paper)
      return reply.code(200).send({ deviceId })
    },
  )

  app.get('/api/v1/printers', { config: { doors: ['caller', 'installer'] } }, () => printers.all())
}
