import { fileURLToPath } from 'node:url'
import type { FastifyBaseLogger } from 'fastify'
import { buildApp, registerLimits } from './app.ts'
import { createFoldKeeper, type FoldKeeper } from './jobs/fold-keeper.ts'
import { createWebhookSender, type WebhookSender } from './jobs/webhook-sender.ts'
import { type Live, openLive } from './live/open-live.ts'
import type { App, Parts } from './parts.ts'
import { registerAdmission } from './plugins/admission.ts'
import { registerAudit } from './plugins/audit.ts'
import { registerAuditAnchors } from './plugins/audit-anchors.ts'
import { registerBodies } from './plugins/bodies.ts'
import { registerDoors } from './plugins/doors.ts'
import { registerOneAtATime } from './plugins/one-at-a-time.ts'
import { registerOpenApi } from './plugins/openapi.ts'
import { registerPlainText } from './plugins/plain-text.ts'
import { registerAgentRoutes } from './routes/agents.ts'
import { registerAlertRoutes } from './routes/alerts.ts'
import { registerApiKeyRoutes } from './routes/api-keys.ts'
import { registerAuditRoute } from './routes/audit.ts'
import { registerDashboard } from './routes/dashboard.ts'
import { registerDownRoutes } from './routes/down.ts'
import { registerDraftRoutes } from './routes/draft.ts'
import { registerFleetRoute } from './routes/fleet.ts'
import { registerHealthRoutes } from './routes/health.ts'
import { registerHistoriesRoutes } from './routes/histories.ts'
import { registerHistoryRoutes } from './routes/history.ts'
import { registerIssuerRoutes } from './routes/issuers.ts'
import { registerListingRoutes } from './routes/listing.ts'
import { registerLiveRoute } from './routes/live.ts'
import { registerManagementRoutes } from './routes/management.ts'
import { registerMemberRoutes } from './routes/members.ts'
import { registerMetricsRoute } from './routes/metrics.ts'
import { registerNotificationRoutes } from './routes/notifications.ts'
import { registerOauthRoutes } from './routes/oauth.ts'
import { registerOrderRoutes } from './routes/orders.ts'
import { registerAccount } from './routes/pages/account.ts'
import { registerFirstAdministrator } from './routes/pages/first-administrator.ts'
import { registerJoin } from './routes/pages/join.ts'
import { registerPassword } from './routes/pages/password.ts'
import { registerReset } from './routes/pages/reset.ts'
import { registerSecondFactor } from './routes/pages/second-factor.ts'
import { registerSignInRoutes } from './routes/pages/sign-in.ts'
import { registerPresentRoutes } from './routes/present.ts'
import { registerProviderHooks } from './routes/provider-hooks.ts'
import { registerReadingRoutes } from './routes/reading.ts'
import { registerRecoveryRoutes } from './routes/recovery.ts'
import { registerReportRoutes } from './routes/reports.ts'
import { registerRoleRoutes } from './routes/role.ts'
import { registerShapeRoute } from './routes/shape.ts'
import { registerSideRoutes } from './routes/side.ts'
import { registerSubscriptionRoutes } from './routes/subscriptions.ts'
import { registerSyncRoutes } from './routes/sync.ts'
import { registerTemplateRoutes } from './routes/templates.ts'
import { registerWebhookRoutes } from './routes/webhooks.ts'

/** As it is built. */
const DASHBOARD_FOLDER = fileURLToPath(new URL('../dist/cloud-sync/dashboard', import.meta.url))

declare module 'fastify' {
  interface FastifyInstance {
    /** Reads on what uploads leave behind; whoever starts the server lets it sweep now and then. */
    foldKeeper: FoldKeeper
    /** Tells receivers what happened; whoever starts the server has it begin. */
    webhookSender: WebhookSender
    /** Tells those who follow; whoever starts the server has it begin. */
    live: Live
  }
}

