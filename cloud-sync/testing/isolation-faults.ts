import type pg from 'pg'
import { OWNER, SCHEMA } from '../store/roles.ts'

/** Whatever could let one tenant see another, read from Postgres' own catalogue; each a sentence. */

/** They bear no tenant's rows: names by which somebody is found, and the list of what was migrated. */
const WITHOUT_GUARD = [
  'migration',
  'tenant_directory',
  'enrolment_directory',
  'answer_directory',
  'platform_key_directory',
  'stop_directory',
  'taken_directory',
]
/** As Postgres prints it, less blanks and the names it gives to columns. */
const RULE = "(tenant_id=(SELECT(NULLIF(current_setting('app.tenant_id'::text,true),''::text))::uuid))"

const QUESTIONS: readonly { readonly fault: string; readonly sql: string; readonly values?: readonly unknown[] }[] = [
  {
    fault: 'bears no tenant',
    sql: `select relname from pg_class c where relnamespace = $1::regnamespace and relkind in ('r','p') and relname <> all($2)
      and not exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant_id' and attnum = 1 and attnotnull)`,
    values: [WITHOUT_GUARD],
  },
  {
    fault: 'is not guarded from its owner, too',
    sql: `select relname from pg_class where relnamespace = $1::regnamespace and relkind in ('r','p') and relname <> all($2)
      and not (relrowsecurity and relforcerowsecurity)`,
    values: [WITHOUT_GUARD],
  },
  {
    fault: 'has not the one rule, or more than it',
    sql: `select relname from pg_class c where relnamespace = $1::regnamespace and relkind in ('r','p') and relname <> all($2)
      and (select array_agg(regexp_replace(pg_get_expr(polqual, polrelid), ' AS "?\\w+"?|\\s', '', 'g') || polcmd::text || coalesce(pg_get_expr(polwithcheck, polrelid), ''))
        from pg_policy where polrelid = c.oid) is distinct from array[$3 || '*']`,
    values: [WITHOUT_GUARD, RULE],
  },
  {
    fault: 'has a key that does not begin with the tenant',
    sql: `select conname as relname from pg_constraint join pg_class c on c.oid = conrelid
      where connamespace = $1::regnamespace and contype in ('p','u','f') and c.relname <> all($2)
      and (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'tenant_id'`,
    values: [WITHOUT_GUARD],
  },
  {
    fault: 'is a view that asks with its owner’s rights',
    sql: `select relname from pg_class where relnamespace = $1::regnamespace and relkind in ('v','m')
      and not (relkind = 'v' and coalesce(reloptions, '{}') && array['security_invoker=true','security_invoker=on'])`,
  },
  {
    fault: 'is a function that runs with its owner’s rights',
    sql: 'select proname as relname from pg_proc where pronamespace = $1::regnamespace and prosecdef',
  },
  {
    fault: 'belongs to another than the owner',
    sql: `select relname from pg_class where relnamespace = $1::regnamespace and relowner <> $2::regrole
      union all select proname from pg_proc where pronamespace = $1::regnamespace and proowner <> $2::regrole`,
    values: [OWNER],
  },
  {
    fault: 'is a role that may pass the guard',
    sql: `select rolname as relname from pg_roles where rolname like $1 || '%' and rolname <> $1 || '_admin'
      and (rolsuper or rolbypassrls or rolcreaterole)`,
  },
  {
    fault: 'is what the app may become',
    sql: `select r.rolname as relname from pg_auth_members m join pg_roles r on r.oid = m.roleid
      where m.member = ($1 || '_app')::regrole`,
  },
  {
    fault: 'may be changed by whoever answers requests',
    sql: `select relname from pg_class, unnest(array['_app', '_identity']) as it (role)
      where relnamespace = $1::regnamespace and relname = 'audit_entry'
      and has_table_privilege($1 || it.role, pg_class.oid, 'update, delete, truncate')`,
  },
  {
    fault: 'may be forgotten, and with it who wants nothing more',
    sql: `select relname from pg_class where relnamespace = $1::regnamespace and relname = 'stop_directory'
      and has_table_privilege($1 || '_app', oid, 'delete, truncate')`,
  },
  {
    fault: 'may be emptied by the app, which no rule sees',
    sql: `select relname from pg_class where relnamespace = $1::regnamespace and relkind in ('r','p')
      and has_table_privilege($1 || '_app', oid, 'truncate, references, trigger')`,
  },
]

/** @param client - of an administrator */
export async function isolationFaults(client: pg.Client): Promise<readonly string[]> {
  const faults: string[] = []
  for (const { fault, sql, values = [] } of QUESTIONS) {
    const { rows } = await client.query<{ relname: string }>(sql, [SCHEMA, ...values])
    faults.push(...rows.map(({ relname }) => `${relname} ${fault}`))
  }
  return faults
}

/** Every table that bears tenants, partitions as parts of their whole. */
export async function guardedTables(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ relname: string }>(
    `select relname from pg_class where relnamespace = $1::regnamespace and relkind in ('r','p') and relname <> all($2)
      and not relispartition order by relname`,
    [SCHEMA, WITHOUT_GUARD],
  )
  return rows.map(({ relname }) => relname)
}
