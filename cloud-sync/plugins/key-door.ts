import { SCOPES, type Scope } from '#shared/access/roles.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import type { Parts } from '../parts.ts'
import { proveApiKey } from '../store/api-keys.ts'
import { tenantOf } from '../store/branches.ts'
import { provePlatformKey } from '../store/platform-keys.ts'
import type { Asks } from './person-door.ts'

/** A program that came with a key. */
export interface KeyIdentity {
  readonly keyId: string
  readonly scopes: readonly Scope[]
  /** Made on the cloud's own machine, for minutes, to set it up. */
  readonly isSetup: boolean
}

/** Whether it looks like a key: what is one is looked for among the keys alone, and a person's token among theirs. */
export const isKeyLike = (token: string): boolean => token.startsWith('sq')

/**
 * Believes a key for its own tenant, as far as its scopes go; one made to set the cloud up opens every tenant.
 * @returns which it is, or why not
 */
export async function proveKey({ database, nowMs }: Parts, asks: Asks): Promise<KeyIdentity | Problem> {
  const { token, needed, slug } = asks
  const setup = await provePlatformKey(database, token, 'setup', nowMs())
  if (setup !== null) return { keyId: setup, scopes: SCOPES, isSetup: true }
  // That a tenant is not there is told nobody who has no key of it.
  const tenantId = slug === null ? null : await tenantOf(database, slug)
  const found = tenantId === null ? null : await proveApiKey(database, token, tenantId, nowMs())
  if (found === null) return problem('Unauthorized')
  return needed !== 'platform' && found.scopes.includes(needed) ? { ...found, isSetup: false } : problem('Forbidden')
}
