import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Transaction } from '../../store/transactions.ts'
import type { IdentityStore } from '../identity-store.ts'

const [PERIOD_S, DIGITS, SECRET_BYTES] = [30, 6, 20]
/** A phone's clock may be off by one period. */
const WINDOW = 1
const [BACKUP_CODES, BACKUP_DIGITS] = [8, 10]

const totpOf = (secret: string, email = ''): TOTP =>
  new TOTP({
    issuer: 'SmartQueue',
    label: email,
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  })

/** The same secret as an authenticator app scans it: `otpauth://…` */
export const totpUrl = (secret: string, email: string): string => totpOf(secret, email).toString()

/** What an authenticator app is given: `otpauth://…`, and the secret to type. */
export function newTotp(email: string): { readonly secret: string; readonly url: string } {
  const secret = new Secret({ size: SECRET_BYTES }).base32
  return { secret, url: totpUrl(secret, email) }
}

/** @returns the half minute that the code is of, or null */
export function totpStep(secret: string, code: string, nowMs: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const delta = totpOf(secret).validate({ token: code, timestamp: nowMs, window: WINDOW })
  return delta === null ? null : Math.floor(nowMs / 1_000 / PERIOD_S) + delta
}

const backupText = (personId: string, code: string): readonly [use: string, text: string] => [
  'backup codes',
  `${personId} ${code}`,
]

const sealingOf = (store: IdentityStore) => store.sealing('totp')

/**
 * From now on she is asked for a code. The code shows that her app has the secret.
 * @returns her backup codes, shown once; null when the code was wrong, or another window was first
 */
export async function beginTotp(
  store: IdentityStore,
  personId: string,
  { secret, code }: { readonly secret: string; readonly code: string },
  nowMs: number,
): Promise<readonly string[] | null> {
  const step = totpStep(secret, code, nowMs)
  if (step === null) return null
  const codes = Array.from({ length: BACKUP_CODES }, () =>
    String(randomInt(10 ** BACKUP_DIGITS)).padStart(BACKUP_DIGITS, '0'),
  )
  return store.work(async (db) => {
    const begun = await db.query(
      'update person set totp_sealed = $2, totp_step = $3 where person_id = $1 and totp_sealed is null returning 1',
      [personId, sealingOf(store).seal(secret), step],
    )
    if (begun.length === 0) return null
    await db.query('delete from backup_code where person_id = $1', [personId])
    for (const it of codes)
      await db.query('insert into backup_code values ($1, $2)', [
        personId,
        store.keyedHash(...backupText(personId, it)),
      ])
    return codes
  })
}

/** From now on her password alone signs her in. */
export async function endTotp(db: Transaction, personId: string): Promise<void> {
  await db.query('update person set totp_sealed = null, totp_step = null where person_id = $1', [personId])
  await db.query('delete from backup_code where person_id = $1', [personId])
}

interface Row {
  readonly [column: string]: unknown
  readonly totp_sealed: Buffer | null
}

/** Why a code proves nothing: it is another, or by what her secret was sealed is there no more. */
export type CodeFault = 'codeWrong' | 'codeUnreadable'

/**
 * A code of her app that was not used yet, or one of her backup codes, which is used up.
 * @returns null: it proves her
 */
export async function proveCode(
  store: IdentityStore,
  personId: string,
  typed: string,
  nowMs: number,
): Promise<CodeFault | null> {
  const code = typed.replaceAll(/\D/g, '')
  return store.work(async (db): Promise<CodeFault | null> => {
    const [row] = await db.query<Row>('select totp_sealed from person where person_id = $1', [personId])
    if (row === undefined || row.totp_sealed === null) return 'codeWrong'
    const secret = sealingOf(store).open(row.totp_sealed)
    const step = secret === null ? null : totpStep(secret, code, nowMs)
    if (step !== null) {
      const used = await db.query(
        'update person set totp_step = $2 where person_id = $1 and (totp_step is null or totp_step < $2) returning 1',
        [personId, step],
      )
      return used.length === 1 ? null : 'codeWrong'
    }
    const used = await db.query('delete from backup_code where person_id = $1 and code_hash = any($2) returning 1', [
      ...[personId, store.keyedHashes(...backupText(personId, code))],
    ])
    if (used.length === 1) return null
    return secret === null ? 'codeUnreadable' : 'codeWrong'
  })
}
