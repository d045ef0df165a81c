import { Type } from 'typebox'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { addBranch, addTenant, makeEnrolment, revoke, tenantOf } from '../store/branches.ts'

const Names = Type.Record(Type.String({ pattern: '^[a-z]{2,3}$' }), Type.String({ minLength: 1, maxLength: 120 }), {
  minProperties: 1,
  maxProperties: 20,
})
const slug = () => Type.String({ pattern: '^[a-z0-9](-?[a-z0-9]){1,62}$' })
const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const TenantBody = Type.Object({ slug: slug(), name: Names }, strict)
const BranchBody = Type.Object({ name: Names, timeZone: Type.String({ minLength: 3, maxLength: 64 }) }, strict)
const TenantParams = Type.Object({ slug: slug() }, strict)
export const BranchParams = Type.Object({ slug: slug(), branchId: uuid() }, strict)

const ADMIN = { door: 'admin' } as const

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Tenants and their branches, by the administrator. */
export function registerManagementRoutes(app: App, { database, nowMs }: Parts): void {
  const refuse = (code: 'TenantUnknown' | 'BranchUnknown' | 'SlugTaken' | 'RequestInvalid', detail?: string) =>
    problem(code, detail === undefined ? {} : { detail })

  app.post('/api/v1/tenants', { config: ADMIN, schema: { body: TenantBody } }, async ({ body }, reply) => {
    const tenantId = await addTenant(database, body.slug, body.name)
    if (tenantId === null) return reply.code(409).send(refuse('SlugTaken'))
    return reply.code(201).send({ tenantId, slug: body.slug })
  })

  app.post(
    '/api/v1/tenants/:slug/branches',
    { config: ADMIN, schema: { params: TenantParams, body: BranchBody } },
    async ({ params, body }, reply) => {
      if (!isTimeZone(body.timeZone))
        return reply.code(400).send(refuse('RequestInvalid', `There is no time zone ${body.timeZone}`))
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(refuse('TenantUnknown'))
      return reply.code(201).send({ branchId: await addBranch(database, tenantId, body.name, body.timeZone) })
    },
  )

  app.post(
    '/api/v1/tenants/:slug/branches/:branchId/enrolment',
    { config: ADMIN, schema: { params: BranchParams } },
    async ({ params }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(refuse('TenantUnknown'))
      const made = await makeEnrolment(database, { tenantId, branchId: params.branchId }, nowMs())
      return made === null ? reply.code(404).send(refuse('BranchUnknown')) : reply.code(201).send(made)
    },
  )

  app.delete(
    '/api/v1/tenants/:slug/branches/:branchId/enrolment',
    { config: ADMIN, schema: { params: BranchParams } },
    async ({ params }, reply) => {
      const tenantId = await tenantOf(database, params.slug)
      if (tenantId === null) return reply.code(404).send(refuse('TenantUnknown'))
      const isDone = await revoke(database, { tenantId, branchId: params.branchId }, nowMs())
      return isDone ? reply.code(204).send() : reply.code(404).send(refuse('BranchUnknown'))
    },
  )
}
