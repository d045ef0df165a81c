import { madeOnce } from '#shared/http/made-once.ts'
import type { DescribedRoute } from '#shared/http/openapi-page.ts'
import type { App } from '../parts.ts'
import { scopesOfRoute } from './route-scopes.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The routes of the interface as they were declared. */
    describedRoutes: readonly DescribedRoute[]
  }
}

const OPEN = { config: { doors: 'open' }, schema: { hide: true } } as const

/**
 * The description of the interface at /openapi.json, and a page to read it at /docs. Nothing is checked by it, and it is
 * a tenth of the server's memory: it is made when somebody first asks for it.
 */
export function registerOpenApi(app: App, version: string): void {
  const routes: DescribedRoute[] = []
  app.decorate('describedRoutes', routes)
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    if (method === 'HEAD' || schema?.hide === true) return
    const doors = config?.doors ?? 'open'
    const route = `${String(method)} ${url.replaceAll(/:(\w+)/g, '{$1}')}`
    const scopes = doors === 'open' ? [] : (scopesOfRoute(route) ?? [])
    routes.push({ method: String(method), url, schema: schema ?? {}, doors, scopes })
  })
  const page = madeOnce(async () => (await import('./openapi-page.ts')).buildBranchPage(routes, version))
  app.get('/openapi.json', OPEN, async () => (await page()).swagger())
  for (const path of ['/docs', '/docs/', '/docs/*'])
    app.get(path, OPEN, async ({ url }, reply) => {
      const answer = await (await page()).inject({ method: 'GET', url })
      // The page has no words of its own for what it lacks: it is told as by every other route.
      if (answer.statusCode >= 400) return reply.callNotFound()
      return reply.code(answer.statusCode).headers(answer.headers).send(answer.rawPayload)
    })
}
