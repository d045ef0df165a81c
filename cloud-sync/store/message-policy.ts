import type { MessagePolicyBody } from '#shared/wire/messages.ts'
import type { TenantDb } from './database.ts'

/** What a tenant wants of its messages. */
export type MessagePolicy = MessagePolicyBody

/** Of a tenant that has said nothing: mails alone, for they cost nothing. */
export const NO_POLICY: MessagePolicy = {
  channels: ['email'],
  quiet: null,
  ...{ numberDayMax: 10, branchDayMax: 2_000, tenantDayMax: 10_000 },
  ...{ moneyDayMaxMicros: 0, smsPriceMicros: 0, callingCodes: [] },
}

interface Row {
  readonly [column: string]: unknown
  readonly channels: MessagePolicyBody['channels']
  readonly quiet_from: number | null
  readonly quiet_until: number | null
  readonly number_day_max: string
  readonly branch_day_max: string
  readonly tenant_day_max: string
  readonly money_day_max_micros: string
  readonly sms_price_micros: string
  readonly calling_codes: string[]
}

export async function readPolicy(db: TenantDb, tenantId: string): Promise<MessagePolicy> {
  const [row] = await db.often<Row>('select * from message_policy where tenant_id = $1', [tenantId])
  if (row === undefined) return NO_POLICY
  const { quiet_from: from, quiet_until: until } = row
  return {
    channels: row.channels,
    quiet: from === null || until === null ? null : { from, until },
    numberDayMax: Number(row.number_day_max),
    branchDayMax: Number(row.branch_day_max),
    tenantDayMax: Number(row.tenant_day_max),
    moneyDayMaxMicros: Number(row.money_day_max_micros),
    smsPriceMicros: Number(row.sms_price_micros),
    callingCodes: row.calling_codes,
  }
}

export async function keepPolicy(db: TenantDb, tenantId: string, policy: MessagePolicy, nowMs: number): Promise<void> {
  await db.query(
    `insert into message_policy values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (tenant_id) do update set channels = excluded.channels, quiet_from = excluded.quiet_from,
       quiet_until = excluded.quiet_until, number_day_max = excluded.number_day_max,
       branch_day_max = excluded.branch_day_max, tenant_day_max = excluded.tenant_day_max,
       money_day_max_micros = excluded.money_day_max_micros, sms_price_micros = excluded.sms_price_micros,
       calling_codes = excluded.calling_codes, changed_at = excluded.changed_at`,
    [
      ...[tenantId, policy.channels, policy.quiet?.from ?? null, policy.quiet?.until ?? null],
      ...[policy.numberDayMax, policy.branchDayMax, policy.tenantDayMax],
      ...[policy.moneyDayMaxMicros, policy.smsPriceMicros, policy.callingCodes, new Date(nowMs)],
    ],
  )
}
