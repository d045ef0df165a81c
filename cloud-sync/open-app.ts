import type { FastifyBaseLogger } from 'fastify'
import { buildApp, registerLimits } from './app.ts'
import type { App, Parts } from './parts.ts'
import { registerBodies } from './plugins/bodies.ts'
import { registerDoors } from './plugins/doors.ts'
import { registerDownRoutes } from './routes/down.ts'
import { registerHealthRoutes } from './routes/health.ts'
import { registerManagementRoutes } from './routes/management.ts'
import { registerShapeRoute } from './routes/shape.ts'
import { registerSideRoutes } from './routes/side.ts'
import { registerSyncRoutes } from './routes/sync.ts'

/** The whole server; it does not listen, so that tests can ask it without a port. */
export async function openApp(parts: Parts, log: FastifyBaseLogger): Promise<App> {
  const app = buildApp(log)
  await registerLimits(app)
  registerBodies(app)
  registerDoors(app, parts)
  registerHealthRoutes(app, parts)
  registerManagementRoutes(app, parts)
  registerSyncRoutes(app, parts)
  registerSideRoutes(app, parts)
  registerDownRoutes(app, parts)
  registerShapeRoute(app, parts)
  await app.ready()
  return app
}
