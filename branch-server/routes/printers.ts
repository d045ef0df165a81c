import { PrintersBody } from '#shared/wire/printers.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'

/** Changes are rare; a printer that flickers must not keep the branch busy. */
const REPORTS_PER_MINUTE_MAX = 60

export function registerPrinterRoutes(app: App, { printers }: Parts): void {
  app.post(
    '/api/v1/devices/self/printer',
    {
      config: {
        doors: ['kiosk'],
        rateLimit: {
          max: REPORTS_PER_MINUTE_MAX,
          timeWindow: 60_000,
          hook: 'preHandler',
          keyGenerator: (request) => originOf(request).deviceId,
        },
      },
      schema: { body: PrintersBody },
    },
    (request, reply) => {
      const { deviceId } = originOf(request)
      printers.note(deviceId, request.body)
      return reply.code(200).send({ deviceId })
    },
  )

  app.get('/api/v1/printers', { config: { doors: ['caller', 'installer'] } }, () => printers.all())
}
