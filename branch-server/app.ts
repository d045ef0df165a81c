import fastifyRateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger } from 'fastify'
import { guardConnections } from '#shared/http/guard-connections.ts'
import { guardedResponse } from '#shared/http/guarded-response.ts'
import { lateValidators, PROVEN_SCHEMAS } from '#shared/http/late-validators.ts'
import { refuseAddress, refuseGarbage } from '#shared/http/unreadable.ts'
import type { TlsIdentity } from './access/keys.ts'
import { forRequests } from './log.ts'
import type { App, Parts } from './parts.ts'
import { registerAudit } from './plugins/audit.ts'
import { registerDoors } from './plugins/doors.ts'
import { registerOpenApi } from './plugins/openapi.ts'
import { registerProblems } from './plugins/problems.ts'
import { RequestLog } from './request-log.ts'
import { registerAgentRoutes } from './routes/agents.ts'
import { registerAppointmentRoutes } from './routes/appointments.ts'
import { registerAuditRoute } from './routes/audit.ts'
import { registerCatalogueRoutes } from './routes/catalogue.ts'
import { registerCounterRoutes } from './routes/counters.ts'
import { registerDetailsRoutes } from './routes/customer-details.ts'
import { registerDayRoutes } from './routes/day.ts'
import { registerDeviceTokenRoutes } from './routes/device-tokens.ts'
import { registerDeviceRoutes } from './routes/devices.ts'
import { endFeed, registerFeedRoutes } from './routes/feed.ts'
import { registerGuestRoutes } from './routes/guest.ts'
import { registerHealthRoutes } from './routes/health.ts'
import { registerManagementRoutes, registerStaffRoutes } from './routes/management.ts'
import { registerMediaRoutes } from './routes/media.ts'
import { registerNoteRoutes } from './routes/notes.ts'
import { registerNoticeRoutes } from './routes/notices.ts'
import { registerOrderRoutes } from './routes/orders.ts'
import { registerPaperCodeRoutes } from './routes/paper-codes.ts'
import { registerPowerRoutes } from './routes/power.ts'
import { registerPrinterRoutes } from './routes/printers.ts'
import { registerProgrammeRoutes } from './routes/programmes.ts'
import { registerQueueRoutes } from './routes/queues.ts'
import { registerRecordRoutes } from './routes/record.ts'
import { registerReportRoutes } from './routes/reports.ts'
import { registerScreenRoutes } from './routes/screens.ts'
import { registerTicketRoutes } from './routes/tickets.ts'
import { registerTrialRoutes } from './routes/trials.ts'
import { registerViewRoutes } from './routes/views.ts'
import { registerVoiceRoutes } from './routes/voice.ts'
import { registerWaitRoutes } from './routes/waits.ts'
import { registerWithdrawals } from './routes/withdrawals.ts'

const BODY_BYTES_MAX = 1024 * 1024
const FEED_MESSAGE_BYTES_MAX = 1_024
/** Feed readers and requests together; more wait until one has ended. */
const CONNECTIONS_MAX = 2_000
/** A request that has not arrived by then is answered 408. */
const REQUEST_MS_MAX = 10_000
const HEADERS_MS_MAX = 5_000
/** How often it is looked who has passed these. */
const CHECK_MS = 5_000
/** Whoever connects and says nothing is let go by then. */
const HANDSHAKE_MS_MAX = 5_000

/** @param tls - null: plain HTTP */
const serverOptions = (tls: TlsIdentity | null) =>
  tls === null
    ? {
        http: {
          headersTimeout: HEADERS_MS_MAX,
          connectionsCheckingInterval: CHECK_MS,
          ServerResponse: guardedResponse({ isHttps: false }),
        },
      }
    : {
        https: {
          ...tls,
          minVersion: 'TLSv1.3',
          handshakeTimeout: HANDSHAKE_MS_MAX,
          connectionsCheckingInterval: CHECK_MS,
          headersTimeout: HEADERS_MS_MAX,
          ServerResponse: guardedResponse({ isHttps: true }),
        },
      }

/** Builds the server but does not listen, so that tests can ask it without a port. */
export async function buildApp(parts: Parts, logger: FastifyBaseLogger, tls: TlsIdentity | null): Promise<App> {
  const app = Fastify({
    loggerInstance: forRequests(logger),
    logController: new RequestLog(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    ...serverOptions(tls),
    routerOptions: { maxParamLength: 100 },
    forceCloseConnections: true,
    schemaController: { compilersFactory: lateValidators },
    ajv: { customOptions: { ...PROVEN_SCHEMAS, removeAdditional: false, coerceTypes: false, useDefaults: false } },
    clientErrorHandler: refuseGarbage,
    frameworkErrors: refuseAddress,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = CONNECTIONS_MAX
  guardConnections(app.server)
  app.removeContentTypeParser('text/plain')

  await app.register(fastifyRateLimit, { global: false, max: 10, timeWindow: 60_000 })
  await app.register(fastifyWebsocket, { options: { maxPayload: FEED_MESSAGE_BYTES_MAX }, errorHandler: endFeed })
  registerOpenApi(app, parts.version)
  registerProblems(app)
  registerDoors(app, parts)
  registerAudit(app, parts)

  registerHealthRoutes(app, parts)
  registerAuditRoute(app, parts)
  registerCatalogueRoutes(app, parts)
  registerDeviceRoutes(app, parts)
  registerDeviceTokenRoutes(app, parts)
  registerPrinterRoutes(app, parts)
  registerScreenRoutes(app, parts)
  registerMediaRoutes(app, parts)
  registerProgrammeRoutes(app, parts)
  registerTicketRoutes(app, parts)
  registerWithdrawals(app, parts)
  registerPaperCodeRoutes(app, parts)
  registerRecordRoutes(app, parts)
  registerAppointmentRoutes(app, parts)
  registerCounterRoutes(app, parts)
  registerQueueRoutes(app, parts)
  registerPowerRoutes(app, parts)
  registerDayRoutes(app, parts)
  registerManagementRoutes(app, parts)
  registerStaffRoutes(app, parts)
  registerAgentRoutes(app, parts)
  registerNoticeRoutes(app, parts)
  registerNoteRoutes(app, parts)
  registerDetailsRoutes(app, parts)
  registerViewRoutes(app, parts)
  registerGuestRoutes(app, parts)
  registerWaitRoutes(app, parts)
  registerReportRoutes(app, parts)
  registerTrialRoutes(app, parts)
  registerOrderRoutes(app, parts)
  registerVoiceRoutes(app, parts)
  registerFeedRoutes(app, parts)
  await app.ready()
  return app
}
