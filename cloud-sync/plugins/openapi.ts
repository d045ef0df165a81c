import type { FastifyContextConfig } from 'fastify'
import { madeOnce } from '#shared/http/made-once.ts'
import type { DescribedRoute } from '#shared/http/openapi-page.ts'
import type { App } from '../parts.ts'

const OPEN = { config: { door: 'open' }, schema: { hide: true } } as const

/** By what whoever asks may show who she is: a route that refuses keys names none. */
function doorsOf({ door = 'open', scope, isForPeople = false, takesSetup = false }: FastifyContextConfig) {
  if (door !== 'person') return door === 'open' ? door : [door]
  const key = isForPeople || scope === 'platform' ? [] : ['key']
  const setup = isForPeople && !takesSetup ? [] : ['setup']
  return ['person', ...key, ...setup]
}

/** The description of the interface at /openapi.json, and a page to read it at /docs: made when somebody first asks. */
export function registerOpenApi(app: App, version: string): void {
  const routes: DescribedRoute[] = []
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    if (method === 'HEAD' || schema?.hide === true) return
    const scopes = config?.scope === undefined ? [] : [config.scope]
    routes.push({ method: String(method), url, schema: schema ?? {}, doors: doorsOf(config ?? {}), scopes })
  })
  const page = madeOnce(async () => (await import('./openapi-page.ts')).buildCloudPage(routes, version))
  app.get('/openapi.json', OPEN, async () => (await page()).swagger())
  for (const path of ['/docs', '/docs/', '/docs/*'])
    app.get(path, OPEN, async ({ url }, reply) => {
      const answer = await (await page()).inject({ method: 'GET', url })
      if (answer.statusCode >= 400) return reply.callNotFound()
      return reply.code(answer.statusCode).headers(answer.headers).send(answer.rawPayload)
    })
}