function decorateLive(app: App, { database, nowMs }: Parts, log: FastifyBaseLogger): Live {
  const live = openLive({ database, nowMs, log })
  app.decorate('live', live)
  app.addHook('onClose', async () => live.close())
  return live
}

/** Messages to customers: what head office sets and sees, and what providers tell. */
async function registerMessages(app: App, parts: Parts): Promise<void> {
  registerNotificationRoutes(app, parts)
  registerTemplateRoutes(app, parts)
  const { twilio = null, publicUrl = '' } = parts.messaging ?? {}
  // A door that nobody may come through does not stand open; forms are understood there alone.
  if (twilio !== null)
    await app.register(async (hooks) => registerProviderHooks(hooks, parts, { ...twilio, publicUrl }))
}

/** What people do: the dashboard, the pages they sign in on, members of a tenant. */
function registerPeople(app: App, parts: Parts): void {
  const { identity, nowMs } = parts
  if (identity === undefined) return
  registerDashboard(app, DASHBOARD_FOLDER)
  registerOauthRoutes(app, identity, parts)
  registerSignInRoutes(app, identity, parts)
  registerFirstAdministrator(app, identity, nowMs)
  registerJoin(app, identity, parts)
  registerReset(app, identity, nowMs)
  registerAccount(app, identity, nowMs)
  registerSecondFactor(app, identity, nowMs)
  registerPassword(app, identity, nowMs)
  registerMemberRoutes(app, identity, parts)
  registerRecoveryRoutes(app, identity, parts)
  registerIssuerRoutes(app, identity, parts)
}

/** The whole server; it does not listen, so that tests can ask it without a port. */
export async function openApp(parts: Parts, log: FastifyBaseLogger): Promise<App> {
  const app = buildApp(log, parts.nowMs, { proxyAddress: parts.proxyAddress, publicUrl: parts.identity?.publicUrl })
  await registerLimits(app)
  const admission = registerAdmission(app, parts, parts.admission)
  registerBodies(app)
  registerDoors(app, parts)
  registerAudit(app, parts)
  registerOneAtATime(app)
  const doubters = registerAuditAnchors(app, parts)
  registerPlainText(app)
  registerOpenApi(app, parts.version)
  const keeper = createFoldKeeper({ ...parts, log })
  app.decorate('foldKeeper', keeper)
  app.addHook('onClose', () => keeper.close())
  const { database, nowMs, admitsLoopback = false } = parts
  const sender = createWebhookSender({ database, nowMs, log, admitsLoopback })
  app.decorate('webhookSender', sender)
  app.addHook('onClose', () => sender.close())
  const live = decorateLive(app, parts, log)
  registerHealthRoutes(app, parts, keeper, doubters, parts.headKeeper?.doubtedCount)
  const { counts, health } = keeper
  registerMetricsRoute(app, parts, { counts, health, admission, followerCount: live.count })
  registerManagementRoutes(app, parts)
  registerAuditRoute(app, parts)
  registerListingRoutes(app, parts)
  registerApiKeyRoutes(app, parts)
  registerWebhookRoutes(app, parts)
  registerSideRoutes(app, parts)
  registerDownRoutes(app, parts)
  registerDraftRoutes(app, parts)
  registerFleetRoute(app, parts)
  registerOrderRoutes(app, parts)
  registerAgentRoutes(app, parts)
  registerShapeRoute(app, parts)
  registerReadingRoutes(app, parts)
  registerReportRoutes(app, parts)
  registerLiveRoute(app, parts, live)
  registerAlertRoutes(app, parts)
  registerSubscriptionRoutes(app, parts)
  await registerMessages(app, parts)
  registerSyncRoutes(app, parts, keeper)
  registerPresentRoutes(app, parts, keeper)
  registerHistoryRoutes(app, parts)
  registerPeople(app, parts)
  registerHistoriesRoutes(app, parts)
  registerRoleRoutes(app, parts)
  await app.ready()
  return app
}
