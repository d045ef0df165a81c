import { Readable } from 'node:stream'
import type { App, Parts } from '../parts.ts'
import type { Store } from '../store/store.ts'

/** One line an entry, byte for byte as it was written: the hash of each line stands in the next. */
export function* auditLines(audit: Pick<Store['audit'], 'after'>): Generator<string> {
  for (let page = audit.after(0); page.length > 0; page = audit.after(page.at(-1)?.seq ?? 0))
    for (const { body } of page) yield `${body}\n`
}

/** Who did what to this branch, for whoever answers for it. */
export function registerAuditRoute(app: App, { waist }: Parts): void {
  app.get('/api/v1/audit', { config: { doors: ['installer'], audit: 'AuditExported' } }, (_request, reply) =>
    reply
      .type('application/x-ndjson; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(Readable.from(auditLines(waist.branch().store.audit))),
  )
}
