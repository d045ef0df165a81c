import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { problem } from '#shared/wire/problem.ts'
import { SideBody } from '#shared/wire/side.ts'
import type { App, Parts } from '../parts.ts'
import { branchOf } from '../store/branches.ts'
import { askErasure, findSide, receiveSide } from '../store/side.ts'
import { VisitParams } from './params.ts'

const READ = { door: 'person', scope: 'read:customer' } as const
const WRITE = { door: 'person', scope: 'write:customer' } as const
const ADDRESS = '/api/v1/tenants/:slug/branches/:branchId/visits/:ticketId/details'

const isDoubled = (rows: readonly { readonly ticketId: string }[]): boolean =>
  new Set(rows.map(({ ticketId }) => ticketId)).size < rows.length

/** Names, phones and notes: how they come, are read and are erased. */
export function registerSideRoutes(app: App, { database }: Parts): void {
  app.post(
    '/api/v1/sync/side',
    { config: { door: 'branch', lane: 'beside', audit: NOT_AUDITED.sync }, schema: { body: SideBody } },
    async ({ branch, body }, reply) => {
      if (branch === null) throw new Error('The door of branches let somebody else in')
      if ([body.rows, body.erased].some(isDoubled))
        return reply.code(400).send(problem('RequestInvalid', { detail: 'A visit is there twice' }))
      if (body.stretch !== undefined && body.stretch.versions.length !== body.held.length)
        return reply.code(400).send(problem('RequestInvalid', { detail: 'Each visit that is held has one version' }))
      return receiveSide(database, branch, body)
    },
  )

  const schema = { params: VisitParams }
  app.get(
    ADDRESS,
    { config: { ...READ, audit: 'DetailsRead' }, schema },
    async ({ params: { slug, branchId, ticketId } }, reply) => {
      const identity = await branchOf(database, { slug, branchId })
      const found = identity === null ? null : await findSide(database, identity, ticketId)
      if (found === null) return reply.code(404).send(problem('DetailsUnknown', { about: ticketId }))
      return reply.header('cache-control', 'no-store').send(found)
    },
  )
  app.delete(ADDRESS, { config: { ...WRITE, audit: 'DetailsErased' }, schema }, async (request, reply) => {
    const { slug, branchId, ticketId } = request.params
    const identity = await branchOf(database, { slug, branchId })
    if (identity === null) return reply.code(404).send(problem('TenantUnknown'))
    const isDone = await askErasure(database, identity, ticketId, request.audit.record)
    return isDone ? reply.code(204).send() : reply.code(404).send(problem('BranchUnknown'))
  })
}
