import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance, type FastifySchema } from 'fastify'
import { DOCS_POLICY } from './security-headers.ts'

/** What a route does, the status of its answer when it is done, and what the answer holds; its schema, where each part of it needs a word. */
export type RouteSummary = readonly [does: string, status: 200 | 201 | 204, answer: string, schema?: object]

/** An interface as it is told to those who use it. */
export interface Described {
  readonly title: string
  readonly text: string
  /** By what each kind of caller shows who it is. */
  readonly securitySchemes: Readonly<
    Record<string, { readonly type: 'http'; readonly scheme: string; readonly description: string }>
  >
  /** By method and path, as `GET /api/v1/health`. */
  readonly summaries: Readonly<Record<string, RouteSummary>>
  readonly version: string
}

/** A route as its description needs it. */
export interface DescribedRoute {
  readonly method: string
  readonly url: string
  readonly schema: FastifySchema
  readonly doors: readonly string[] | 'open'
  /** What whoever passes must be allowed to do; left out: nothing more. */
  readonly scopes?: readonly string[]
}

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

/** What the description adds to a route's own schema: who may pass, what comes back. */
function described({ summaries }: Described, { schema, method, url, doors, scopes = [] }: DescribedRoute): object {
  const path = url.replaceAll(/:(\w+)/g, '{$1}')
  const [summary = '', status = 200, answer = '', answerSchema = {}] = summaries[`${method} ${path}`] ?? []
  return {
    ...schema,
    ...(method === 'POST' ? { headers: idempotencyKey } : {}),
    summary,
    tags: [path.split('/')[3] ?? ''],
    security: doors === 'open' ? [] : doors.map((door) => ({ [door]: [...scopes] })),
    response: {
      [status]: { description: answer, content: { 'application/json': { schema: answerSchema } } },
      default: {
        description: 'What was not done, and why',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  }
}

/** A server that nobody listens to: it has the routes by name only, and can describe them. */
export async function buildOpenApiPage(
  routes: readonly DescribedRoute[],
  description: Described,
): Promise<FastifyInstance> {
  const { title, text, securitySchemes, version } = description
  const page = Fastify()
  page.setValidatorCompiler(() => () => true)
  await page.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, description: text },
      components: { securitySchemes: { ...securitySchemes } },
    },
    transform: ({ schema, url }) => ({ schema: schema as FastifySchema, url }),
  })
  await page.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: DOCS_POLICY })
  for (const route of routes)
    page.route({ method: route.method, url: route.url, schema: described(description, route), handler: () => null })
  await page.ready()
  return page
}
