import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { writeWhole } from '#shared/disk/write-whole.ts'
import { createSealing, lookupHash, type Sealing } from '../identity/sealing.ts'
import { IDENTITY_SCHEMA, OWNER, sealingPasswordOf } from './roles.ts'

/** In the cloud's folder, mode 600: what opens the secrets when the database has another password. */
export const SECRETS_FILE = 'sealing-secrets'
const SECRET_BYTES = 32
/** Clouds that start together make one, not two. */
const SECRETS_LOCK = 7_082

/** What people's secrets are sealed by: the first seals, each opens. */
export interface SealingSecrets {
  readonly secrets: readonly string[]
  /** Sealed by a password that is no more, and kept by nobody here: what they sealed cannot be read. */
  readonly lostCount: number
}

interface Row {
  readonly secret_id: string
  readonly secret_hash: Buffer
  readonly sealed: Buffer
}

interface Secret {
  readonly secretId: string
  readonly secret: string
}

/** A line each: `id secret`. */
function readKept(file: string | null): ReadonlyMap<string, string> {
  const text = file !== null && existsSync(file) ? readFileSync(file, 'utf8') : ''
  return new Map(
    text.split('\n').flatMap((line) => (/^\S+ \S+$/.test(line) ? [line.split(' ') as [string, string]] : [])),
  )
}

/** Those of another database that this folder knew stay: whoever goes back to it needs them. */
function keep(file: string, kept: ReadonlyMap<string, string>, secrets: readonly Secret[]): void {
  if (secrets.every(({ secretId, secret }) => kept.get(secretId) === secret)) return
  const all = new Map([...kept, ...secrets.map(({ secretId, secret }) => [secretId, secret] as const)])
  writeWhole(file, [...all].map((line) => `${line.join(' ')}\n`).join(''))
}

async function insert(client: pg.Client, sealing: Sealing, secret: string): Promise<Secret> {
  const secretId = randomUUID()
  await client.query('insert into sealing_secret (secret_id, secret_hash, sealed) values ($1, $2, $3)', [
    ...[secretId, lookupHash(secret), sealing.seal(secret)],
  ])
  return { secretId, secret }
}

/** @returns those that could be opened, the newest first, and how many could not */
async function open(client: pg.Client, password: string, kept: ReadonlyMap<string, string>) {
  const sealing = createSealing([password], 'sealing secrets')
  const { rows } = await client.query<Row>(
    'select secret_id, secret_hash, sealed from sealing_secret order by ord desc',
  )
  const found: Secret[] = []
  for (const row of rows) {
    const byPassword = sealing.open(row.sealed)
    const secret = byPassword ?? kept.get(row.secret_id) ?? null
    if (secret === null || !lookupHash(secret).equals(row.secret_hash)) continue
    found.push({ secretId: row.secret_id, secret })
    if (byPassword === null)
      await client.query('update sealing_secret set sealed = $2 where secret_id = $1', [
        ...[row.secret_id, sealing.seal(secret)],
      ])
  }
  const lostCount = rows.length - found.length
  const isNewestThere = rows.length > 0 && found[0]?.secretId === rows[0]?.secret_id
  if (!isNewestThere) {
    // The version before sealed by the password itself, and may still run beside this one: both read what either seals.
    const { rows: keys } = await client.query('select from signing_key limit 1')
    const isAfterThat = rows.length === 0 && keys.length > 0
    const secret = isAfterThat ? password : randomBytes(SECRET_BYTES).toString('base64url')
    found.unshift(await insert(client, sealing, secret))
  }
  return { found, lostCount }
}

/**
 * Reads by what is sealed here, or makes it at the first time. It lies in the database, sealed by the administrator's
 * password: every cloud that has the database's address has it, and a copy of the tables is no help.
 * @param folder - keeps it a second time, for the day when that password is changed; null: nowhere
 * @throws Error of the database, or of the file system
 */
export async function openSealingSecrets(administratorUrl: string, folder: string | null): Promise<SealingSecrets> {
  const file = folder === null ? null : join(folder, SECRETS_FILE)
  const kept = readKept(file)
  const client = new pg.Client({ connectionString: administratorUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`set local role ${OWNER}`)
    await client.query(`set local search_path to ${IDENTITY_SCHEMA}, pg_temp`)
    await client.query('select pg_advisory_xact_lock($1)', [SECRETS_LOCK])
    const { found, lostCount } = await open(client, sealingPasswordOf(administratorUrl), kept)
    // Before anything is sealed by it: whoever loses the password later has it.
    if (file !== null) keep(file, kept, found)
    await client.query('commit')
    return { secrets: found.map(({ secret }) => secret), lostCount }
  } finally {
    await client.end().catch(() => {})
  }
}
