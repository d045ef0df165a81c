import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { IdentityStore } from '../identity-store.ts'
import { findPerson } from '../people/people.ts'
import { tenantBound } from './bound-sessions.ts'
import { anyPlaceOf } from './resources.ts'
import { isSignedOut } from './signed-out.ts'

/** When a page is shown before an application is let go on. */

const { Check, Prompt } = interactionPolicy

export interface PolicyParts {
  readonly store: IdentityStore
  readonly publicUrl: string
  /** The tenant that a resource is of, by its id. */
  tenantIn(resource: string): Promise<string | null>
}

const resourcesOf = ({ oidc }: KoaContextWithOIDC): readonly string[] => Object.keys(oidc.resourceServers ?? {})

export function createPolicy({ store, publicUrl, tenantIn }: PolicyParts): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  const { checks } = policy.get('login') ?? new Prompt({ name: 'login' })
  checks.add(
    new Check('other_tenant', 'she signed in for another tenant', async (ctx) => {
      const bound = tenantBound(ctx.oidc.session?.acr)
      if (bound === null) return Check.NO_NEED_TO_PROMPT
      const asked = resourcesOf(ctx).filter((it) => it !== anyPlaceOf(publicUrl))
      const tenants = await Promise.all(asked.map(tenantIn))
      return tenants.some((it) => it !== bound) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT
    }),
  )
  checks.add(
    new Check('signed_out', 'she has signed out everywhere since', async ({ oidc }) => {
      const { accountId, loginTs } = oidc.session ?? {}
      const person = accountId === undefined ? null : await findPerson(store, accountId)
      return person !== null && isSignedOut(person, loginTs ?? 0) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT
    }),
  )
  // Which tenant it is for, when the application leaves that to her.
  const place = new Prompt(
    { name: 'place', requestable: false },
    new Check('no_place', 'a tenant must be chosen', (ctx) => resourcesOf(ctx).includes(anyPlaceOf(publicUrl))),
  )
  policy.add(place, 1)
  return policy
}
