import type { DeviceId } from '#shared/domain/ids.ts'
import { type KioskPrinters, PRINTERS_KEPT_MS, type PrinterState, PrintersBody } from '#shared/wire/printers.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'

/** Changes are rare; a printer that flickers must not keep the branch busy. */
const REPORTS_PER_MINUTE_MAX = 60

interface Report {
  readonly printers: readonly PrinterState[]
  readonly atMs: number
}

/**
 * How the kiosks' printers are: kept in memory alone, for it is true now or not at all, and a kiosk tells it again.
 * At most one report for each paired kiosk.
 */
export function registerPrinterRoutes(app: App, { roster, clocks }: Parts): void {
  const reportBy = new Map<DeviceId, Report>()

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
      reportBy.set(deviceId, { printers: request.body.printers, atMs: clocks.monotonicMs() })
      return reply.code(200).send({ deviceId })
    },
  )

  app.get('/api/v1/printers', { config: { doors: ['caller', 'installer'] } }, (): readonly KioskPrinters[] => {
    const nowMs = clocks.monotonicMs()
    for (const [deviceId, { atMs }] of reportBy)
      if (nowMs - atMs > PRINTERS_KEPT_MS || roster.find(deviceId) === undefined) reportBy.delete(deviceId)
    return [...reportBy].map(([deviceId, { printers }]) => ({
      deviceId,
      name: roster.find(deviceId)?.name ?? '',
      printers,
    }))
  })
}
