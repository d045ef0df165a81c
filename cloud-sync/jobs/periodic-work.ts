import { type WatchParts, watchTenant } from '../alerts/watch-tenant.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Courier } from '../notify/courier.ts'
import { gatherOver } from '../store/gathered.ts'
import { sendWaitingMail } from '../store/mail-waiting.ts'
import { endDays } from './branch-days.ts'
import { messageWork } from './message-work.ts'
import type { Work } from './open-jobs.ts'
import { forgetOld } from './retention.ts'

const MINUTE_S = 60
const HOUR_S = 60 * MINUTE_S

/** By itself: a mail server that is slow holds up no look at what is to be told. */
const mailsOf = ({ database, nowMs }: WatchParts, mailer: Mailer): Work => ({
  everySeconds: 30,
  doFor: async (tenantId) => void (await sendWaitingMail(database, tenantId, (mail) => mailer.send(mail), nowMs)),
})

/** All that is done now and then, by name, and how often. */
export const periodicWork = (parts: WatchParts & { readonly courier?: Courier }): Readonly<Record<string, Work>> => ({
  ...(parts.courier !== undefined && { messages: messageWork({ ...parts, courier: parts.courier }) }),
  ...(parts.mailer !== null && { mails: mailsOf(parts, parts.mailer) }),
  'live-metrics': { everySeconds: 30, doFor: (tenantId) => watchTenant(parts, tenantId) },
  'branch-days': { everySeconds: 5 * MINUTE_S, doFor: (tenantId) => endDays(parts, tenantId) },
  // What was not done, or has changed meanwhile, is done an hour later.
  'gather-sums': { everySeconds: HOUR_S, doFor: (tenantId) => gatherOver(parts.database, tenantId, parts.nowMs()) },
  retention: { everySeconds: HOUR_S, doFor: (tenantId) => forgetOld(parts.database, tenantId, parts.nowMs()) },
})
