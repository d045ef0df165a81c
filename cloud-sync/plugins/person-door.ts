import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { isRole, isScope, SCOPES, type Scope, scopesOf } from '#shared/access/roles.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import type { Identity } from '../identity/open-identity.ts'
import { findPerson, roleIn } from '../identity/people/people.ts'
import { platformOf, resourceOf, type TokenRole } from '../identity/provider/resources.ts'
import { isSignedOut } from '../identity/provider/signed-out.ts'
import type { NeededScope, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'

/** Who asks, and what for. */
export interface Asks {
  readonly token: string
  readonly needed: NeededScope
  /** Of the path; null: the route is of no tenant. */
  readonly slug: string | null
}

export interface PersonIdentity {
  readonly personId: string
  /** What she may do here now, and her token is for. */
  readonly scopes: readonly Scope[]
  /** She runs the cloud, and her token is for that. */
  readonly isForPlatform: boolean
}

type Proof = PersonIdentity | Problem

/** Behind a door that lets in people alone. */
export function askingPerson({ person }: { readonly person: PersonIdentity | null }): PersonIdentity {
  if (person === null) throw new Error('The door of people let somebody else in')
  return person
}

/** Behind a door that lets in programs, too: what whoever asks may do here. */
export function askerHere({
  person,
  apiKey,
}: {
  readonly person: PersonIdentity | null
  readonly apiKey: { readonly scopes: readonly Scope[] } | null
}): Pick<PersonIdentity, 'scopes'> {
  const asker = person ?? apiKey
  if (asker === null) throw new Error('The door of people let nobody in')
  return asker
}

/**
 * Nobody gives what she lacks herself, nor what her token lacks: it may be another program's, and be for little.
 * @returns null: she may give all of it
 */
export function mayNotGive(person: Pick<PersonIdentity, 'scopes'>, scopes: readonly Scope[]): Problem | null {
  const lacking = scopes.filter((scope) => !person.scopes.includes(scope))
  return lacking.length === 0 ? null : problem('Forbidden', { detail: `You may not give: ${lacking.join(' ')}` })
}

const ALGORITHMS = ['ES256']

/** What a token says, in whose own words nothing is believed that is not whole. */
interface Claims {
  readonly personId: string
  readonly issuedAtS: number
  readonly clientId: string
  readonly isForPlatform: boolean
  /** What it was given for, as far as that role may have been given it. */
  readonly given: readonly NeededScope[]
}

const isTokenRole = (role: unknown): role is TokenRole =>
  role === 'platform' || (typeof role === 'string' && isRole(role))

const ofRole = (role: TokenRole): readonly NeededScope[] =>
  role === 'platform' ? ['platform', ...SCOPES] : scopesOf(role)

/** @returns null: it is of no tenant that it is for, or of no role that there is */
function claimsIn(payload: JWTPayload, publicUrl: string): Claims | null {
  const { sub: personId = '', iat: issuedAtS = 0, aud, client_id: clientId, tenant, role, scope } = payload
  const isForPlatform = aud === platformOf(publicUrl)
  const isWhole = isForPlatform
    ? tenant === null && role === 'platform'
    : typeof tenant === 'string' && aud === resourceOf(publicUrl, tenant)
  if (!isWhole || !isTokenRole(role) || typeof clientId !== 'string') return null
  const given = scopesIn(scope).filter((it) => ofRole(role).includes(it))
  return { personId, issuedAtS, clientId, isForPlatform, given }
}

const REQUIRED = ['sub', 'exp', 'iat', 'scope', 'client_id', 'tenant', 'role']

/** What she may do now, whatever her token was given: a role that is taken from her ends at once. */
async function mayNow(
  { store }: Identity,
  { database }: Parts,
  { personId, issuedAtS }: Pick<Claims, 'personId' | 'issuedAtS'>,
  slug: string | null,
): Promise<readonly NeededScope[]> {
  const person = await findPerson(store, personId)
  if (person === null) return []
  // Whoever signs out of everything means the tokens that are out, too.
  if (isSignedOut(person, issuedAtS)) return []
  if (person.isSuperAdmin) return ['platform', ...SCOPES]
  const tenantId = slug === null ? null : await tenantOf(database, slug)
  if (tenantId === null) return []
  const role = await roleIn(store, personId, tenantId)
  return role === null ? [] : scopesOf(role)
}

function scopesIn(scope: unknown): readonly NeededScope[] {
  const words = typeof scope === 'string' ? scope.split(' ') : []
  return words.filter((it): it is NeededScope => it === 'platform' || isScope(it))
}

/**
 * Believes a token of our own sign-in alone: signed by a key of the hour, for this part of the interface, with this scope.
 * @returns who it is, or why not
 */
export async function provePerson(identity: Identity, parts: Parts, asks: Asks): Promise<Proof> {
  const { publicUrl } = identity
  const here = asks.slug === null ? [platformOf(publicUrl)] : [resourceOf(publicUrl, asks.slug), platformOf(publicUrl)]
  let claims: Claims | null
  try {
    const verified = await jwtVerify(asks.token, createLocalJWKSet({ keys: [...identity.keys()] }), {
      ...{ issuer: publicUrl, audience: here, algorithms: ALGORITHMS, typ: 'at+jwt' },
      ...{ currentDate: new Date(parts.nowMs()), requiredClaims: REQUIRED },
    })
    claims = claimsIn(verified.payload, publicUrl)
  } catch (error) {
    if (error instanceof errors.JOSEError) return problem('Unauthorized')
    throw error
  }
  // Whatever it may do: a program that was taken away, or whose leave she took back, does none of it.
  if (claims === null || !(await identity.mayAct(claims))) return problem('Unauthorized')
  const { personId, isForPlatform, given } = claims
  // A token for the platform opens each tenant's doors: to those alone who run the platform.
  const needed = isForPlatform ? 'platform' : asks.needed
  if (!given.includes(needed)) return problem('Forbidden')
  const mayDo = await mayNow(identity, parts, claims, asks.slug)
  if (!mayDo.includes(needed)) return problem('Forbidden')
  return {
    personId,
    isForPlatform,
    scopes: SCOPES.filter((scope) => mayDo.includes(scope) && (isForPlatform || given.includes(scope))),
  }
}
