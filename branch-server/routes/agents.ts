import { randomBytes } from 'node:crypto'
import type { RouteAudit } from '#shared/audit/operations.ts'
import type { Agent } from '#shared/domain/catalogue.ts'
import { isEasyPin } from '#shared/domain/easy-pin.ts'
import type { AgentId } from '#shared/domain/ids.ts'
import { hashPin } from '#shared/network/pin-hash.ts'
import { AgentParams, NewAgentBody, PinBody } from '#shared/wire/agents.ts'
import { problem } from '#shared/wire/problem.ts'
import { Nothing } from '#shared/wire/requests.ts'
import { pepperHash } from '../access/pin-pepper.ts'
import type { App, Parts } from '../parts.ts'
import { catalogueChange } from '../waist/catalogue-change.ts'
import { ask } from './ask.ts'
import { managersOnly } from './management.ts'

const STAFF = { doors: ['caller', 'installer'] } as const
const BASE = '/api/v1/management/agents'

const newAgentId = (): AgentId => `site-${randomBytes(5).toString('hex')}` as AgentId

/** Who may work here, as the manager who is there changes it. Each change is an event, which head office reads. */
export function registerAgentRoutes(app: App, parts: Parts): void {
  const { pinTries, rights, keys } = parts
  const guarded = (audit: RouteAudit) => ({ config: { ...STAFF, audit }, preHandler: managersOnly(parts) })
  const peppered = async (pin: string): Promise<string> => pepperHash(keys.pinPepper, await hashPin(pin))

  app.get('/api/v1/rights', { config: STAFF }, () => rights.now())
  app.post(
    '/api/v1/management/confirm-rights',
    { ...guarded('RightsConfirmed'), schema: { body: Nothing } },
    async (request, reply) => {
      const confirmed = rights.confirmed()
      // A request that comes again is answered as before, and confirms nothing more.
      let isNew = false
      const sent = await ask(parts, request, reply, { type: 'ConfirmRights' }, () => ({ status: 200, body: {} }), {
        writes: (store) => {
          store.agentRights.put(confirmed)
          isNew = true
        },
      })
      if (isNew && reply.statusCode === 200) rights.take(confirmed)
      return sent
    },
  )
  app.post(BASE, { ...guarded('AgentAdded'), schema: { body: NewAgentBody } }, async (request, reply) => {
    const { name, role, pin } = request.body
    if (isEasyPin(pin)) return reply.code(422).send(problem('PinEasy'))
    const agent: Agent = { id: newAgentId(), name: name.trim(), role, skills: null, addedOnSite: true }
    const { command, writes } = catalogueChange(
      ({ catalogue }) => {
        if (catalogue === null) throw new Error('No manager is known before there is a catalogue')
        return { ...catalogue.body, agents: [...catalogue.body.agents, agent] }
      },
      { from: 'site', hashes: new Map([[agent.id, await peppered(pin)]]) },
      (version, hash) => ({ type: 'AddAgent', agentId: agent.id, version, hash }),
    )
    if (parts.waist.branch().state.catalogue === null) return reply.code(409).send(problem('CatalogueMissing'))
    const answer = (): { status: number; body: object } => ({ status: 201, body: { agentId: agent.id } })
    const sent = await ask(parts, request, reply, command, answer, {
      writes,
      newPin: pin,
      audit: () => ({ about: agent.id, after: { role } }),
    })
    parts.keepSettings()
    return sent
  })
  app.post(
    `${BASE}/:agentId/pin`,
    { ...guarded('PinSet'), schema: { params: AgentParams, body: PinBody } },
    async (request, reply) => {
      const { pin } = request.body
      if (isEasyPin(pin)) return reply.code(422).send(problem('PinEasy'))
      const agentId = request.params.agentId as AgentId
      const hash = await peppered(pin)
      let isNew = false
      const sent = await ask(
        parts,
        request,
        reply,
        { type: 'ResetPin', agentId },
        () => ({ status: 200, body: { agentId } }),
        {
          newPin: pin,
          writes: (store) => {
            store.catalogues.setPin(agentId, hash)
            isNew = true
          },
        },
      )
      if (isNew && reply.statusCode === 200) {
        await pinTries.forgiveEverywhere(agentId)
        parts.keepSettings()
      }
      return sent
    },
  )
  for (const [verb, type, audit] of [
    ['suspend', 'SuspendAgent', 'AgentSuspended'],
    ['restore', 'RestoreAgent', 'AgentRestored'],
  ] as const)
    app.post(
      `${BASE}/:agentId/${verb}`,
      { ...guarded(audit), schema: { params: AgentParams, body: Nothing } },
      (request, reply) => {
        const agentId = request.params.agentId as AgentId
        const command = type === 'SuspendAgent' ? { type, agentId } : { type, agentId, answers: null }
        return ask(parts, request, reply, command, () => ({ status: 200, body: { agentId } }))
      },
    )
}
