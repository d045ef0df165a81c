import { NOT_AUDITED } from '#shared/audit/operations.ts'

import { type DraftAnswer, DraftSchedule } from '#shared/wire/draft.ts'
import { problem } from '#shared/wire/problem.ts'
import { askerOf } from '../asker.ts'
import type { App, Parts } from '../parts.ts'
import type { Answer } from '../store/answers.ts'
import { branchOf } from '../store/branches.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { PUBLISH_AHEAD_MS_MAX, schedulePublication } from '../store/publish-due.ts'
import { BranchParams } from './params.ts'

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const

/** When a draft publishes itself. @param answers - of the draft as it is, and for whoever saw another */
export function registerDraftSchedule(
  app: App,
  { database, nowMs }: Parts,
  answers: {
    readonly answerOf: (branch: BranchIdentity) => Promise<DraftAnswer>
    readonly changed: (branch: BranchIdentity) => Promise<Answer>
  },
): void {
  app.put(
    '/api/v1/tenants/:slug/branches/:branchId/catalogues/draft/schedule',
    // Its publication is audited when it comes, with who has wished it.
    { config: { ...SETTINGS, audit: NOT_AUDITED.draft }, schema: { params: BranchParams, body: DraftSchedule } },
    async (request, reply) => {
      const branch = await branchOf(database, request.params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const { version, atMs } = request.body
      const aheadMs = atMs === null ? 1 : atMs - nowMs()
      if (aheadMs <= 0 || aheadMs > PUBLISH_AHEAD_MS_MAX)
        return reply.code(400).send(problem('RequestInvalid', { detail: 'atMs must be within the year to come' }))
      const wish = { version, atMs, by: askerOf(request) }
      const kept = await database.asTenant(branch.tenantId, (db) => schedulePublication(db, branch, wish))
      if (kept === 'kept') return answers.answerOf(branch)
      const { status, body } = await answers.changed(branch)
      return reply.code(status).send(body)
    },
  )
}
