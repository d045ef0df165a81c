import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance, type FastifySchema } from 'fastify'
import { ALL_DEVICES, type Door } from './doors.ts'
import { routeSummaries } from './route-summaries.ts'

const FEED = `The feed is a WebSocket at \`/api/v1/feed?ticket=…&epoch=…&after=…\`: first a hello, then every event
after that place, in order. Its one-use ticket comes from \`POST /api/v1/feed-tickets\`.`

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable, as QueueEmpty' },
    detail: { type: 'string', description: 'What to mend' },
    about: { type: 'string', description: 'The id or number it speaks of' },
  },
}

const idempotencyKey = {
  type: 'object',
  properties: {
    'idempotency-key': { type: 'string', description: 'The same key and body gives the first answer again' },
  },
}

/** One scheme for each kind of token; all are sent as `Authorization: Bearer`. */
const securitySchemes = Object.fromEntries(
  ALL_DEVICES.map((door) => [door, { type: 'http' as const, scheme: 'bearer', description: `The token of a ${door}` }]),
)

/** What the description adds to a route's own schema: who may pass, what comes back. */
function described(schema: FastifySchema | undefined, method: string, url: string, doors: readonly Door[] | 'open') {
  const path = url.replaceAll(/:(\w+)/g, '{$1}')
  const [summary = '', status = 200, answer = ''] = routeSummaries[`${method} ${path}`] ?? []
  return {
    ...schema,
    ...(method === 'POST' ? { headers: idempotencyKey } : {}),
    summary,
    tags: [path.split('/')[3] ?? ''],
    security: doors === 'open' ? [] : doors.map((door) => ({ [door]: [] })),
    response: {
      [status]: { description: answer, content: { 'application/json': { schema: {} } } },
      default: {
        description: 'What was not done, and why',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  }
}

/** A route as its description needs it. */
export interface DescribedRoute {
  readonly method: string
  readonly url: string
  readonly schema: FastifySchema
  readonly doors: readonly Door[] | 'open'
}

/** A server that nobody listens to: it has the routes by name only, and can describe them. */
export async function buildOpenApiPage(routes: readonly DescribedRoute[], version: string): Promise<FastifyInstance> {
  const page = Fastify()
  page.setValidatorCompiler(() => () => true)
  await page.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'SmartQueue branch', version, description: FEED },
      components: { securitySchemes },
    },
    transform: ({ schema, url, route }) => ({
      schema: described(schema, String(route.method), url, route.config?.doors ?? 'open'),
      url,
    }),
  })
  await page.register(fastifySwaggerUi, { routePrefix: '/docs' })
  for (const { method, url, schema, doors } of routes)
    page.route({ method, url, schema, config: { doors }, handler: () => null })
  await page.ready()
  return page
}
