import { AUDIT_HEADER, PLATFORM_AUDIT_HEADER, saidText } from '#shared/audit/anchor.ts'
import { meetBranch, sayPlatform } from '../audit/anchors.ts'
import type { App, Parts } from '../parts.ts'

/** Branches that hold of the cloud's audit what is not there: it was put back, or somebody was at it. */
export type AuditDoubters = ReadonlySet<string>

/** With every answer to a branch goes what is held of its audit, and where ours stands. */
export function registerAuditAnchors(app: App, { database, nowMs }: Parts): AuditDoubters {
  const doubters = new Set<string>()
  app.addHook('preHandler', async (request, reply) => {
    const { auditSaid: said, branch, query, log } = request
    // What a box without a place has seen is not the branch's.
    if (said === null || branch === null || (query as { aside?: unknown }).aside !== undefined) return
    const [met, platform] = await Promise.all([
      meetBranch(database, branch, said, nowMs()),
      sayPlatform(database, said),
    ])
    const { answer, theirs } = met
    const ours = met.ours ?? platform.ours
    if (ours === null) doubters.delete(branch.branchId)
    else if (!doubters.has(branch.branchId)) {
      doubters.add(branch.branchId)
      log.error(
        { ...branch, trouble: ours, seq: (met.ours === null ? said.platform : said.held)?.seq },
        met.ours === null
          ? 'the audit of the platform is not what a branch holds of it'
          : 'the audit of this tenant is not what a branch holds of it',
      )
    }
    if (theirs !== null)
      log.error(
        { ...branch, trouble: theirs, seq: answer.held?.seq },
        'the audit of a branch is not what is held of it',
      )
    reply.header(AUDIT_HEADER, saidText(answer)).header(PLATFORM_AUDIT_HEADER, saidText(platform.answer))
  })
  return doubters
}
