import type { FastifyReply, FastifyRequest } from 'fastify'
import { contentHashOf, isSignedBy } from '#shared/network/signed-request.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { bearerOf, isAdminToken } from '../admin-token.ts'
import type { App, Door, NeededScope, Parts } from '../parts.ts'
import { branchKeys } from '../store/branches.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { type PersonIdentity, provePerson } from './person-door.ts'

/** A branch's clock may go as it likes: it signs by the cloud's, which each answer tells, and this much may be lost on the way. */
const SIGNATURE_MS_MAX = 5 * 60_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

declare module 'fastify' {
  interface FastifyContextConfig {
    door?: Door
    /** Of a person's door: what she must be allowed to do. */
    scope?: NeededScope
    /** Also a box that was replaced may speak here: to be told so, and to have what it brings kept aside. */
    takesFormer?: boolean
  }
  interface FastifyRequest {
    /** Proved by its key; null on other doors. */
    branch: BranchIdentity | null
    /** Who signed in; null on other doors, and for the administrator's token. */
    person: PersonIdentity | null
    /** When a branch signed this, by the cloud's clock as the branch knew it; 0 on other doors. */
    signedAtMs: number
    /** By the key of a box that another has replaced. */
    isFormer: boolean
    /** The bytes of the body as they came. */
    rawBody: Buffer | null
  }
}

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

/** `Authorization: SmartQueue <tenant>.<branch>.<signed at>.<hash of the body>.<signature>` */
function readSignature(request: FastifyRequest) {
  const words = textOf(request.headers.authorization).split(' ')
  const [tenantId = '', branchId = '', signedAtMs = '', contentHash = '', signature = ''] = (words[1] ?? '').split('.')
  const isWhole =
    words[0] === 'SmartQueue' && UUID.test(tenantId) && UUID.test(branchId) && /^\d{1,16}$/.test(signedAtMs)
  if (!isWhole || !/^[0-9a-f]{64}$/.test(contentHash)) return null
  const { method, url: path } = request
  return { tenantId, branchId, signature, request: { method, path, signedAtMs: Number(signedAtMs), contentHash } }
}

/** Looks at each request before its body is read. A route that names no door is a bug, and not served. */
export function registerDoors(app: App, parts: Parts): void {
  const { database, adminToken, identity, nowMs } = parts
  app.decorateRequest('branch', null)
  app.decorateRequest('person', null)
  app.decorateRequest('isFormer', false)
  app.decorateRequest('rawBody', null)
  app.decorateRequest('signedAtMs', 0)

  async function proveBranch(request: FastifyRequest): Promise<Problem | null> {
    const read = readSignature(request)
    if (read === null) return problem('Unauthorized')
    const { tenantId, branchId, signature } = read
    const keys = await branchKeys(database, { tenantId, branchId })
    const isBy = (key: string): boolean => isSignedBy(key, read.request, signature)
    if (keys === null || ![keys.current, ...keys.former].some(isBy)) return problem('Unauthorized')
    if (Math.abs(read.request.signedAtMs - nowMs()) > SIGNATURE_MS_MAX) return problem('SignatureStale')
    request.branch = { tenantId, branchId }
    request.signedAtMs = read.request.signedAtMs
    request.isFormer = !isBy(keys.current)
    return request.isFormer && request.routeOptions.config.takesFormer !== true ? problem('LogForked') : null
  }

  async function letPersonIn(request: FastifyRequest): Promise<Problem | null> {
    const token = bearerOf(request.headers.authorization)
    if (isAdminToken(token, adminToken)) return null
    if (identity === undefined) return problem('Unauthorized')
    const { slug = null } = request.params as { slug?: string }
    const needed = request.routeOptions.config.scope ?? 'platform'
    const proof = await provePerson(identity, parts, { token, needed, slug })
    if ('code' in proof) return proof
    request.person = proof
    return null
  }

  app.addHook('onRoute', ({ url, config }) => {
    if (config?.door === undefined) throw new Error(`The route ${url} names no door`)
    if (config.door === 'person' && config.scope === undefined) throw new Error(`The route ${url} names no scope`)
  })
  app.addHook('onRequest', async (request, reply): Promise<FastifyReply | undefined> => {
    reply.header('x-smartqueue-now', nowMs())
    const { door } = request.routeOptions.config
    if (door === 'person') {
      const refused = await letPersonIn(request)
      if (refused !== null) return reply.code(refused.status).send(refused)
    }
    if (door === 'branch') {
      const refused = await proveBranch(request)
      if (refused !== null) return reply.code(refused.status).send(refused)
    }
    return undefined
  })
  // The signature is of the hash; that the body is what the hash says can be seen only now.
  app.addHook('preValidation', async (request, reply): Promise<FastifyReply | undefined> => {
    if (request.branch === null) return undefined
    const signed = readSignature(request)?.request.contentHash
    if (contentHashOf(request.rawBody ?? Buffer.alloc(0)) === signed) return undefined
    return reply.code(401).send(problem('Unauthorized'))
  })
}
