import type { Shift } from '#shared/project/shifts.ts'
import { scalars, texts } from './arrays.ts'
import type { TenantDb } from './database.ts'
import type { BranchIdentity } from './inbox.ts'

/** Counter time that has ended, at its place along the line. */
export type EndedShift = Shift & { readonly ord: number }

export async function writeShifts(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  ended: readonly EndedShift[],
): Promise<void> {
  if (ended.length === 0) return
  await db.often(
    `insert into shift (tenant_id, branch_id, ord, counter_id, agent_id, business_date, is_training, signed_in_ms,
       break_ms, serving_ms)
     select $1, $2, * from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::bigint[],
       $9::bigint[], $10::bigint[])`,
    [
      ...[tenantId, branchId, scalars(ended.map(({ ord }) => ord)), texts(ended.map(({ counterId }) => counterId))],
      ...[texts(ended.map(({ agentId }) => agentId)), texts(ended.map(({ businessDate }) => businessDate))],
      ...[scalars(ended.map(({ isTraining }) => isTraining)), scalars(ended.map(({ signedInMs }) => signedInMs ?? 0))],
      ...[scalars(ended.map(({ breakMs }) => breakMs)), scalars(ended.map(({ servingMs }) => servingMs))],
    ],
  )
}

interface Row {
  readonly counter_id: string
  readonly agent_id: string
  readonly business_date: string
  readonly is_training: boolean
  readonly signed_in_ms: string
  readonly break_ms: string
  readonly serving_ms: string
}

export async function readShifts(
  db: TenantDb,
  { tenantId, branchId }: BranchIdentity,
  dates: readonly string[],
): Promise<readonly Shift[]> {
  const rows = await db.query<Row & Record<string, unknown>>(
    `select counter_id, agent_id, business_date, is_training, signed_in_ms, break_ms, serving_ms from shift
     where tenant_id = $1 and branch_id = $2 and business_date = any($3)`,
    [tenantId, branchId, dates],
  )
  return rows.map((row) => ({
    ...{ shiftId: null, counterId: row.counter_id, agentId: row.agent_id, businessDate: row.business_date },
    ...{ isTraining: row.is_training, sinceSteadyMs: 0, breakSinceSteadyMs: null, serving: null },
    ...{ signedInMs: Number(row.signed_in_ms), breakMs: Number(row.break_ms), servingMs: Number(row.serving_ms) },
  }))
}
