import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { problem } from '#shared/wire/problem.ts'
import { auditAfter, PLATFORM } from '../audit/entries.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import type { Database } from '../store/database.ts'
import { TenantParams } from './params.ts'

/** One line an entry, byte for byte as it was written: the hash of each line stands in the next. */
export async function* auditLines(database: Database, tenantId: string): AsyncGenerator<string> {
  const pageAfter = (seq: number) => database.asTenant(tenantId, (db) => auditAfter(db, tenantId, seq))
  for (let page = await pageAfter(0); page.length > 0; page = await pageAfter(page.at(-1)?.seq ?? 0))
    for (const { body } of page) yield `${body}\n`
}

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
