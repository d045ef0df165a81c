import { createHmac } from 'node:crypto'
import pg from 'pg'
import { PostgresError } from '../postgres/postgres-error.ts'

/**
 * Five roles, so that nothing that answers requests can lift what keeps tenants apart: the owner has the tables and never
 * signs in, the migrator may become the owner, the app has rows of tenants alone, people's secrets are read by a role of
 * their own, which sees nothing else, and so is the list of periodic work, which names tenants and holds nothing of them.
 */
export const OWNER = 'smartqueue_owner'
const MIGRATOR = 'smartqueue_migrator'
const APP = 'smartqueue_app'
const IDENTITY = 'smartqueue_identity'
const JOBS = 'smartqueue_jobs'
export const SCHEMA = 'smartqueue'
/** Of people, their sign-ins and their tokens: out of the app's sight. */
export const IDENTITY_SCHEMA = 'smartqueue_identity'
/** What is to be done now and then: made and kept by a library, so its role owns it, and nothing else. */
export const JOBS_SCHEMA = 'smartqueue_jobs'

/** Addresses of one database, each for one role. */
export interface DatabaseUrls {
  readonly migrator: string
  readonly app: string
  readonly identity: string
  readonly jobs: string
}

/** Any number of one's own; two clouds that start at once wait for each other. */
export const PREPARATION_LOCK = 7_080

const CONNECT_MS_MAX = 30_000

/**
 * Made of the administrator's own password, so that every cloud on this database knows them and none keeps them in a file.
 */
function passwordFor(role: string, administratorUrl: string): string {
  return createHmac('sha256', decodeURIComponent(new URL(administratorUrl).password))
    .update(role)
    .digest('base64url')
}

/** By what the secrets are sealed that seal the rest: every cloud on this database has it, and no copy of the tables does. */
export const sealingPasswordOf = (administratorUrl: string): string => passwordFor('sealing', administratorUrl)

function urlFor(role: string, administratorUrl: string): string {
  const url = new URL(administratorUrl)
  const password = passwordFor(role, administratorUrl)
  url.username = role
  url.password = password
  return url.href
}

/** The address without its password, for sentences. */
function told(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

const MAY_LITTLE = 'nosuperuser nocreatedb nocreaterole nobypassrls noreplication noinherit'

async function makeRoles(client: pg.Client, administratorUrl: string): Promise<void> {
  const { rows } = await client.query<{ rolname: string; rolsuper: boolean; rolbypassrls: boolean }>(
    'select rolname, rolsuper, rolbypassrls from pg_roles where rolname = any($1)',
    [[OWNER, MIGRATOR, APP, IDENTITY, JOBS]],
  )
  const mighty = rows.find(({ rolsuper, rolbypassrls }) => rolsuper || rolbypassrls)
  if (mighty !== undefined) throw new Error(`the role ${mighty.rolname} may pass what keeps tenants apart`)
  const isKnown = (role: string): boolean => rows.some(({ rolname }) => rolname === role)
  if (!isKnown(OWNER)) await client.query(`create role ${OWNER} nologin ${MAY_LITTLE}`)
  for (const role of [MIGRATOR, APP, IDENTITY, JOBS]) {
    const password = client.escapeLiteral(passwordFor(role, administratorUrl))
    if (isKnown(role)) await client.query(`alter role ${role} password ${password}`)
    else await client.query(`create role ${role} login ${MAY_LITTLE} password ${password}`)
  }
  await client.query(`grant ${OWNER} to ${MIGRATOR}, current_user`)
  await client.query(`grant ${JOBS} to current_user`)
  const database = client.escapeIdentifier(client.database ?? '')
  for (const schema of [SCHEMA, IDENTITY_SCHEMA])
    await client.query(`create schema if not exists ${schema} authorization ${OWNER}`)
  await client.query(`create schema if not exists ${JOBS_SCHEMA} authorization ${JOBS}`)
  await client.query(`revoke all on schema public from public`)
  await client.query(`revoke all on database ${database} from public`)
  await client.query(`grant connect on database ${database} to ${MIGRATOR}, ${APP}, ${IDENTITY}, ${JOBS}`)
  await client.query(`grant usage on schema ${SCHEMA} to ${APP}`)
  await client.query(`grant usage on schema ${IDENTITY_SCHEMA} to ${IDENTITY}`)
}

/**
 * Makes roles and schema as they must be, whatever they were.
 * @param administratorUrl - of a role that may make roles and schemas
 * @returns the addresses of the roles that work
 * @throws PostgresError
 */
export async function prepareRoles(administratorUrl: string): Promise<DatabaseUrls> {
  const client = new pg.Client({ connectionString: administratorUrl, connectionTimeoutMillis: CONNECT_MS_MAX })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [PREPARATION_LOCK])
    await makeRoles(client, administratorUrl)
  } catch (error) {
    throw new PostgresError(
      `The database at ${told(administratorUrl)} cannot be prepared (${String(error)}); DATABASE_URL must name one whose user may make roles and schemas.`,
    )
  } finally {
    await client.end().catch(() => {})
  }
  return {
    migrator: urlFor(MIGRATOR, administratorUrl),
    app: urlFor(APP, administratorUrl),
    identity: urlFor(IDENTITY, administratorUrl),
    jobs: urlFor(JOBS, administratorUrl),
  }
}
