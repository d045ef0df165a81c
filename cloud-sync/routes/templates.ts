import { Type } from 'typebox'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { MessagePreviewBody, MessageTextBody, messageTextParams } from '#shared/wire/messages.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { messageExample } from '#shared/words/messages.ts'
import { fillIn, strangersIn, textParts, VARIABLES } from '../notify/render.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import { keepText, listTexts } from '../store/message-templates.ts'
import { slug, TenantParams } from './params.ts'

const READS = { door: 'person', scope: 'send:notification' } as const
const PATH = '/api/v1/tenants/:slug/templates'
const TextParams = Type.Object({ slug: slug(), ...messageTextParams }, strict)

type Text = MessageTextBody & { readonly language: keyof typeof messageExample }

/** As it would be sent, with values that show how long it may become. */
function previewOf({ subject, body, language }: Text, tenant: string) {
  const values = { number: 'A012', ahead: '3', tenant, branch: tenant, ...messageExample[language] }
  const text = fillIn(body, values)
  return { subject: fillIn(subject, values), body: text, textParts: textParts(text) }
}

/** @returns null: nothing in it is unknown */
function faultOf({ subject, body }: MessageTextBody): string | null {
  const strangers = strangersIn(subject + body)
  return strangers.length === 0 ? null : `Nobody knows {${strangers[0]}}; there are ${VARIABLES.join(', ')}`
}

/** The texts of messages to customers. */
export function registerTemplateRoutes(app: App, { database, nowMs }: Parts): void {
  app.get(PATH, { config: READS, schema: { params: TenantParams } }, async ({ params }, reply) => {
    const tenantId = await tenantOf(database, params.slug)
    if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
    return { items: await database.asTenant(tenantId, (db) => listTexts(db, tenantId)) }
  })

  app.post(
    `${PATH}/preview`,
    { config: { ...READS, audit: NOT_AUDITED.reads }, schema: { params: TenantParams, body: MessagePreviewBody } },
    async ({ params, body }, reply) => {
      const fault = faultOf(body)
      if (fault !== null) return reply.code(400).send(problem('RequestInvalid', { detail: fault }))
      if ((await tenantOf(database, params.slug)) === null) return reply.code(404).send(problem('TenantUnknown'))
      return previewOf(body, params.slug)
    },
  )

  app.put(
    `${PATH}/:event/:channel/:language`,
    {
      config: { door: 'person', scope: 'manage:settings', audit: 'MessageTemplateSet' },
      schema: { params: TextParams, body: MessageTextBody },
    },
    async ({ params, body, audit }, reply) => {
      const { slug: name, event, channel, language } = params
      const fault = faultOf(body)
      if (fault !== null) return reply.code(400).send(problem('RequestInvalid', { detail: fault }))
      const tenantId = await tenantOf(database, name)
      if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
      await database.asTenant(tenantId, async (db) => {
        await keepText(db, tenantId, { event, channel, language, ...body }, nowMs())
        await audit.record(db, tenantId, { about: `${event} ${channel} ${language}` })
      })
      return previewOf({ ...body, language }, name)
    },
  )
}
