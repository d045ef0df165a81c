import { Type } from 'typebox'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { PresentBody, SentCatalogueBody } from '#shared/wire/sync.ts'
import type { FoldKeeper } from '../jobs/fold-keeper.ts'
import type { App, Parts } from '../parts.ts'
import { putCatalogue } from '../store/catalogue-rows.ts'
import { holdBranch } from '../store/inbox.ts'
import { keepPresent } from '../store/present-rows.ts'

/** In the address, which a cloud of the version before passes over: the catalogue of ours that the branch has in force. */
const PresentQuery = Type.Object({ catalogue: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })) }, strict)

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
  const schema = { querystring: PresentQuery, body: PresentBody }
  app.post(
    '/api/v1/sync/now',
    { config: { door: 'branch', lane: 'now', audit: NOT_AUDITED.sync }, schema },
    async (request) => {
      const { branch, body, query, signedAtMs } = request
      if (branch === null) throw new Error('The door of branches let somebody else in')
      const told = { signedAtMs, nowMs: nowMs(), catalogueVersion: Number(query.catalogue ?? 0) }
      const isKept = await keepPresent(database, branch, body, told)
      if (isKept) app.live.changed(branch)
      return { isKept }
    },
  )

  app.post(
    '/api/v1/sync/catalogues',
    {
      config: { door: 'branch', lane: 'history', isOneAtATime: true, audit: NOT_AUDITED.sync },
      bodyLimit: CATALOGUE_BYTES_MAX,
      schema: { body: SentCatalogueBody },
    },
    async (request, reply) => {
      const { branch, body } = request
      if (branch === null) throw new Error('The door of branches let somebody else in')
      if (!isCatalogue(body.body))
        return reply.code(400).send(problem('RequestInvalid', { detail: 'This is no catalogue' }))
      await request.itsTurn()
      const isNew = await database.asTenant(branch.tenantId, async (db) => {
        await holdBranch(db, branch)
        return putCatalogue(db, branch, body)
      })
      if (isNew) keeper.wake(branch, { hasNewCatalogue: true })
      return { isNew }
    },
  )
}
