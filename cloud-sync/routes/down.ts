import { Type } from 'typebox'
import { zoneExists } from '#shared/domain/business-day.ts'
import { catalogueDoubts } from '#shared/domain/catalogue-doubts.ts'
import { hashPins } from '#shared/network/pin-hash.ts'
import { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { ScreenMessage } from '#shared/wire/down.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { faultsText, readSentCatalogue } from '#shared/wire/sent-catalogue.ts'
import type { App, Parts } from '../parts.ts'
import { once } from '../store/answers.ts'
import { branchOf } from '../store/branches.ts'
import { editableCatalogue, messagesOf, publishCatalogue, sendMessage } from '../store/down.ts'
import { BranchParams } from './params.ts'

const VALID_MINUTES = 60
const MessageBody = Type.Object(
  {
    message: ScreenMessage,
    /** A branch that hears of it later does not do it. */
    validMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_440 })),
  },
  strict,
)

/** No answer that is kept: the same key may try again once there is room. */
const FULL = new Error('The inbox is full')

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
const MANAGE = { door: 'person', scope: 'manage:queue' } as const
const READ = { door: 'person', scope: 'read:queue' } as const
const CATALOGUES = '/api/v1/tenants/:slug/branches/:branchId/catalogues'
const INBOX = '/api/v1/tenants/:slug/branches/:branchId/inbox'

/** What goes down to a branch, by the administrator. */
export function registerDownRoutes(app: App, { database, nowMs }: Parts): void {
  app.post(
    CATALOGUES,
    { config: { ...SETTINGS, audit: 'CataloguePublished' }, schema: { params: BranchParams, body: CatalogueBody } },
    async (request, reply) => {
      const { params, body } = request
      const branch = await branchOf(database, params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const { catalogue, pins, faults } = readSentCatalogue(body, zoneExists)
      if (faults.length > 0) return reply.code(422).send(problem('CatalogueInvalid', { detail: faultsText(faults) }))
      const hashes = await hashPins(pins)
      const done = await once(database, request, branch.tenantId, async (db) => {
        const published = await publishCatalogue(db, branch, body, hashes, nowMs())
        if (published === null) return { status: 404, body: problem('BranchUnknown') }
        const { version, isNew } = published
        if (isNew) await request.audit.record(db, branch.tenantId, { after: { version, count: hashes.size } })
        else request.audit.settle()
        return { status: isNew ? 201 : 200, body: { version, doubts: catalogueDoubts(catalogue, pins) } }
      })
      return reply.code(done.status).send(done.body)
    },
  )

  app.get(`${CATALOGUES}/latest`, { config: READ, schema: { params: BranchParams } }, async ({ params }, reply) => {
    const branch = await branchOf(database, params)
    if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
    const latest = await database.asTenant(branch.tenantId, (db) => editableCatalogue(db, branch))
    return latest ?? reply.code(409).send(problem('CatalogueMissing'))
  })

  app.post(
    INBOX,
    { config: { ...MANAGE, audit: 'MessageSent' }, schema: { params: BranchParams, body: MessageBody } },
    async (request, reply) => {
      const { params, body } = request
      const branch = await branchOf(database, params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const validMs = (body.validMinutes ?? VALID_MINUTES) * 60_000
      const sent = await once(database, request, branch.tenantId, async (db) => {
        const number = await sendMessage(db, branch, body.message, { nowMs: nowMs(), validMs })
        if (number === 'InboxFull') throw FULL
        if (number === 'BranchUnknown') return { status: 404, body: problem(number) }
        const after = { seq: number, kind: body.message.type, validMinutes: validMs / 60_000 }
        await request.audit.record(db, branch.tenantId, { after })
        return { status: 201, body: { number } }
      }).catch((error: unknown) => {
        if (error === FULL) return { status: 409, body: problem('InboxFull') }
        throw error
      })
      return reply.code(sent.status).send(sent.body)
    },
  )

  app.get(INBOX, { config: READ, schema: { params: BranchParams } }, async ({ params }, reply) => {
    const branch = await branchOf(database, params)
    if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
    return (await messagesOf(database, branch)) ?? reply.code(404).send(problem('BranchUnknown'))
  })
}
