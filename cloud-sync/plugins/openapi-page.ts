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
    description: 'Of whoever signed in at /oauth/authorize, for the tenant of the path; or a key of that tenant',
  },
  branch: { type: 'http', scheme: 'SmartQueue', description: 'The signature of a branch' },
} as const

export const buildCloudPage = (routes: readonly DescribedRoute[], version: string): Promise<FastifyInstance> =>
  buildOpenApiPage(routes, {
    ...{ title: 'SmartQueue cloud', text: SIGNED, securitySchemes, summaries: routeSummaries, version },
  })
