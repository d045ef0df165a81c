import { type WatchParts, watchTenant } from '../alerts/watch-tenant.ts'
import { endDays } from './branch-days.ts'
import type { Work } from './open-jobs.ts'
import { forgetOld } from './retention.ts'

const MINUTE_S = 60
const DAY_S = 24 * 60 * MINUTE_S

/** All that is done now and then, by name, and how often. */
export const periodicWork = (parts: WatchParts): Readonly<Record<string, Work>> => ({
  'live-metrics': { everySeconds: 30, doFor: (tenantId) => watchTenant(parts, tenantId) },
  'branch-days': { everySeconds: 5 * MINUTE_S, doFor: (tenantId) => endDays(parts, tenantId) },
  retention: { everySeconds: DAY_S, doFor: (tenantId) => forgetOld(parts.database, tenantId, parts.nowMs()) },
})
