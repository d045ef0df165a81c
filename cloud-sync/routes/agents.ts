import { Type } from 'typebox'
import type { InboxMessage } from '#shared/wire/down.ts'
import { problem } from '#shared/wire/problem.ts'
import { id, strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { agentsOf, suspensionOf } from '../store/agents.ts'
import { once } from '../store/answers.ts'
import { branchOf } from '../store/branches.ts'
import { sendMessage } from '../store/down.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { BranchParams } from './params.ts'

/** What is said of a person must reach a branch that was away for a season, too. */
const VALID_MS = 400 * 24 * 3_600_000

const AGENTS = '/api/v1/tenants/:slug/branches/:branchId/agents'
const AgentOfBranch = Type.Object({ ...BranchParams.properties, agentId: id() }, strict)
const FULL = new Error('The inbox is full')

/** Who works at a branch, and what head office says of them. The branch does it as soon as it hears of it. */
export function registerAgentRoutes(app: App, { database, nowMs }: Parts): void {
  app.get(
    AGENTS,
    { config: { door: 'person', scope: 'read:agent' }, schema: { params: BranchParams } },
    async (request, reply) => {
      const branch = await branchOf(database, request.params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const items = await agentsOf(database, branch)
      return items === null ? reply.code(404).send(problem('BranchUnknown')) : { items }
    },
  )

  async function messageOf(
    branch: BranchIdentity,
    verb: 'suspend' | 'restore',
    agentId: string,
  ): Promise<InboxMessage> {
    if (verb === 'suspend') return { type: 'SuspendAgent', agentId }
    const known = await suspensionOf(database, branch, agentId)
    const answers = known?.by === 'site' ? { epoch: known.epoch, seq: known.seq } : null
    return { type: 'RestoreAgent', agentId, answers }
  }

  for (const [verb, audit] of [
    ['suspend', 'AgentSuspended'],
    ['restore', 'AgentRestored'],
  ] as const)
    app.post(
      `${AGENTS}/:agentId/${verb}`,
      { config: { door: 'person', scope: 'manage:agent', audit }, schema: { params: AgentOfBranch } },
      async (request, reply) => {
        const { agentId } = request.params
        const branch = await branchOf(database, request.params)
        if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
        const message = await messageOf(branch, verb, agentId)
        const sent = await once(database, request, branch.tenantId, async (db) => {
          const number = await sendMessage(db, branch, message, { nowMs: nowMs(), validMs: VALID_MS })
          if (number === 'InboxFull') throw FULL
          if (number === 'BranchUnknown') return { status: 404, body: problem(number) }
          await request.audit.record(db, branch.tenantId, {
            about: agentId,
            after: { branchId: branch.branchId, seq: number },
          })
          return { status: 201, body: { number } }
        }).catch((error: unknown) => {
          if (error === FULL) return { status: 409, body: problem('InboxFull') }
          throw error
        })
        return reply.code(sent.status).send(sent.body)
      },
    )
}
