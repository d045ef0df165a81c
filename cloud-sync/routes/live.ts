import type { FastifyRequest } from 'fastify'
import { decodeJwt } from 'jose'
import { Type } from 'typebox'
import type { WebSocket } from 'ws'
import type { Scope } from '#shared/access/roles.ts'
import { LIVE_CLOSES } from '#shared/wire/live.ts'
import { problem } from '#shared/wire/problem.ts'
import { type ParsedBy, strict } from '#shared/wire/schema.ts'
import { askerOf } from '../asker.ts'
import type { Live } from '../live/open-live.ts'
import type { App, Parts } from '../parts.ts'
import { LIVE_URL } from '../plugins/doors.ts'
import { isKeyLike } from '../plugins/key-door.ts'
import { proveAtDoor, tokenOf } from '../plugins/person-at-door.ts'
import { branchIsThere, branchOf, tenantOf } from '../store/branches.ts'
import { floorOf } from '../store/live.ts'
import { BranchParams, TenantParams, uuid } from './params.ts'

/** One branch with its floor; left out: all of them. */
const LiveQuery = Type.Object({ branch: Type.Optional(uuid()) }, strict)

interface LiveRequest {
  readonly Params: ParsedBy<typeof TenantParams>
  readonly Querystring: ParsedBy<typeof LiveQuery>
}

/** Of a person's token, which was proved at the door; a key says its end at its door alone. */
const endOf = (token: string): number => (isKeyLike(token) ? Infinity : (decodeJwt(token).exp ?? 0) * 1_000)

const mayReadTickets = (asks: { readonly scopes: readonly Scope[] } | null): boolean =>
  asks?.scopes.includes('read:ticket') === true

/** What happens in a tenant, told to whoever follows it as it happens. */
export function registerLiveRoute(app: App, parts: Parts, live: Live): void {
  const { database } = parts
  // The same, for whoever asks while the line is cut.
  app.get(
    '/api/v1/tenants/:slug/branches/:branchId/floor',
    { config: { door: 'person', scope: 'read:queue' }, schema: { params: BranchParams } },
    async (request, reply) => {
      const branch = await branchOf(database, request.params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const floor = await database.asTenant(branch.tenantId, (db) => floorOf(db, branch))
      if (floor === null)
        return reply.code(404).send(problem('BranchUnknown', { detail: 'It has never said how it is' }))
      return mayReadTickets(request.person ?? request.apiKey) ? floor : { ...floor, tickets: null }
    },
  )

  // With both handlers: of a socket alone the library would keep the route out of the description.
  app.route({
    method: 'GET',
    url: LIVE_URL,
    config: { door: 'person', scope: 'read:queue' },
    schema: { params: TenantParams, querystring: LiveQuery },
    preHandler: async ({ params, query }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      if (query.branch !== undefined && !(await branchIsThere(database, { tenantId, branchId: query.branch })))
        return reply.code(404).send(problem('BranchUnknown', { about: query.branch }))
    },
    handler: async (_request, reply) =>
      reply.code(400).send(problem('RequestInvalid', { detail: 'This is a WebSocket' })),
    wsHandler: (socket, request) => follow(socket, request as FastifyRequest<LiveRequest>),
  })

  async function follow(socket: WebSocket, request: FastifyRequest<LiveRequest>): Promise<void> {
    const { params, query } = request
    const token = tokenOf(request)
    socket.on('error', () => live.leave(socket))
    socket.on('close', () => live.leave(socket))
    socket.on('pong', () => live.heard(socket))
    // Nothing is taken: what is wanted stands in the address.
    socket.on('message', () => socket.close(4400, 'nothing is taken'))
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return socket.close(LIVE_CLOSES.over, 'the tenant is no more')
    if (socket.readyState !== socket.OPEN) return
    live.follow(socket, {
      ...{ tenantId, branchId: query.branch ?? null, asker: askerOf(request), expiresAtMs: endOf(token) },
      mayReadTickets: mayReadTickets(request.person ?? request.apiKey),
      async prove() {
        const found = await proveAtDoor(parts, { token, needed: 'read:queue', slug: params.slug })
        if ('code' in found) return null
        return { mayReadTickets: mayReadTickets('person' in found ? found.person : found.key) }
      },
    })
  }
}
