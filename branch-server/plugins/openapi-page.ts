import type { FastifyInstance } from 'fastify'
import { buildOpenApiPage, type DescribedRoute } from '#shared/http/openapi-page.ts'
import { ALL_DEVICES } from './doors.ts'
import { routeSummaries } from './route-summaries.ts'

const FEED = `The feed is a WebSocket at \`/api/v1/feed?ticket=…&epoch=…&after=…\`: first a hello, then every event
after that place, in order. Its one-use ticket comes from \`POST /api/v1/feed-tickets\`.`

/** One scheme for each kind of token; all are sent as `Authorization: Bearer`. */
const securitySchemes = Object.fromEntries(
  ALL_DEVICES.map((door) => [door, { type: 'http' as const, scheme: 'bearer', description: `The token of a ${door}` }]),
)

export const buildBranchPage = (routes: readonly DescribedRoute[], version: string): Promise<FastifyInstance> =>
  buildOpenApiPage(routes, {
    ...{ title: 'SmartQueue branch', text: FEED, securitySchemes, summaries: routeSummaries, version },
  })
