import type { TenantDb } from './database.ts'
import type { MessagePolicy } from './message-policy.ts'

/** Whose sums one message counts in. */
export interface SpendOf {
  readonly tenantId: string
  readonly branchId: string | null
  readonly channel: string
  readonly recipient: string
}

const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10)

const subjectsOf = ({ branchId, channel, recipient }: SpendOf): Readonly<Record<string, string>> => ({
  tenant: '',
  ...(branchId !== null && { branch: branchId }),
  number: `${channel} ${recipient}`,
})

/** Why it may not be sent: a cap would be passed. */
export type SpendRefusal = 'NumberDayCap' | 'BranchDayCap' | 'TenantDayCap' | 'MoneyStop'

interface Sums {
  readonly [column: string]: unknown
  readonly kind: string
  readonly sent_count: string
  readonly cost_micros: string
}

function refusalOf(rows: readonly Sums[], policy: MessagePolicy, costMicros: number): SpendRefusal | null {
  const count = (kind: string): number => Number(rows.find((row) => row.kind === kind)?.sent_count ?? 0)
  const spent = Number(rows.find(({ kind }) => kind === 'tenant')?.cost_micros ?? 0)
  if (spent + costMicros > policy.moneyDayMaxMicros && costMicros > 0) return 'MoneyStop'
  if (count('tenant') >= policy.tenantDayMax) return 'TenantDayCap'
  if (count('branch') >= policy.branchDayMax) return 'BranchDayCap'
  return count('number') >= policy.numberDayMax ? 'NumberDayCap' : null
}

/**
 * Takes what one message may cost from what is left of the day, before it is sent; a day is one of UTC.
 * @returns the day, or which cap stands in the way
 */
export async function reserve(
  db: TenantDb,
  of: SpendOf,
  policy: MessagePolicy,
  { costMicros, nowMs }: { readonly costMicros: number; readonly nowMs: number },
): Promise<{ readonly day: string } | SpendRefusal> {
  const day = dayOf(nowMs)
  const subjects = subjectsOf(of)
  // The tenant's own row first: whoever reserves at the same time waits there, and sees what this one has taken.
  await db.often(
    `insert into message_spend (tenant_id, day, kind, subject) values ($1, $2, 'tenant', '')
     on conflict (tenant_id, day, kind, subject) do update set sent_count = message_spend.sent_count`,
    [of.tenantId, day],
  )
  const kinds = [Object.keys(subjects), Object.values(subjects)]
  const rows = await db.often<Sums>(
    `select kind, sent_count, cost_micros from message_spend join unnest($3::text[], $4::text[]) as it (kind, subject)
       using (kind, subject) where tenant_id = $1 and day = $2`,
    [of.tenantId, day, ...kinds],
  )
  const refusal = refusalOf(rows, policy, costMicros)
  if (refusal !== null) return refusal
  await db.often(
    `insert into message_spend select $1, $2, kind, subject, 1, $5 from unnest($3::text[], $4::text[]) as it (kind, subject)
     on conflict (tenant_id, day, kind, subject) do update
       set sent_count = message_spend.sent_count + 1, cost_micros = message_spend.cost_micros + excluded.cost_micros`,
    [of.tenantId, day, ...kinds, costMicros],
  )
  return { day }
}

/** Gives back what was reserved for one that is known never to have been taken. */
export async function release(
  db: TenantDb,
  of: SpendOf,
  { day, costMicros }: { readonly day: string; readonly costMicros: number },
): Promise<void> {
  const subjects = subjectsOf(of)
  // In the order in which it is reserved: two that cross would wait for each other.
  await db.often("select from message_spend where tenant_id = $1 and day = $2 and kind = 'tenant' for update", [
    ...[of.tenantId, day],
  ])
  await db.often(
    `update message_spend s set sent_count = s.sent_count - 1, cost_micros = s.cost_micros - $5
     from unnest($3::text[], $4::text[]) as it (kind, subject)
     where s.tenant_id = $1 and s.day = $2 and s.kind = it.kind and s.subject = it.subject`,
    [of.tenantId, day, Object.keys(subjects), Object.values(subjects), costMicros],
  )
}
