import { asAdministrator } from '../../../cloud-sync/testing/test-database.ts'
import type { World } from './story.ts'

/** Everything that the cloud held of these tenants at one time. */
export type Backup = ReadonlyMap<string, readonly string[]>

const tenantsOf = ({ boxes }: World): readonly string[] => [...new Set(boxes.map(({ identity }) => identity.tenantId))]

/** Which tables there are Postgres knows itself: one that is made later is in the backup, too. */
const TABLES = `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'smartqueue'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and a.attname = 'tenant_id' and c.relname !~ '_directory$' order by 1`

export const backUpCloud = (world: World): Promise<Backup> =>
  asAdministrator(world.administratorUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(TABLES)
    const backup = new Map<string, readonly string[]>()
    for (const { name } of rows) {
      const kept = await client.query<{ row: string }>(
        `select to_jsonb(kept)::text as row from smartqueue.${name} kept where tenant_id = any($1)`,
        [tenantsOf(world)],
      )
      backup.set(
        name,
        kept.rows.map(({ row }) => row),
      )
    }
    return backup
  })

/** The cloud's disk was lost: it is as it was then, and nobody tells the branches. */
export const restoreCloud = (world: World, backup: Backup): Promise<void> =>
  asAdministrator(world.administratorUrl, async (client) => {
    await client.query('begin')
    // Whose rows name each other they come in any order.
    await client.query('set local session_replication_role = replica')
    for (const [name, rows] of backup) {
      await client.query(`delete from smartqueue.${name} where tenant_id = any($1)`, [tenantsOf(world)])
      await client.query(
        `insert into smartqueue.${name}
         select (jsonb_populate_record(null::smartqueue.${name}, kept::jsonb)).* from unnest($1::text[]) kept`,
        [rows],
      )
    }
    await client.query('commit')
  })
