import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { problem } from '#shared/wire/problem.ts'
import { Nothing, PowerBody } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { ask } from './ask.ts'

const told = ({ state }: { readonly state: BranchState }) => ({
  status: 200 as const,
  body: { isLow: state.isPowerLow, listAskedAtMs: state.sheet?.atMs ?? null },
})

/** The battery of this box, and the waiting list on paper that it calls for. */
export function registerPowerRoutes(app: App, parts: Parts): void {
  app.post(
    '/api/v1/power',
    { config: { doors: ['installer'], audit: NOT_AUDITED.inLog }, schema: { body: PowerBody } },
    (request, reply) => {
      const { isLow } = request.body
      return ask(parts, request, reply, () => ({ type: 'TellPower', isLow, kioskId: parts.printers.best() }), told)
    },
  )
  app.post(
    '/api/v1/waiting-list/print',
    { config: { doors: ['caller', 'installer'], audit: NOT_AUDITED.inLog }, schema: { body: Nothing } },
    (request, reply) => {
      const kioskId = parts.printers.best()
      const refused = problem('NoPrinter')
      if (kioskId === null) return reply.code(refused.status).send(refused)
      return ask(parts, request, reply, { type: 'PrintWaitingList', kioskId }, told)
    },
  )
}
