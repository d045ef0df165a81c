import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import type { Expected } from '../../identity/elsewhere/elsewhere.ts'
import { arrive } from '../../identity/elsewhere/foreign-person.ts'
import { findIssuer, type Issuer } from '../../identity/elsewhere/issuers.ts'
import { BACK_PATH, type Identity } from '../../identity/open-identity.ts'
import type { PageText } from '../../identity/pages/page-parts.ts'
import { wordPage } from '../../identity/pages/sign-in-page.ts'
import { findPerson } from '../../identity/people/people.ts'
import { boundTo } from '../../identity/provider/bound-sessions.ts'
import { isSignedOut, secondOf } from '../../identity/provider/signed-out.ts'
import type { App, Parts } from '../../parts.ts'
import { uuid } from '../params.ts'
import { createSealedCookie } from './sealed-cookie.ts'
import {
  finish,
  languageOf,
  noteSignIn,
  sendEnded,
  sendPage,
  TRY,
  tenantAskedFor,
  UidParams,
  underWay,
} from './sign-in-pages.ts'

const IssuerParams = Type.Object({ ...UidParams.properties, issuerId: uuid() }, strict)

/** She is at the issuer: for which sign-in here, and what must come back. */
interface Away {
  readonly uid: string
  readonly tenantId: string
  readonly issuerId: string
  readonly expected: Expected
}

/** She is back, and known here. */
interface Back {
  readonly uid: string
  readonly tenantId: string
  readonly personId: string
  /** When the issuer spoke for her. */
  readonly signedInS: number
}

const AWAY_MS_MAX = 10 * 60_000
const BACK_MS_MAX = 60_000

const sayNo = (request: FastifyRequest, reply: FastifyReply, { name: issuer }: Issuer, why: PageText): FastifyReply =>
  sendPage(reply.code(403), wordPage(languageOf(request), why, 'endedHelp', { issuer }))

/** Sign-in by an issuer of the tenant that is asked for: there, back, and on. */
export function registerElsewhere(pages: App, identity: Identity, { database, nowMs }: Parts): void {
  const { store, publicUrl, elsewhere } = identity
  const away = createSealedCookie<Away>(identity, { name: 'smartqueue_away', ageMsMax: AWAY_MS_MAX, nowMs })
  const back = createSealedCookie<Back>(identity, { name: 'smartqueue_back', ageMsMax: BACK_MS_MAX, nowMs })

  pages.get(
    '/sign-in/:uid/elsewhere/:issuerId',
    { config: TRY, schema: { hide: true, params: IssuerParams } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      const tenantId = await tenantAskedFor(identity, database, way)
      const issuer = tenantId === null ? null : await findIssuer(store, tenantId, request.params.issuerId)
      if (tenantId === null || issuer === null) return sendEnded(request, reply)
      const begun = await elsewhere.begin(issuer).catch((error: Error) => {
        request.log.warn({ reason: error.message, issuer: issuer.issuer }, 'an issuer could not be asked')
        return null
      })
      if (begun === null) return sayNo(request, reply, issuer, 'elsewhereFailed')
      const { issuerId } = issuer
      away.keep(reply, BACK_PATH, { uid: way.uid, tenantId, issuerId, expected: begun.expected })
      return reply.code(303).header('location', begun.url.href).header('cache-control', 'no-store').send()
    },
  )

  pages.get(BACK_PATH, { config: TRY, schema: { hide: true } }, async (request, reply) => {
    const left = away.read(request)
    const issuer = left === null ? null : await findIssuer(store, left.tenantId, left.issuerId)
    if (left === null || issuer === null) return sendEnded(request, reply)
    away.forget(reply, BACK_PATH)
    const answeredAt = new URL(request.url, publicUrl)
    const claims = await elsewhere.finish(issuer, answeredAt, left.expected).catch((error: Error) => {
      request.log.warn({ reason: error.message, issuer: issuer.issuer }, 'a sign-in elsewhere came to nothing')
      return null
    })
    if (claims === null) return sayNo(request, reply, issuer, 'elsewhereFailed')
    const arrival = await arrive(store, issuer, claims, languageOf(request), nowMs(), request.audit.record)
    if (arrival.kind === 'Unproved') return sayNo(request, reply, issuer, 'elsewhereUnproved')
    if (arrival.kind === 'Stranger') return sayNo(request, reply, issuer, 'elsewhereUnknown')
    if (arrival.kind === 'Full') return sayNo(request, reply, issuer, 'membershipsFull')
    const { uid, tenantId } = left
    // The sign-in that waits here is known to its own path alone.
    const arrived = { uid, tenantId, personId: arrival.personId, signedInS: secondOf(nowMs()) }
    back.keep(reply, `/sign-in/${uid}`, arrived)
    return reply.code(303).header('location', `/sign-in/${uid}/back`).send()
  })

  pages.get(
    '/sign-in/:uid/back',
    { config: TRY, schema: { hide: true, params: UidParams } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      const arrived = back.read(request)
      const person = arrived?.uid === way.uid ? await findPerson(store, arrived.personId) : null
      // What was proved before she signed out of everything is proved no more.
      if (arrived === null || person === null || isSignedOut(person, arrived.signedInS))
        return sendEnded(request, reply)
      back.forget(reply, `/sign-in/${way.uid}`)
      const login = { accountId: arrived.personId, amr: ['ext'], acr: boundTo(arrived.tenantId), ts: arrived.signedInS }
      noteSignIn(identity, request, way, 'SignedIn', arrived.personId)
      return finish(identity, request, reply, { login })
    },
  )
}
