import { problem } from '#shared/wire/problem.ts'
import { PresentBody, SentCatalogueBody } from '#shared/wire/sync.ts'
import type { FoldKeeper } from '../jobs/fold-keeper.ts'
import type { App, Parts } from '../parts.ts'
import { putCatalogue } from '../store/catalogue-rows.ts'
import { holdBranch } from '../store/inbox.ts'
import { keepPresent } from '../store/present-rows.ts'

/** A catalogue with its pictures. */
const CATALOGUE_BYTES_MAX = 8 * 1024 * 1024

function isCatalogue(text: string): boolean {
  try {
    const body = JSON.parse(text) as { readonly services?: unknown; readonly branch?: unknown }
    return Array.isArray(body.services) && typeof body.branch === 'object' && body.branch !== null
  } catch {
    return false
  }
}

/** What a branch says beside its log: how it is now, and the catalogues that the log speaks of. */
export function registerPresentRoutes(app: App, { database, nowMs }: Parts, keeper: FoldKeeper): void {
  app.post(
    '/api/v1/sync/now',
    { config: { door: 'branch', lane: 'now' }, schema: { body: PresentBody } },
    async (request) => {
      const { branch, body, signedAtMs } = request
      if (branch === null) throw new Error('The door of branches let somebody else in')
      return { isKept: await keepPresent(database, branch, body, { signedAtMs, nowMs: nowMs() }) }
    },
  )

  app.post(
    '/api/v1/sync/catalogues',
    {
      config: { door: 'branch', lane: 'history', isOneAtATime: true },
      bodyLimit: CATALOGUE_BYTES_MAX,
      schema: { body: SentCatalogueBody },
    },
    async ({ branch, body }, reply) => {
      if (branch === null) throw new Error('The door of branches let somebody else in')
      if (!isCatalogue(body.body))
        return reply.code(400).send(problem('RequestInvalid', { detail: 'This is no catalogue' }))
      const isNew = await database.asTenant(branch.tenantId, async (db) => {
        await holdBranch(db, branch)
        return putCatalogue(db, branch, body)
      })
      if (isNew) keeper.wake(branch, { hasNewCatalogue: true })
      return { isNew }
    },
  )
}
