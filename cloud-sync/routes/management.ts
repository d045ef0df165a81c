import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import { SCOPES } from '#shared/access/roles.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { stillMay } from '../identity/members/still-may.ts'
import { isTimeZone } from '../notify/quiet-hours.ts'
import type { App, Parts } from '../parts.ts'
import { askerHere, mayNotGive } from '../plugins/person-door.ts'
import { type Answer, createSecretAnswers, once } from '../store/answers.ts'
import { insertBranch, insertEnrolment, insertTenant, isTaken, revoke, tenantOf } from '../store/branches.ts'
import type { TenantDb } from '../store/database.ts'
import { BranchParams, slug, TenantParams } from './params.ts'

const Names = Type.Record(Type.String({ pattern: '^[a-z]{2,3}$' }), Type.String({ minLength: 1, maxLength: 120 }), {
  minProperties: 1,
  maxProperties: 20,
  // Without it whatever is named otherwise is let through unread, however deep it goes.
  ...strict,
})
const TenantBody = Type.Object({ slug: slug(), name: Names }, strict)
const BranchBody = Type.Object({ name: Names, timeZone: Type.String({ minLength: 3, maxLength: 64 }) }, strict)

const PLATFORM = { door: 'person', scope: 'platform' } as const
const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
/** Whoever has the code is the branch, and reads its customers' details: a tenant's key would outlive its own end. */
const ENROL = { ...SETTINGS, isForPeople: true, takesSetup: true } as const

/** Tenants and their branches, by the administrator. */
export function registerManagementRoutes(app: App, { database, nowMs, identity }: Parts): void {
  const refuse = (code: 'TenantUnknown' | 'BranchUnknown' | 'SlugTaken' | 'RequestInvalid', detail?: string) =>
    problem(code, detail === undefined ? {} : { detail })

  const secrets = createSecretAnswers(nowMs)

  app.post(
    '/api/v1/tenants',
    { config: { ...PLATFORM, audit: 'TenantAdded' }, schema: { body: TenantBody } },
    async (request, reply) => {
      const { slug: name, name: names } = request.body
      const tenantId = randomUUID()
      const made = await once(database, request, tenantId, async (db) => {
        await insertTenant(db, tenantId, name, names)
        await request.audit.record(db, tenantId, { about: tenantId })
        return { status: 201, body: { tenantId, slug: name } }
      }).catch((error: unknown) => {
        if (isTaken(error)) return { status: 409, body: refuse('SlugTaken') }
        throw error
      })
      return reply.code(made.status).send(made.body)
    },
  )

  app.post(
    '/api/v1/tenants/:slug/branches',
    { config: { ...SETTINGS, audit: 'BranchAdded' }, schema: { params: TenantParams, body: BranchBody } },
    async (request, reply) => {
      const { params, body } = request
      if (!isTimeZone(body.timeZone))
        return reply.code(400).send(refuse('RequestInvalid', `There is no time zone ${body.timeZone}`))
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(refuse('TenantUnknown'))
      const made = await once(database, request, tenantId, async (db) => {
        const branchId = await insertBranch(db, tenantId, body.name, body.timeZone)
        await request.audit.record(db, tenantId, { about: branchId })
        return { status: 201, body: { branchId } }
      })
      return reply.code(made.status).send(made.body)
    },
  )

  app.post(
    '/api/v1/tenants/:slug/branches/:branchId/enrolment',
    { config: { ...ENROL, audit: 'EnrolmentCodeMade' }, schema: { params: BranchParams } },
    async (request, reply) => {
      const { params, person } = request
      const forbidden = mayNotGive(askerHere(request), SCOPES)
      if (forbidden !== null) return reply.code(forbidden.status).send(forbidden)
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(refuse('TenantUnknown'))
      const make = async (db: TenantDb): Promise<Answer> => {
        const madeBy = person?.personId ?? null
        if (madeBy !== null && !(await stillMay(db, identity?.store ?? null, { tenantId, personId: madeBy }, SCOPES)))
          return { status: 403, body: problem('Forbidden') }
        const made = await insertEnrolment(db, { tenantId, branchId: params.branchId, madeBy }, nowMs())
        if (made === null) return { status: 404, body: refuse('BranchUnknown') }
        await request.audit.record(db, tenantId)
        return { status: 201, body: made }
      }
      const { status, body } = await secrets.once(request, () => database.asTenant(tenantId, make))
      return reply.code(status).send(body)
    },
  )

  app.delete(
    '/api/v1/tenants/:slug/branches/:branchId/enrolment',
    { config: { ...SETTINGS, audit: 'BranchRevoked' }, schema: { params: BranchParams } },
    async ({ params, audit }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(refuse('TenantUnknown'))
      const isDone = await revoke(database, { tenantId, branchId: params.branchId }, nowMs(), audit.record)
      return isDone ? reply.code(204).send() : reply.code(404).send(refuse('BranchUnknown'))
    },
  )
}
