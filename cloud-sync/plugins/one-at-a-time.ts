import type { FastifyReply } from 'fastify'
import { problem } from '#shared/wire/problem.ts'
import { createInOrder, type Turn } from '../admission/in-order.ts'
import type { App } from '../parts.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of one branch one is worked at, and one more is made ready inside meanwhile; a third is sent away. */
    isOneAtATime?: boolean
  }
  interface FastifyRequest {
    /** Its place behind the one of its branch that came before; null: it has none. */
    turn: Turn | null
  }
}

const AGAIN_SECONDS = 2
/**
 * What a branch brings waits for its turn with a connection to the database in its hands: without this, one branch that
 * repeats itself would take them all, and every tenant would wait.
 */
export function registerOneAtATime(app: App): void {
  const inOrder = createInOrder()
  app.decorateRequest('turn', null)
  app.addHook('preHandler', async (request, reply): Promise<FastifyReply | undefined> => {
    const { config, url } = request.routeOptions
    if (config.isOneAtATime !== true || request.branch === null) return undefined
    request.turn = inOrder.enter(`${request.branch.branchId} ${url}`)
    if (request.turn !== null) return undefined
    return reply.code(503).header('retry-after', AGAIN_SECONDS).send(problem('TooBusy'))
  })
  // Once it has been worked at, also where nobody is left on the line to be answered.
  app.addHook('onSend', async (request) => {
    request.turn?.leave()
    request.turn = null
  })
}
