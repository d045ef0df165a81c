import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import { SLUG_PATTERN } from '#shared/wire/slug.ts'

/** What the paths of a tenant name. */

export const slug = () => Type.String({ pattern: SLUG_PATTERN })
export const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
const ofBranch = { slug: slug(), branchId: uuid() }

export const TenantParams = Type.Object({ slug: slug() }, strict)
export const BranchParams = Type.Object(ofBranch, strict)
export const VisitParams = Type.Object({ ...ofBranch, ticketId: Type.String({ minLength: 1, maxLength: 64 }) }, strict)
