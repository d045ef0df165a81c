import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AUDITED_REFUSALS, type AuditCode, type RouteAudit } from '../audit/operations.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Each route that writes says what is audited of it, or why nothing is. */
    readonly audit?: RouteAudit
  }
  interface FastifyInstance {
    /** What each route says of itself, as `POST /api/v1/backups`; null: nothing. */
    routeAudits: ReadonlyMap<string, RouteAudit | null>
  }
}

/** Notes what each route that is added from here on says of itself. */
export function noteRouteAudits(app: Pick<FastifyInstance, 'decorate' | 'addHook'>): void {
  const routeAudits = new Map<string, RouteAudit | null>()
  app.decorate('routeAudits', routeAudits)
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat()) routeAudits.set(`${each} ${url}`, config?.audit ?? null)
  })
}

/** What is audited of a request that was done; null: nothing. */
export const auditCodeOf = ({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): AuditCode | null => {
  const { audit } = routeOptions.config
  return typeof audit === 'string' ? audit : null
}

const MAYBE_REFUSED = new Set([401, 403, 429])

/** What somebody was refused, if that is audited. @param payload - of the answer */
export function refusedCode(status: number, payload: unknown): AuditCode | null {
  if (!MAYBE_REFUSED.has(status) || typeof payload !== 'string' || !payload.startsWith('{"type":"/problems/'))
    return null
  const { code } = JSON.parse(payload) as { readonly code: string }
  return AUDITED_REFUSALS[code] ?? null
}
