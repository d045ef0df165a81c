/**
 * A tenant chooses its own issuer, and that issuer may say anything. So whoever came by it is who that tenant says, in that
 * tenant and nowhere else: her session, and what is made of it, bear the tenant.
 */
const PREFIX = 'urn:smartqueue:tenant:'

/** As the authentication context (`acr`) of the session. */
export const boundTo = (tenantId: string): string => `${PREFIX}${tenantId}`

/** @returns the tenant to which the session is bound; null: to none, she proved to us who she is */
export const tenantBound = (acr: string | undefined): string | null =>
  acr?.startsWith(PREFIX) === true ? acr.slice(PREFIX.length) : null
