import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { signDocument } from '#shared/network/signed-document.ts'
import { type BranchKeyDocument, KeyBody } from '#shared/wire/branch-key.ts'
import { DOCUMENT_VERSION } from '#shared/wire/down.ts'
import { RoleBody } from '#shared/wire/role.ts'
import type { App, Parts } from '../parts.ts'
import { keepRole } from '../store/role.ts'
import { tenantKey } from '../store/tenant-keys.ts'

const ROLE_BYTES_MAX = 1024 * 1024

/** What makes a branch itself beside its log: what was set up there, and the key by which its devices know it. */
export function registerRoleRoutes(app: App, { database, nowMs }: Parts): void {
  const config = { door: 'branch', audit: NOT_AUDITED.sync } as const
  app.post(
    '/api/v1/sync/role',
    { config, bodyLimit: ROLE_BYTES_MAX, schema: { body: RoleBody } },
    async ({ branch, body }) => {
      if (branch === null) throw new Error('The door of branches let somebody else in')
      await keepRole(database, branch, body)
      return {}
    },
  )
  app.post('/api/v1/sync/branch-key', { config, schema: { body: KeyBody } }, async ({ branch, body }) => {
    if (branch === null) throw new Error('The door of branches let somebody else in')
    const { privateKey } = await database.asTenant(branch.tenantId, (db) => tenantKey(db, branch.tenantId))
    const said: BranchKeyDocument = {
      ...{ v: DOCUMENT_VERSION, kind: 'branch-key', ...branch, publicKey: body.publicKey, issuedAtMs: nowMs() },
    }
    const document = JSON.stringify(said)
    return { document, signature: signDocument(privateKey, document) }
  })
}
