import type { FastifyInstance } from 'fastify'
import type { DescribedRoute } from '#shared/http/openapi-page.ts'
import type { App } from '../parts.ts'

const OPEN = { config: { door: 'open' }, schema: { hide: true } } as const

/** The description of the interface at /openapi.json, and a page to read it at /docs: made when somebody first asks. */
export function registerOpenApi(app: App, version: string): void {
  const routes: DescribedRoute[] = []
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    if (method === 'HEAD' || schema?.hide === true) return
    const door = config?.door ?? 'open'
    routes.push({ method: String(method), url, schema: schema ?? {}, doors: door === 'open' ? 'open' : [door] })
  })
  let made: Promise<FastifyInstance> | null = null
  const page = (): Promise<FastifyInstance> => {
    made ??= import('./openapi-page.ts')
      .then(({ buildCloudPage }) => buildCloudPage(routes, version))
      .catch((error: unknown) => {
        // The next who asks tries again.
        made = null
        throw error
      })
    return made
  }
  app.get('/openapi.json', OPEN, async () => (await page()).swagger())
  for (const path of ['/docs', '/docs/', '/docs/*'])
    app.get(path, OPEN, async ({ url }, reply) => {
      const answer = await (await page()).inject({ method: 'GET', url })
      if (answer.statusCode >= 400) return reply.callNotFound()
      return reply.code(answer.statusCode).headers(answer.headers).send(answer.rawPayload)
    })
}
