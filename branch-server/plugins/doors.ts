import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Origin } from '#shared/domain/commands.ts'
import { waitSeconds } from '#shared/http/pace.ts'
import { isStrayUpgrade, NO_UPGRADE } from '#shared/http/stray-upgrade.ts'
import { problem } from '#shared/wire/problem.ts'
import type { Bearer, Roster } from '../access/roster.ts'
import type { App, Parts } from '../parts.ts'

/** Who may pass: kinds of devices, the installer, or everybody. */
export type Door = 'kiosk' | 'caller' | 'display' | 'installer'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `open` needs no token; each open route is named in OPEN_DOORS. */
    readonly doors?: readonly Door[] | 'open'
    /** Also a token that its device has not confirmed yet: it is confirmed here. */
    readonly takesNextToken?: boolean
  }
  interface FastifyRequest {
    bearer: Bearer | null
  }
}

export const ALL_DEVICES: readonly Door[] = ['kiosk', 'caller', 'display', 'installer']

/** The whole list of addresses that answer without a token. */
const OPEN_DOORS: readonly RegExp[] = [
  /^\/api\/v1\/health$/,
  /^\/api\/v1\/pairings\/claim$/,
  // The ticket in its address is the token; it works once.
  /^\/api\/v1\/feed$/,
  /^\/openapi\.json$/,
  /^\/docs(\/.*)?$/,
  // Nothing is there unless the catalogue has it on.
  /^\/guest\/(board|guest\.css|guest\.js)?$/,
  // Checks loopback or the installer's token itself.
  /^\/metrics$/,
]

const isOpenDoor = (url: string): boolean => OPEN_DOORS.some((pattern) => pattern.test(url))

/**
 * A page of another site can make a name of its own lead to this machine; it cannot make the browser ask for an
 * address or for `localhost`. Devices know the branch by its address.
 */
const isOwnName = (hostname: string): boolean =>
  hostname === 'localhost' || isIP(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname) !== 0

/** Device hosts send no origin; a browser's page must be the branch's own. */
const isOwnOrigin = ({ headers, protocol, host }: FastifyRequest): boolean =>
  headers.origin === undefined || headers.origin === `${protocol}://${host}`

/** What somebody shows, whosever it is. */
export function tokenOf(header: string | undefined): string | null {
  const match = /^Bearer ([\x21-\x7e]{1,200})$/.exec(header ?? '')
  return match?.[1] ?? null
}

/** What a connection showed last, and whom that was; hashing the token again would tell the same. */
interface Shown {
  readonly header: string
  readonly edition: object
  readonly bearer: Bearer | null
}

/** Knows a token by its hash, and a header that came over the same connection just before by itself. */
function createRecognition(roster: Roster): (request: FastifyRequest) => Bearer | null {
  const shownBy = new WeakMap<object, Shown>()
  return ({ headers: { authorization: header }, socket }) => {
    const token = tokenOf(header)
    if (header === undefined || token === null) return null
    const shown = shownBy.get(socket)
    const edition = roster.edition()
    if (shown?.header === header && shown.edition === edition) return shown.bearer
    const bearer = roster.bearerOf(token)
    shownBy.set(socket, { header, edition, bearer })
    return bearer
  }
}

/** Requests that were under way when a token was given up are no sign of anything. */
const FORMER_TOKEN_MS = 60_000
/** Whoever goes on showing it is told of now and then. */
const TOLD_EVERY_MS = 60_000

/** Tells when somebody shows a token that its device gave up long ago: there is an old copy of its disk, or of the token. */
function createFormerWatch(roster: Roster, wallMs: () => number): (request: FastifyRequest) => void {
  const toldMs = new Map<string, number>()
  return ({ headers, ip, log }) => {
    const former = roster.formerOf(tokenOf(headers.authorization) ?? '')
    if (former === null || wallMs() - former.endedAtMs < FORMER_TOKEN_MS) return
    const { deviceId } = former
    const name = roster.find(deviceId)?.name
    const before = toldMs.get(deviceId)
    if (name === undefined || (before !== undefined && wallMs() - before < TOLD_EVERY_MS)) return
    toldMs.set(deviceId, wallMs())
    log.error(
      { deviceId, name, from: ip },
      'a token was shown that this device gave up long ago: somebody has an old copy of it; pair the device again, and its copies are worth nothing',
    )
  }
}

/** The one who asks; only behind a door that demanded a token. */
export function originOf(request: { readonly bearer: Bearer | null }): Origin {
  if (request.bearer === null) throw new Error('This route has no door')
  return request.bearer.origin
}

/** Knows who asks before anything else is read, and turns away who may not pass. A route without a door does not start. */
export function registerDoors(app: App, { roster, pace, clocks }: Pick<Parts, 'roster' | 'pace' | 'clocks'>): void {
  const recognise = createRecognition(roster)
  const watchFormer = createFormerWatch(roster, clocks.wallMs)
  app.decorateRequest('bearer', null)
  app.addHook('onRoute', (route) => {
    const doors = route.config?.doors
    if (doors === undefined && !isOpenDoor(route.url)) throw new Error(`${route.url} names no door`)
    if (doors === 'open' && !isOpenDoor(route.url)) throw new Error(`${route.url} is not among the open doors`)
  })
  // Hooks of ours call back: a promise for each would be the larger part of what they cost.
  app.addHook('onRequest', (request, reply, done) => {
    // Whoever has hung up meanwhile has no address any more, and hears nothing.
    if (request.socket.remoteAddress === undefined) return void reply.hijack()
    if (!isOwnName(request.hostname)) return void reply.code(421).send(problem('HostNotAllowed'))
    if (!isOwnOrigin(request)) return void reply.code(403).send(problem('OriginNotAllowed'))
    if (isStrayUpgrade(request, '/api/v1/feed'))
      return void reply.code(400).send(problem('RequestInvalid', { detail: NO_UPGRADE }))
    request.bearer = recognise(request)
    // An address that does not exist is not told apart from one that is closed.
    const { doors: own, takesNextToken = false } = request.routeOptions.config
    const doors = request.is404 ? ALL_DEVICES : own
    const waitMs = pace.take(request.bearer?.origin.deviceId ?? request.ip)
    if (waitMs > 0)
      return void reply.code(429).header('retry-after', waitSeconds(waitMs)).send(problem('TooManyRequests'))
    if (doors === undefined || doors === 'open') return done()
    if (takesNextToken) request.bearer ??= roster.bearerOfNext(tokenOf(request.headers.authorization) ?? '')
    if (request.bearer === null) watchFormer(request)
    if (request.bearer === null)
      return void reply.code(401).header('www-authenticate', 'Bearer').send(problem('Unauthorized'))
    if (!request.is404 && !doors.includes(request.bearer.origin.kind as Door))
      return void reply.code(403).send(problem('Forbidden'))
    done()
  })
}
