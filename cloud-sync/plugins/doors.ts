import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { AuditSaid } from '#shared/audit/anchor.ts'
import { waitSeconds } from '#shared/http/pace.ts'
import { isStrayUpgrade, NO_UPGRADE } from '#shared/http/stray-upgrade.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import type { App, Door, NeededScope, Parts } from '../parts.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { isSignedBody, proveBranch } from './branch-door.ts'
import type { KeyIdentity } from './key-door.ts'
import { proveAtDoor, tokenOf } from './person-at-door.ts'
import type { PersonIdentity } from './person-door.ts'
import { createRateLimits } from './rate-limits.ts'

/** The only WebSocket. */
export const LIVE_URL = '/api/v1/tenants/:slug/live'

/** A route, and who may pass. */
export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly door: Door
  /** Of a person's door; null elsewhere. */
  readonly scope: NeededScope | null
  readonly isForPeople: boolean
  readonly takesSetup: boolean
  readonly schema: FastifySchema
}

declare module 'fastify' {
  interface FastifyContextConfig {
    door?: Door
    /** Of a person's door: what she must be allowed to do. */
    scope?: NeededScope
    /** Of a person's door: no program passes with a key, whatever its scopes. */
    isForPeople?: boolean
    /** Where it is for people: a key for setting the cloud up passes, too. */
    takesSetup?: boolean
    /** Of an open door: what is asked here is not counted, for all who are meant to ask share a few addresses. */
    isUnpaced?: boolean
    /** Also a box that was replaced may speak here: to be told so, and to have what it brings kept aside. */
    takesFormer?: boolean
  }
  interface FastifyInstance {
    /** Every route as it was declared; HEAD goes with its GET. */
    routeTable: readonly DeclaredRoute[]
  }
  interface FastifyRequest {
    /** Proved by its key; null on other doors. */
    branch: BranchIdentity | null
    /** Who signed in; null on other doors, and for a program with a key. */
    person: PersonIdentity | null
    /** The key that a program came with; null on other doors, and for a person. */
    apiKey: KeyIdentity | null
    /** When a branch signed this, by the cloud's clock as the branch knew it; 0 on other doors. */
    signedAtMs: number
    /** What a branch says of its audit and of ours, signed with this request; null: nothing. */
    auditSaid: AuditSaid | null
    /** By the key of a box that another has replaced. */
    isFormer: boolean
    /** The bytes of the body as they came. */
    rawBody: Buffer | null
  }
}

/** A route that names no door is a bug, and the cloud does not start with it. */
function registerRouteTable(app: App): void {
  const table: DeclaredRoute[] = []
  app.decorate('routeTable', table)
  app.addHook('onRoute', ({ method, url, config, schema = {} }) => {
    if (config?.door === undefined) throw new Error(`The route ${url} names no door`)
    if (config.door === 'person' && config.scope === undefined) throw new Error(`The route ${url} names no scope`)
    const { door, scope = null, isForPeople = false, takesSetup = false } = config
    for (const each of [method].flat())
      if (each !== 'HEAD') table.push({ method: each, url, door, scope, isForPeople, takesSetup, schema })
  })
}

/** Looks at each request before its body is read. */
export function registerDoors(app: App, parts: Parts): void {
  const { nowMs } = parts
  app.decorateRequest('branch', null)
  app.decorateRequest('person', null)
  app.decorateRequest('apiKey', null)
  app.decorateRequest('isFormer', false)
  app.decorateRequest('auditSaid', null)
  app.decorateRequest('rawBody', null)
  app.decorateRequest('signedAtMs', 0)
  registerRouteTable(app)

  async function letPersonIn(request: FastifyRequest): Promise<Problem | null> {
    const { slug = null } = request.params as { slug?: string }
    const needed = request.routeOptions.config.scope ?? 'platform'
    const found = await proveAtDoor(parts, { token: tokenOf(request), needed, slug })
    if ('code' in found) return found
    if ('person' in found) {
      request.person = found.person
      return null
    }
    const { key } = found
    request.apiKey = key
    const { isForPeople = false, takesSetup = false } = request.routeOptions.config
    return isForPeople && !(takesSetup && key.isSetup) ? problem('Forbidden') : null
  }

  const limits = createRateLimits(parts)
  const turnAway = (reply: FastifyReply, waitMs: number): FastifyReply =>
    reply.code(429).header('retry-after', waitSeconds(waitMs)).send(problem('TooManyRequests'))
  const prove = {
    person: letPersonIn,
    branch: (request: FastifyRequest) => proveBranch(parts, request),
    open: async () => null,
  }

  app.addHook('onRequest', async (request, reply): Promise<FastifyReply | undefined> => {
    // Whoever has hung up meanwhile has no address any more, and hears nothing.
    if (request.socket.remoteAddress === undefined) return reply.hijack()
    if (isStrayUpgrade(request, LIVE_URL))
      return reply.code(400).send(problem('RequestInvalid', { detail: NO_UPGRADE }))
    reply.header('x-smartqueue-now', nowMs())
    const { door = 'open', isUnpaced = false } = request.routeOptions.config
    const guess = door === 'person' ? limits.guess(request) : null
    if (guess !== null && guess.waitMs > 0) return turnAway(reply, guess.waitMs)
    const refused = await prove[door](request).finally(() => guess?.over())
    guess?.note(refused?.status !== 401)
    if (refused !== null) {
      // Nobody is held up by whoever shares her line and guesses: what she is proved by costs little, and cannot be guessed.
      const isProven = door === 'person' && refused.status !== 401
      const refusedMs = limits.refuseMs(request, isProven)
      return door === 'person' && refusedMs > 0 ? turnAway(reply, refusedMs) : reply.code(refused.status).send(refused)
    }
    const waitMs = isUnpaced ? 0 : limits.takeMs(request)
    return waitMs > 0 ? turnAway(reply, waitMs) : undefined
  })
  // The signature is of the hash; that the body is what the hash says can be seen only now.
  app.addHook('preValidation', async (request, reply): Promise<FastifyReply | undefined> => {
    if (request.branch === null) return undefined
    if (isSignedBody(request)) return undefined
    return reply.code(401).send(problem('Unauthorized'))
  })
}
