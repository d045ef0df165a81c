import type { FastifyRequest } from 'fastify'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { madeOnce } from '#shared/http/made-once.ts'
import { problem } from '#shared/wire/problem.ts'
import { bearerOf } from '../asker.ts'
import type { Counted } from '../metrics.ts'
import type { App, Parts } from '../parts.ts'
import { provePlatformKey } from '../store/platform-keys.ts'

/**
 * A proxy on this machine asks from this machine, whoever asks it; and so does a browser here whose page has made its own
 * name lead here.
 */
const isOnMachine = ({ ip, hostname, headers }: FastifyRequest): boolean =>
  isLoopback(ip.replace(/^::ffff:/, '')) &&
  isLoopback(hostname) &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined

/** For whoever is on the machine, or has a key for it. Made when somebody first asks for it. */
export function registerMetricsRoute(app: App, { database, nowMs }: Parts, counted: Counted): void {
  const metrics = madeOnce(async () => (await import('../metrics.ts')).createMetrics(counted))
  app.get('/metrics', { config: { door: 'open' }, schema: { hide: true } }, async (request, reply) => {
    const token = bearerOf(request.headers.authorization)
    if (!isOnMachine(request) && (await provePlatformKey(database, token, 'metrics', nowMs())) === null)
      return reply.code(401).send(problem('Unauthorized'))
    const register = await metrics()
    return reply.type(register.contentType).send(await register.metrics())
  })
}
