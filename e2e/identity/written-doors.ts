import type { NeededScope } from '../../cloud-sync/parts.ts'

/** What a route of people is written down to ask for. */
export interface WrittenDoor {
  readonly scope: NeededScope
  /** No key passes, whatever its scopes. */
  readonly isForPeople: boolean
  /** Where it is for people: a key for setting the cloud up passes, too. */
  readonly takesSetup: boolean
}

/** Of one tenant. */
const inTenant: Readonly<Record<string, string>> = {
  'GET ': 'read:queue',
  'GET /alert-rules': 'manage:settings',
  'POST /alert-rules': 'manage:settings people setup',
  'DELETE /alert-rules/:ruleId': 'manage:settings',
  'GET /alerts': 'read:queue',
  'POST /alerts/:alertId/acknowledgement': 'manage:queue',
  'GET /api-keys': 'manage:settings',
  'POST /api-keys': 'manage:settings people',
  'DELETE /api-keys/:keyId': 'manage:settings',
  'GET /audit': 'manage:settings',
  'GET /branches': 'read:queue',
  'POST /branches': 'manage:settings',
  'GET /branches/:branchId/agents': 'read:agent',
  'POST /branches/:branchId/agents/:agentId/restore': 'manage:agent',
  'POST /branches/:branchId/agents/:agentId/suspend': 'manage:agent',
  'GET /branches/:branchId/catalogues': 'read:queue',
  'POST /branches/:branchId/catalogues': 'manage:settings',
  'POST /branches/:branchId/catalogues/:version/publication': 'manage:settings',
  'GET /branches/:branchId/catalogues/draft': 'read:queue',
  'PUT /branches/:branchId/catalogues/draft': 'manage:settings',
  'DELETE /branches/:branchId/catalogues/draft': 'manage:settings',
  'POST /branches/:branchId/catalogues/draft/publication': 'manage:settings',
  'PUT /branches/:branchId/catalogues/draft/schedule': 'manage:settings',
  'GET /branches/:branchId/catalogues/latest': 'read:queue',
  'POST /branches/:branchId/enrolment': 'manage:settings people setup',
  'DELETE /branches/:branchId/enrolment': 'manage:settings',
  'GET /branches/:branchId/floor': 'read:queue',
  'GET /branches/:branchId/histories': 'manage:settings',
  'GET /branches/:branchId/histories/:epoch/events': 'manage:settings',
  'GET /branches/:branchId/histories/aside/:partId': 'manage:settings',
  'GET /branches/:branchId/inbox': 'read:queue',
  'POST /branches/:branchId/inbox': 'manage:queue',
  'GET /branches/:branchId/orders': 'read:queue',
  'POST /branches/:branchId/orders': 'manage:settings',
  'GET /branches/:branchId/orders/:number/diagnostics': 'manage:settings',
  'GET /branches/:branchId/now': 'read:queue',
  'GET /branches/:branchId/visits/:ticketId/details': 'read:customer',
  'DELETE /branches/:branchId/visits/:ticketId/details': 'write:customer',
  'GET /fleet': 'read:queue',
  'GET /invitations': 'manage:settings',
  'POST /invitations': 'manage:settings people',
  'DELETE /invitations/:invitationId': 'manage:settings people',
  'GET /issuers': 'manage:settings',
  'POST /issuers': 'manage:settings people',
  'DELETE /issuers/:issuerId': 'manage:settings people',
  'GET /live': 'read:queue',
  'GET /members': 'read:agent',
  'PATCH /members/:personId': 'manage:settings people',
  'DELETE /members/:personId': 'manage:settings people',
  'POST /members/:personId/password-link': 'manage:settings people',
  'DELETE /members/:personId/second-factor': 'manage:settings people',
  'GET /notifications': 'send:notification',
  'GET /notifications/policy': 'manage:settings',
  'PUT /notifications/policy': 'manage:settings',
  'GET /report-subscriptions': 'manage:settings',
  'POST /report-subscriptions': 'manage:settings people setup',
  'DELETE /report-subscriptions/:subscriptionId': 'manage:settings',
  'GET /reports/agent-performance': 'read:reports',
  'GET /reports/queue-stats': 'read:reports',
  'GET /reports/satisfaction': 'read:reports',
  'GET /reports/wait-times': 'read:reports',
  'GET /set-aside': 'read:reports',
  'GET /templates': 'send:notification',
  'PUT /templates/:event/:channel/:language': 'manage:settings',
  'POST /templates/preview': 'send:notification',
  'GET /webhooks': 'manage:settings',
  'POST /webhooks': 'manage:settings people setup',
  'DELETE /webhooks/:webhookId': 'manage:settings',
  'GET /webhooks/:webhookId/messages': 'manage:settings',
}

const ofPlatform: Readonly<Record<string, string>> = {
  'GET /audit': 'platform',
  'GET /tenants': 'platform',
  'POST /tenants': 'platform',
}

const writtenIn = (prefix: string, doors: Readonly<Record<string, string>>): [string, WrittenDoor][] =>
  Object.entries(doors).map(([route, text]) => {
    const [scope, ...words] = text.split(' ')
    const door = { isForPeople: words.includes('people'), takesSetup: words.includes('setup') }
    return [route.replace(' ', ` ${prefix}`), { scope: scope as NeededScope, ...door }]
  })

/** Each route of people, and what it asks for, written down once more by hand: a scope that is loosened is seen here. */
export const WRITTEN_DOORS: ReadonlyMap<string, WrittenDoor> = new Map([
  ...writtenIn('/api/v1/tenants/:slug', inTenant),
  ...writtenIn('/api/v1', ofPlatform),
])
