import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { consentPage } from '../../identity/pages/sign-in-page.ts'
import type { App } from '../../parts.ts'
import {
  finish,
  NOTED,
  noteSignIn,
  sendEnded,
  sendPage,
  TRY,
  UidParams,
  type UnderWay,
  underWay,
} from './sign-in-pages.ts'

const ConsentForm = Type.Object({ answer: Type.Union([Type.Literal('allow'), Type.Literal('deny')]) }, strict)

/** What a program of others lacks of her leave. */
interface Missing {
  readonly missingOIDCScope?: readonly string[]
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>
}
const missingIn = ({ interaction }: UnderWay): Missing => interaction.prompt.details as Missing

export async function askConsent({ provider }: Identity, reply: FastifyReply, way: UnderWay): Promise<FastifyReply> {
  const { uid, interaction, language, leadsTo } = way
  const client = await provider().Client.find(String(interaction.params['client_id']))
  const page = consentPage(language, {
    action: `/sign-in/${uid}/consent`,
    client: client?.clientName ?? client?.clientId ?? '',
    scopes: [...new Set(Object.values(missingIn(way).missingResourceScopes ?? {}).flat())],
  })
  return sendPage(reply, page, leadsTo)
}

export function registerConsent(pages: App, identity: Identity): void {
  pages.post(
    '/sign-in/:uid/consent',
    { config: { ...TRY, audit: NOTED }, schema: { hide: true, params: UidParams, body: ConsentForm } },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      // Whoever has not been asked yet gives no leave.
      if (way.interaction.prompt.name !== 'consent') return sendEnded(request, reply)
      if (request.body.answer === 'deny')
        return finish(identity, request, reply, { error: 'access_denied', error_description: 'refused by the person' })
      const { params, session, grantId } = way.interaction
      const { Grant } = identity.provider()
      const known = grantId === undefined ? undefined : await Grant.find(grantId)
      const accountId = session?.accountId
      if (accountId === undefined) return sendEnded(request, reply)
      const grant = known ?? new Grant({ accountId, clientId: String(params['client_id']) })
      const { missingOIDCScope = [], missingResourceScopes = {} } = missingIn(way)
      grant.addOIDCScope(missingOIDCScope.join(' '))
      for (const [resource, scopes] of Object.entries(missingResourceScopes))
        grant.addResourceScope(resource, scopes.join(' '))
      noteSignIn(identity, request, way, 'ConsentGiven', accountId)
      return finish(identity, request, reply, { consent: { grantId: await grant.save() } })
    },
  )
}
