import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { appendAudit, PLATFORM } from '../audit/entries.ts'
import type { Identity } from '../identity/open-identity.ts'
import { refreshOnce } from '../identity/provider/refresh-again.ts'
import { slugIn } from '../identity/provider/resources.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'

/** Tokens follow from a sign-in, which is audited. */
const OPEN = { door: 'open', audit: { none: 'follows from a sign-in, which is audited' } } as const
const FORM_BYTES_MAX = 16 * 1024
/** The library's few pages of its own bring their style with them, and a form that leads on. */
const PAGE_POLICY = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

type KoaContext = Parameters<Parameters<Provider['use']>[0]>[0]

/** @returns null when it is too large */
async function formOf(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > FORM_BYTES_MAX) return null
    chunks.push(chunk as Buffer)
  }
  return { ...parse(Buffer.concat(chunks).toString()) }
}

/** The same program says the same of itself; another that has stolen the token has to guess it, too. */
const askerOf = (ctx: KoaContext, clientId: unknown): string =>
  JSON.stringify([clientId, ctx.get('authorization'), ctx.get('user-agent')])

/** A token that is brought again is given what it was given first. */
function answerAgain(provider: Provider, { store }: Identity, nowMs: () => number, log: FastifyBaseLogger): void {
  provider.use(async (ctx, next) => {
    if (ctx.method !== 'POST' || ctx.path !== '/oauth/token') return next()
    const form = await formOf(ctx.req)
    if (form === null) {
      ctx.status = 413
      ctx.body = { error: 'invalid_request', error_description: 'the request is too large' }
      return undefined
    }
    Object.assign(ctx.req, { body: form })
    const { grant_type: grantType, refresh_token: token, client_id: clientId } = form
    if (grantType !== 'refresh_token' || typeof token !== 'string') return next()
    const answer = await refreshOnce(store, { token, asker: askerOf(ctx, clientId) }, nowMs, async () => {
      await next()
      return { status: ctx.status, body: JSON.stringify(ctx.body) }
    }).catch((error: unknown) => {
      // What is between her and the database says nothing of her token: she asks again, and is not signed out.
      log.error({ err: error }, 'a token could not be refreshed')
      return null
    })
    ctx.status = answer?.status ?? 503
    ctx.body = answer === null ? { error: 'temporarily_unavailable' } : (JSON.parse(answer.body) as object)
    ctx.set('cache-control', 'no-store')
    return undefined
  })
}

/** The sign-in builds addresses out of what it was asked at: that is where we are, whatever a request says. */
function asAtHome({ headers }: IncomingMessage, publicUrl: string): void {
  const { host, protocol } = new URL(publicUrl)
  headers.host = host
  headers['x-forwarded-host'] = host
  headers['x-forwarded-proto'] = protocol.slice(0, -1)
}

/** Whose token is not the first of its family to be used: of which person, and for which tenant. */
interface Reused {
  readonly personId: string | null
  readonly slug: string | null
}

const firstOf = (resource: string | readonly string[] | undefined): string =>
  (typeof resource === 'string' ? resource : resource?.[0]) ?? ''

/** Somebody has brought a code or a refresh token that was used before: its family is over, and that is remembered. */
function auditReuse(
  provider: Provider,
  { publicUrl }: Identity,
  { database, nowMs }: Parts,
  addressOf: WeakMap<object, string>,
): void {
  const reused = new WeakMap<object, Reused>()
  const events: EventEmitter = provider
  // At this address the library ends a family for nothing else.
  events.on('grant.revoked', ({ req, oidc }: KoaContext) => {
    const { accountId = null, resource } = oidc.entities.RefreshToken ?? oidc.entities.AuthorizationCode ?? {}
    reused.set(req, { personId: accountId, slug: slugIn(publicUrl, firstOf(resource)) })
  })
  provider.use(async (ctx, next) => {
    await next()
    const found = reused.get(ctx.req)
    if (found === undefined || ctx.path !== '/oauth/token') return
    const tenantId = (found.slug === null ? null : await tenantOf(database, found.slug)) ?? PLATFORM
    const actor = { kind: 'stranger', id: null } as const
    const happening = { code: 'TokenReused', actor, address: addressOf.get(ctx.req) ?? null } as const
    await database.asTenant(tenantId, (db) =>
      appendAudit(db, tenantId, { ...happening, about: found.personId }, nowMs()),
    )
  })
}

/** OpenID Connect: /oauth and /.well-known, answered by its library. */
export function registerOauthRoutes(app: App, identity: Identity, parts: Parts): void {
  const { nowMs } = parts
  const ready = new WeakSet<Provider>()
  /** As the cloud knows it, also behind a proxy: the library sees the proxy. */
  const addressOf = new WeakMap<object, string>()
  function handle(request: IncomingMessage, response: ServerResponse): void {
    const provider = identity.provider()
    if (!ready.has(provider)) {
      provider.proxy = true
      auditReuse(provider, identity, parts, addressOf)
      answerAgain(provider, identity, nowMs, app.log)
      // Left to itself it writes to the terminal what every line that breaks is.
      const events: EventEmitter = provider
      events.on('error', (error: Error) => app.log.warn({ reason: error.message }, 'an answer of the sign-in was lost'))
      ready.add(provider)
    }
    asAtHome(request, identity.publicUrl)
    void provider.callback()(request, response)
  }
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.hijack()
    reply.raw.setHeader('content-security-policy', PAGE_POLICY)
    addressOf.set(request.raw, request.ip)
    handle(request.raw, reply.raw)
  }
  // Before the body is read: the library reads it.
  const route = { config: OPEN, schema: { hide: true }, onRequest: serve, handler: async () => {} } as const
  app.route({ method: ['GET', 'POST', 'OPTIONS'], url: '/oauth/*', ...route })
  app.route({ method: ['GET', 'OPTIONS'], url: '/.well-known/openid-configuration', ...route })
}
