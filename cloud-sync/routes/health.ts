import type { FoldKeeper } from '../jobs/fold-keeper.ts'
import type { App, Parts } from '../parts.ts'

export function registerHealthRoutes(app: App, { database, version }: Parts, keeper: FoldKeeper): void {
  app.get('/api/v1/health', { config: { door: 'open' } }, async (request, reply) => {
    const isReached = await database
      .asNobody((db) => db.query('select'))
      .then(() => true)
      .catch((error: unknown) => {
        request.log.error({ err: error }, 'the database does not answer')
        return false
      })
    return reply
      .code(isReached ? 200 : 503)
      .send({ status: isReached ? 'ok' : 'down', role: 'cloud', version, logs: keeper.health() })
  })
}
