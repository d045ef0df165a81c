import type { Role } from '#shared/access/roles.ts'

/** As what somebody was given a token: as a member of its tenant, or as one of those who run the cloud. */
export type TokenRole = Role | 'platform'

/** What a client asks a token for (RFC 8707): one tenant's part of the interface, or the cloud itself. */

export const resourceOf = (publicUrl: string, slug: string): string => `${publicUrl}/api/v1/tenants/${slug}`

/** Of those who run the cloud. */
export const platformOf = (publicUrl: string): string => `${publicUrl}/api/v1`

/** @returns the tenant's name in addresses, or null */
export function slugIn(publicUrl: string, resource: string): string | null {
  const start = `${publicUrl}/api/v1/tenants/`
  const slug = resource.startsWith(start) ? resource.slice(start.length) : ''
  return /^[a-z0-9-]{2,64}$/.test(slug) ? slug : null
}

/** Wherever she chooses to work; no token is for it. */
export const anyPlaceOf = (publicUrl: string): string => `${publicUrl}/api/v1/tenants`
