import type { FastifyInstance } from 'fastify'
import { buildOpenApiPage, type DescribedRoute } from '#shared/http/openapi-page.ts'
import { routeSummaries } from './route-summaries.ts'

const SIGNED = `A branch signs each request with its key: \`Authorization: SmartQueue <tenant>.<branch>.<signed at>.<hash of
the body>.<signature>\`, by the time that each answer tells in \`X-SmartQueue-Now\`.`

const securitySchemes = {
  person: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Of whoever signed in at /oauth/authorize, for the tenant of the path',
  },
  key: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sqt_…',
    description: 'A key of the tenant of the path, for a program; a route that does not name it is for people alone',
  },
  setup: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sqp_…',
    description: 'A key for ten minutes, made on the cloud’s own machine to set it up',
  },
  branch: { type: 'http', scheme: 'SmartQueue', description: 'The signature of a branch' },
} as const

export const buildCloudPage = (routes: readonly DescribedRoute[], version: string): Promise<FastifyInstance> =>
  buildOpenApiPage(routes, {
    ...{ title: 'SmartQueue cloud', text: SIGNED, securitySchemes, summaries: routeSummaries, version },
  })
