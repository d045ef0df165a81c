import type { FoldKeeper } from '../jobs/fold-keeper.ts'
import type { App, Parts } from '../parts.ts'
import type { AuditDoubters } from '../plugins/audit-anchors.ts'

/** Branches try again more often than this: so long after the last that was not taken, the disk is believed to be well. */
const FAULT_TOLD_MS = 60_000

export function registerHealthRoutes(
  app: App,
  { database, version, nowMs }: Pick<Parts, 'database' | 'version' | 'nowMs'>,
  keeper: Pick<FoldKeeper, 'health'>,
  doubters: AuditDoubters,
  /** Of how many chains what this cloud has kept is not there. */
  notAsKeptCount: () => number = () => 0,
): void {
  app.get('/api/v1/health', { config: { door: 'open' } }, async (request, reply) => {
    const isReached = await database
      .asNobody((db) => db.query('select'))
      .then(() => true)
      .catch((error: unknown) => {
        request.log.error({ err: error }, 'the database does not answer')
        return false
      })
    const { storageFault } = app
    const isFull = storageFault !== null && nowMs() - storageFault.atMs < FAULT_TOLD_MS
    const notAsKept = notAsKeptCount()
    // It answers all the same: whoever stands before it must not take it away for that.
    const standing = doubters.size > 0 || notAsKept > 0 ? 'audit-doubted' : 'ok'
    return reply.code(isReached && !isFull ? 200 : 503).send({
      status: !isReached ? 'down' : isFull ? 'storage-unavailable' : standing,
      role: 'cloud',
      version,
      logs: keeper.health(),
      ...(isFull && { hint: storageFault.problem.detail }),
      ...(doubters.size > 0 && { auditDoubtedBy: doubters.size }),
      ...(notAsKept > 0 && { auditNotAsKept: notAsKept }),
    })
  })
}
