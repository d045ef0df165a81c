import { OrderParams, OrderReport } from '#shared/wire/orders.ts'
import { problem } from '#shared/wire/problem.ts'
import type { App, Parts } from '../parts.ts'
import { reportConfig } from '../plugins/device-pace.ts'
import { originOf } from '../plugins/doors.ts'

/** A device says what came of what head office had it do. */
export function registerOrderRoutes(app: App, { sync }: Parts): void {
  app.post(
    '/api/v1/devices/self/orders/:orderId',
    { config: reportConfig('kiosk', 'caller', 'display'), schema: { params: OrderParams, body: OrderReport } },
    async (request, reply) => {
      const { orderId } = request.params
      const isHeard = await sync.hearOrder(originOf(request).deviceId, orderId, request.body.outcome)
      return reply.code(isHeard ? 200 : 404).send(isHeard ? { orderId } : problem('OrderUnknown', { about: orderId }))
    },
  )
}
