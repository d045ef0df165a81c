import type { FastifyBaseLogger } from 'fastify'
import type { Language } from '#shared/domain/ids.ts'
import type { Live } from '../live/open-live.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Names } from '../store/branches.ts'
import type { Database, TenantDb } from '../store/database.ts'
import { queueMail } from '../store/mail-waiting.ts'
import { leanOnAddresses } from '../store/mailed-addresses.ts'
import { readCatalogueNames } from '../store/report-rows.ts'
import { alertMails, type Naming } from './alert-mail.ts'
import { evaluateAlerts, type Told } from './evaluate.ts'

export interface WatchParts {
  readonly database: Database
  readonly nowMs: () => number
  readonly log: FastifyBaseLogger
  /** null: no mail goes out of this cloud. */
  readonly mailer: Mailer | null
  /** Where people reach it; null: nowhere by a browser. */
  readonly publicUrl: string | null
  readonly live: Pick<Live, 'changedIn'>
}

export const namedIn = (names: Names, language: Language): string =>
  names[language] ?? Object.values(names).find((it) => it !== '') ?? ''

/** What the branches of these alerts, and their queues, are called. */
async function namingFor(db: TenantDb, tenantId: string, told: readonly Told[]): Promise<(branchId: string) => Naming> {
  const branchIds = [...new Set(told.map(({ branchId }) => branchId))]
  const rows = await db.query<{ branch_id: string; name: Names; time_zone: string }>(
    'select branch_id, name, time_zone from branch where tenant_id = $1 and branch_id = any($2)',
    [tenantId, branchIds],
  )
  const branchById = new Map(rows.map((row) => [row.branch_id, row]))
  const queues = await readCatalogueNames(db, tenantId, branchIds, 'queue')
  return (branchId) => {
    const branch = branchById.get(branchId)
    return {
      timeZone: branch?.time_zone ?? 'UTC',
      branchName: (language) => namedIn(branch?.name ?? {}, language),
      subjectName({ kind, subject }, language) {
        // A device has no name here, and its id says nothing to people.
        if (kind === 'device' || kind === 'paper') return ''
        const name = queues.get(branchId)?.get(subject)
        return typeof name === 'object' ? namedIn(name as Names, language) : (name ?? subject)
      },
    }
  }
}

/** Each with the addresses of its rule as they are now, and stay until the mails are written. */
async function mailedNow(db: TenantDb, tenantId: string, told: readonly Told[]): Promise<readonly Told[]> {
  if (told.every(({ emails }) => emails.length === 0)) return []
  await leanOnAddresses(db, tenantId)
  const rows = await db.query<{ rule_id: string; emails: readonly string[] }>(
    'select rule_id, emails from alert_rule where tenant_id = $1 and rule_id = any($2)',
    [tenantId, [...new Set(told.map(({ ruleId }) => ruleId))]],
  )
  const emailsByRule = new Map(rows.map((row) => [row.rule_id, row.emails]))
  return told
    .map((it) => ({ ...it, emails: emailsByRule.get(it.ruleId) ?? [] }))
    .filter(({ emails }) => emails.length > 0)
}

async function slugOf(db: TenantDb, tenantId: string): Promise<string> {
  const [row] = await db.query<{ slug: string }>('select slug from tenant_directory where tenant_id = $1', [tenantId])
  return row?.slug ?? ''
}

/** Looks at a tenant as it is now, and tells who wants to be told; what is mailed is written down, and sent beside. */
export async function watchTenant(parts: WatchParts, tenantId: string): Promise<void> {
  const { database, mailer, publicUrl, nowMs, live, log } = parts
  const atMs = nowMs()
  const evaluated = await database.asTenant(tenantId, (db) =>
    evaluateAlerts(db, tenantId, atMs, async (told) => {
      const mailed = mailer === null ? [] : await mailedNow(db, tenantId, told)
      if (mailed.length === 0) return
      const link = publicUrl === null ? null : `${publicUrl}/dashboard/t/${await slugOf(db, tenantId)}/alerts`
      for (const mail of alertMails(mailed, await namingFor(db, tenantId, mailed), link))
        if (!(await queueMail(db, tenantId, mail, atMs))) log.warn({ tenantId }, 'too many mails of a tenant wait')
    }),
  )
  if (evaluated?.hasChanged === true) live.changedIn(tenantId)
}
