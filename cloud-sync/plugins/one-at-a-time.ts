import type { FastifyReply } from 'fastify'
import { problem } from '#shared/wire/problem.ts'
import type { App } from '../parts.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A second request of the same branch is sent away while the first is worked at. */
    isOneAtATime?: boolean
  }
  interface FastifyRequest {
    /** What it keeps others of its branch from; null: nothing. */
    turn: string | null
  }
}

const AGAIN_SECONDS = 2

/**
 * What a branch brings waits for its turn with a connection to the database in its hands: without this, one branch that
 * repeats itself would take them all, and every tenant would wait.
 */
export function registerOneAtATime(app: App): void {
  const underWay = new Set<string>()
  app.decorateRequest('turn', null)
  app.addHook('preHandler', async (request, reply): Promise<FastifyReply | undefined> => {
    const { config, url } = request.routeOptions
    if (config.isOneAtATime !== true || request.branch === null) return undefined
    const turn = `${request.branch.branchId} ${url}`
    if (underWay.has(turn)) return reply.code(503).header('retry-after', AGAIN_SECONDS).send(problem('TooBusy'))
    underWay.add(turn)
    request.turn = turn
    return undefined
  })
  // Once it has been worked at, also where nobody is left on the line to be answered.
  app.addHook('onSend', async (request) => {
    if (request.turn !== null) underWay.delete(request.turn)
    request.turn = null
  })
}
