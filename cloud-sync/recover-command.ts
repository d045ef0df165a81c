import type { FastifyBaseLogger } from 'fastify'
import { ConfigError } from '#shared/program/config-error.ts'
import { BY_HAND } from './audit/by-hand.ts'
import { appendAudit, PLATFORM } from './audit/entries.ts'
import type { Config } from './config.ts'
import { type IdentityStore, openIdentityStore } from './identity/identity-store.ts'
import { findPersonByEmail } from './identity/people/people.ts'
import { insertResetLink } from './identity/people/resets.ts'
import { endTotp } from './identity/people/second-factor.ts'
import { signOutEverywhere } from './identity/provider/artifacts.ts'
import { runningPostgres } from './postgres/own-postgres.ts'

/** @returns the token of a link by which she chooses a new password, once; null: nobody has this address */
export async function recover(store: IdentityStore, email: string, nowMs: number): Promise<string | null> {
  const person = await findPersonByEmail(store, email)
  if (person === null) return null
  const { personId } = person
  return store.asTenant(PLATFORM, async (db) => {
    await endTotp(db, personId)
    await signOutEverywhere(db, personId, nowMs)
    const { token } = await insertResetLink(db, personId, nowMs)
    for (const code of ['SecondFactorTaken', 'PasswordLinkMade'] as const)
      await appendAudit(db, PLATFORM, { code, actor: BY_HAND, about: personId }, nowMs)
    return token
  })
}

/**
 * `recover`: lets somebody in again whom no administrator is left to help. Whoever may read the cloud's data folder, or has
 * its database, may do everything with it anyway; so nothing but that is asked of her.
 * @throws ConfigError in one sentence
 */
export async function runRecover(
  words: readonly string[],
  { databaseUrl, folder, publicUrl, port }: Config,
  log: FastifyBaseLogger,
  nowMs: number,
): Promise<string> {
  const [, email = ''] = words
  if (email === '' || words.length > 2) throw new ConfigError('usage: npm run cloud -- recover EMAIL')
  const url = databaseUrl ?? (await runningPostgres(folder))
  if (url === null) throw new ConfigError(`No cloud runs on CLOUD_DATA_DIR (${folder}): start it first.`)
  const store = await openIdentityStore(url, log)
  try {
    const token = await recover(store, email, nowMs)
    if (token === null) throw new ConfigError(`Nobody signs in with the address ${email}.`)
    return `${publicUrl ?? `http://127.0.0.1:${port}`}/reset/${token}`
  } finally {
    await store.close()
  }
}
