import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { QueueId } from '#shared/domain/ids.ts'
import { findQueue, queueMode, waitingCountOf } from '#shared/domain/state.ts'
import { Nothing, QueueParams } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { ask } from './ask.ts'

const acts = { pause: 'PauseQueue', resume: 'ResumeQueue', close: 'CloseQueue', open: 'OpenQueue' } as const

export function registerQueueRoutes(app: App, parts: Parts): void {
  for (const [name, type] of Object.entries(acts) as [keyof typeof acts, (typeof acts)[keyof typeof acts]][])
    app.post(
      `/api/v1/queues/:queueId/${name}`,
      {
        config: { doors: ['caller', 'installer'], audit: NOT_AUDITED.inLog },
        schema: { params: QueueParams, body: Nothing },
      },
      (request, reply) => {
        const { queueId } = request.params as { queueId: QueueId }
        return ask(parts, request, reply, { type, queueId }, ({ state }) => ({
          status: 200,
          body: {
            queueId,
            name: findQueue(state, queueId)?.name ?? {},
            ...queueMode(state, queueId),
            waitingCount: waitingCountOf(state, queueId),
          },
        }))
      },
    )
}
