import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { problem } from '#shared/wire/problem.ts'
import { PLATFORM } from '../audit/entries.ts'
import { auditLines } from '../audit/lines.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { TenantParams } from './params.ts'

/** Who changed what, for whoever answers for the tenant, or runs the cloud. */
export function registerAuditRoute(app: App, { database }: Parts): void {
  const send = (reply: FastifyReply, tenantId: string): FastifyReply =>
    reply
      .type('application/x-ndjson; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(Readable.from(auditLines(database, tenantId)))

  app.get(
    '/api/v1/tenants/:slug/audit',
    { config: { door: 'person', scope: 'manage:settings', audit: 'AuditExported' }, schema: { params: TenantParams } },
    async ({ params }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      return tenantId === null ? reply.code(404).send(problem('TenantUnknown')) : send(reply, tenantId)
    },
  )
  app.get(
    '/api/v1/audit',
    { config: { door: 'person', scope: 'platform', audit: 'AuditExported' } },
    async (_, reply) => send(reply, PLATFORM),
  )
}
