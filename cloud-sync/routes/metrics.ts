import { timingSafeEqual } from 'node:crypto'
import type { Registry } from 'prom-client'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { problem } from '#shared/wire/problem.ts'
import type { Counted } from '../metrics.ts'
import type { App, Parts } from '../parts.ts'

const bearerOf = (header: string | undefined): string => /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? ''

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** For whoever is on the machine, or has the administrator's token. Made when somebody first asks for it. */
export function registerMetricsRoute(app: App, { adminToken }: Parts, counted: Counted): void {
  let made: Promise<Registry> | null = null
  const metrics = (): Promise<Registry> => {
    made ??= import('../metrics.ts')
      .then(({ createMetrics }) => createMetrics(counted))
      .catch((error: unknown) => {
        made = null
        throw error
      })
    return made
  }
  app.get('/metrics', { config: { door: 'open' }, schema: { hide: true } }, async (request, reply) => {
    const mayRead =
      isLoopback(request.ip.replace(/^::ffff:/, '')) || isSame(bearerOf(request.headers.authorization), adminToken)
    if (!mayRead) return reply.code(401).send(problem('Unauthorized'))
    const register = await metrics()
    return reply.type(register.contentType).send(await register.metrics())
  })
}
