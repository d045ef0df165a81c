import type { Scope } from '#shared/access/roles.ts'

/**
 * What somebody must be allowed to do for what a route does: the first that fits. A device is let in by its kind, and its
 * kind by what it needs of these; whoever holds a role at a counter is asked for it by the act itself.
 */
const RULES: readonly (readonly [RegExp, Scope | null])[] = [
  // Of itself, and to be known at all.
  [/^(GET|POST) \/api\/v1\/devices\/self/, null],
  [/^(GET|POST) \/api\/v1\/displays\/self\/playlist$|^POST \/api\/v1\/voice\/turn$/, null],
  [
    /^POST \/api\/v1\/(staff\/prove|management\/sign-(in|out)|counters\/\{counterId\}\/(open|close|break|resume))$/,
    null,
  ],
  [/^GET \/api\/v1\/tickets\/\{ticketId\}\/(details|note)$/, 'read:customer'],
  [/^(POST|DELETE) \/api\/v1\/tickets\/\{ticketId\}\/(details|note)$/, 'write:customer'],
  [/^GET \/api\/v1\/rights$/, null],
  [/^GET \/api\/v1\/management\/agents/, 'read:agent'],
  [/^\w+ \/api\/v1\/management\/(agents|confirm-rights)/, 'manage:agent'],
  [/^GET \/api\/v1\/tickets/, 'read:ticket'],
  [/^POST \/api\/v1\/tickets\/record$/, 'manage:ticket'],
  [/^POST \/api\/v1\/(tickets|check-ins|counters\/)/, 'write:ticket'],
  [/^GET \/api\/v1\/(reports|waits\/(error|what-if|forecast)$)/, 'read:reports'],
  [/^(POST|DELETE|PUT) \/api\/v1\/(queues|day|intake|message|waiting-list|printers)/, 'manage:queue'],
  [
    /^GET \/api\/v1\/(board|snapshot|stats|waits|catalogue|devices\/contact|printers|screens|voice|media)/,
    'read:queue',
  ],
  [/^POST \/api\/v1\/feed-tickets$/, 'read:queue'],
  [
    /^\w+ \/api\/v1\/(appointments|audit|backups|catalogue|checks|devices|displays|media|pairings|power|trials|voice)/,
    'manage:settings',
  ],
]

/**
 * @param route - as `POST /api/v1/tickets`, its places in braces
 * @returns none: whoever passes the door may ask; null: no rule knows it, it was forgotten
 */
export function scopesOfRoute(route: string): readonly Scope[] | null {
  const rule = RULES.find(([pattern]) => pattern.test(route))
  if (rule === undefined) return null
  const [, scope] = rule
  return scope === null ? [] : [scope]
}
