import type { preHandlerAsyncHookHandler } from 'fastify'
import { managerOrInstaller } from '#shared/domain/authority.ts'
import type { AgentId } from '#shared/domain/ids.ts'
import { problem, refusalToProblem } from '#shared/wire/problem.ts'
import { ManagerBody, Nothing } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import { ask } from './ask.ts'
import { provePin } from './prove-pin.ts'

const CALLER = { doors: ['caller'] } as const

/** What only a manager may read, or whoever sets the branch up; being a paired caller is not enough. */
export const managersOnly = ({ waist }: Parts) =>
  (async (request, reply) => {
    const allowed = managerOrInstaller(waist.branch().state, originOf(request))
    if (allowed.ok) return
    const refused = refusalToProblem(allowed.refusal)
    return reply.code(refused.status).send(refused)
  }) satisfies preHandlerAsyncHookHandler

/** Who proves herself at a kiosk's staff menu. Opens nothing here, and is no event: the menu is the kiosk's own. */
export function registerStaffRoutes(app: App, parts: Parts): void {
  app.post(
    '/api/v1/staff/prove',
    { config: { doors: ['kiosk'], audit: 'StaffProved' }, schema: { body: ManagerBody } },
    async (request, reply) => {
      const agentId = request.body.agentId as AgentId
      const agent = parts.waist.branch().state.catalogue?.body.agents.find(({ id }) => id === agentId)
      const refused =
        agent === undefined
          ? problem('AgentUnknown', { about: agentId })
          : parts.waist.branch().state.suspended.has(agentId)
            ? problem('AgentIsSuspended', { about: agentId })
            : await provePin(parts, originOf(request), agentId, request.body.pin)
      if (refused !== null) return reply.code(refused.status).send(refused)
      return reply.code(200).send({ agentId, role: agent?.role ?? 'agent' })
    },
  )
}

/** A manager at a caller without a counter, by her PIN. */
export function registerManagementRoutes(app: App, parts: Parts): void {
  app.post(
    '/api/v1/management/sign-in',
    { config: { ...CALLER, audit: 'ManagerSignedIn' }, schema: { body: ManagerBody } },
    async (request, reply) => {
      const agentId = request.body.agentId as AgentId
      const refused = await provePin(parts, originOf(request), agentId, request.body.pin)
      if (refused !== null) return reply.code(refused.status).send(refused)
      const body = { agentId }
      return ask(parts, request, reply, { type: 'SignInManager', agentId }, () => ({ status: 200, body }))
    },
  )
  app.post(
    '/api/v1/management/sign-out',
    { config: { ...CALLER, audit: 'ManagerSignedOut' }, schema: { body: Nothing } },
    (request, reply) =>
      ask(parts, request, reply, { type: 'SignOutManager' }, () => ({ status: 200, body: { agentId: null } })),
  )
}
