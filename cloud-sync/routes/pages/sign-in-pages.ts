import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { errors } from 'oidc-provider'
import { Type } from 'typebox'
import type { AuditActor } from '#shared/audit/entry.ts'
import type { AuditCode } from '#shared/audit/operations.ts'
import type { Language } from '#shared/domain/ids.ts'
import { strict } from '#shared/wire/schema.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { languageOfWishes, originOf, pageHeaders } from '../../identity/pages/page-answer.ts'
import { wordPage } from '../../identity/pages/sign-in-page.ts'
import { slugIn } from '../../identity/provider/resources.ts'
import type { App } from '../../parts.ts'
import { tenantOf } from '../../store/branches.ts'
import type { Database } from '../../store/database.ts'
import { BUSY_SECONDS, DatabaseBusyError } from '../../store/transactions.ts'

/** What the pages of the sign-in have in common: forms in, pages out, in the language of whoever asks. */

export const OPEN = { door: 'open' } as const
/** For all who share an address; each person's own tries are counted by her name. */
const TRIES_A_MINUTE = 60
export const TRY = { ...OPEN, rateLimit: { max: TRIES_A_MINUTE, timeWindow: 60_000 } } as const
const FORM_BYTES_MAX = 16_384

/** The name of one sign-in that is under way. */
export const UidParams = Type.Object({ uid: Type.String({ pattern: '^[\\w-]{10,64}$' }) }, strict)

/** The token of a link that works once. */
export const LinkParams = Type.Object({ token: Type.String({ pattern: '^[\\w-]{32}$' }) }, strict)

/** What the application asked for, then what the browser prefers. */
export const languageOf = ({ headers }: FastifyRequest, locales: unknown = ''): Language =>
  languageOfWishes(locales, headers['accept-language'])

/** @param leadsTo - the site to which what is sent here leads in the end */
export const sendPage = (reply: FastifyReply, page: string, leadsTo = ''): FastifyReply =>
  reply.headers(pageHeaders(leadsTo)).type('text/html; charset=utf-8').send(page)

/** The same for what is over: nothing can be sent from there. */
export const sendEnded = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendPage(reply.code(410), wordPage(languageOf(request), 'ended', 'endedHelp'))

/** Makes an app understand forms, and refuse those of other sites. */
export function takeForms(pages: App, publicUrl: string): void {
  pages.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES_MAX },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  pages.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof DatabaseBusyError)
      return sendPage(reply.code(503).header('retry-after', BUSY_SECONDS), wordPage(languageOf(request), 'busy', null))
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'a page of the sign-in failed')
    const title = status === 429 ? 'busy' : 'refused'
    return sendPage(reply.code(status), wordPage(languageOf(request), title, status === 429 ? null : 'endedHelp'))
  })
  const home = new URL(publicUrl).origin
  // A form of another site is sent without our cookie; this holds where a browser is too old to know.
  pages.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (request.method === 'POST' && origin !== undefined && origin !== home)
      return sendPage(reply.code(403), wordPage(languageOf(request), 'refused', 'endedHelp'))
    return undefined
  })
}

type Interaction = Awaited<ReturnType<ReturnType<Identity['provider']>['interactionDetails']>>

/** A sign-in that is under way: what was asked for, in whose language, and where it leads. */
export interface UnderWay {
  readonly uid: string
  readonly interaction: Interaction
  readonly language: Language
  readonly leadsTo: string
}

/** @returns null when it is not known here any more; then that was said */
export async function underWay(
  { provider }: Identity,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<UnderWay | null> {
  const interaction = await provider()
    .interactionDetails(request.raw, reply.raw)
    .catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) return null
      throw error
    })
  if (interaction === null) {
    sendEnded(request, reply)
    return null
  }
  const { uid, params } = interaction
  return {
    ...{ uid, interaction, language: languageOf(request, params['ui_locales']) },
    leadsTo: originOf(params['redirect_uri']),
  }
}

/** What comes of it is known as it is tried: each says it. */
export const NOTED = { none: 'each try says what came of it' } as const

/** What somebody proves herself by was wrong, or was tried too often. */
export const refusedAs = (isLocked: boolean): AuditCode => (isLocked ? 'SignInLocked' : 'SignInRefused')

/** A try to sign in, in the audit of the tenant that it is for, else in the platform's. @param personId - null: nobody we know */
export function noteSignIn(
  { publicUrl }: Pick<Identity, 'publicUrl'>,
  { audit }: FastifyRequest,
  { interaction }: UnderWay,
  code: AuditCode,
  personId: string | null,
): void {
  const { resource } = interaction.params
  const [asked = ''] = [resource].flat().filter((it) => typeof it === 'string')
  const isProved = code === 'SignedIn' || code === 'ConsentGiven'
  const actor: AuditActor = isProved ? { kind: 'person', id: personId } : { kind: 'stranger', id: null }
  audit.note({ code, actor, about: personId }, { slug: slugIn(publicUrl, asked) })
}

type Result = Parameters<ReturnType<Identity['provider']>['interactionResult']>[2]

/** The application takes over again. */
export async function finish(
  { provider }: Identity,
  request: FastifyRequest,
  reply: FastifyReply,
  result: Result,
): Promise<FastifyReply> {
  const returnTo = await provider().interactionResult(request.raw, reply.raw, result)
  return reply.code(303).header('location', returnTo).send()
}

/** @returns the tenant that the application asks a token for; null: it leaves that to her, or asks for none */
export async function tenantAskedFor(
  { publicUrl }: Identity,
  database: Database,
  { interaction }: UnderWay,
): Promise<string | null> {
  const { resource } = interaction.params
  const slug = typeof resource === 'string' ? slugIn(publicUrl, resource) : null
  return slug === null ? null : tenantOf(database, slug)
}
