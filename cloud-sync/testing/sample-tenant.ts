import { randomUUID } from 'node:crypto'
import type { Database } from '../store/database.ts'

/** A tenant with a row in every table that bears tenants: a table that is forgotten here fails the test of its isolation. */
export async function addSampleTenant(database: Database): Promise<string> {
  const tenantId = randomUUID()
  const branchId = randomUUID()
  await database.asTenant(tenantId, async (db) => {
    await db.query('insert into tenant_directory values ($1, $2)', [tenantId, `tenant-${tenantId}`])
    await db.query('insert into tenant values ($1, $2, now())', [tenantId, { fr: 'Banque' }])
    await db.query(
      'insert into branch (tenant_id, branch_id, name, time_zone, created_at) values ($1, $2, $3, $4, now())',
      [tenantId, branchId, { fr: 'Agence' }, 'Africa/Dakar'],
    )
    await db.query('insert into event values ($1, $2, $3, 1, 1, $4, $5, $5)', [
      tenantId,
      branchId,
      'epoch',
      'EpochStarted',
      Buffer.from('one'),
    ])
    await db.query("insert into branch_log values ($1, $2, 'epoch', 1, $3, now())", [
      tenantId,
      branchId,
      Buffer.from('one'),
    ])
    await db.query("insert into fork values ($1, $2, $3, 'epoch', 1, '{}', now())", [tenantId, branchId, randomUUID()])
  })
  return tenantId
}
