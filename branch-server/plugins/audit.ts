import type { FastifyRequest } from 'fastify'
import type { AuditActor, Happening } from '#shared/audit/entry.ts'
import type { AuditCode } from '#shared/audit/operations.ts'
import { createRefusalsPace } from '#shared/audit/refusals-pace.ts'
import { actorOf } from '#shared/domain/authority.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { BRANCH_ORIGIN } from '#shared/domain/step.ts'
import { auditCodeOf, noteRouteAudits, refusedCode } from '#shared/http/route-audit.ts'
import type { App, Parts } from '../parts.ts'
import type { Store } from '../store/store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Its entry is written in the commit of what it did, or nothing has been done. */
    isAuditSettled: boolean
  }
}

/** What can be known of a change only by whoever makes it. */
export type AuditDetail = Pick<Happening, 'about' | 'before' | 'after'>

function actorIn(state: BranchState, { bearer }: FastifyRequest): AuditActor {
  if (bearer === null) return { kind: 'stranger', id: null }
  const { kind, id } = actorOf(state, bearer.origin)
  if (kind === 'agent' || kind === 'installer') return { kind, id: kind === 'agent' ? id : null }
  return { kind: kind === 'branch' || kind === 'cloud' ? 'system' : 'device', id }
}

/** The one thing that a request is about, where its address or its body names it by an id. */
const NAMED = ['deviceId', 'ticketId', 'mediaId', 'clipId', 'tag', 'agentId', 'messageId', 'counterId'] as const
function aboutOf({ params, body }: FastifyRequest): string | null {
  const named = { ...(body as object | null), ...(params as object | null) } as Readonly<Record<string, unknown>>
  const id = NAMED.map((name) => named[name]).find((it) => typeof it === 'string')
  return typeof id === 'string' ? id : null
}

function happening({ waist }: Parts, request: FastifyRequest, code: AuditCode, detail: AuditDetail): Happening {
  const actor = actorIn(waist.branch().state, request)
  const deviceId = request.bearer?.device?.deviceId ?? null
  return { code, actor, address: request.ip, deviceId, about: aboutOf(request), ...detail }
}

/**
 * The entry of a request, to be written in the commit of what it does; from then on it is settled.
 * @param detail - asked for in that commit
 * @returns null: nothing of this route is audited
 */
export function auditWrites(
  parts: Parts,
  request: FastifyRequest,
  detail: (store: Store) => AuditDetail = () => ({}),
): ((store: Store) => void) | null {
  const code = auditCodeOf(request)
  if (code === null) return null
  request.isAuditSettled = true
  return (store) =>
    store.audit.append(happening(parts, request, code, detail(store)), Math.floor(parts.clocks.wallMs()))
}

/** Writes what was done or refused without a commit of its own, before it is answered. */
export function registerAudit(app: App, parts: Parts): void {
  const { waist, clocks } = parts
  const refusals = createRefusalsPace(clocks.monotonicMs)

  async function write(request: FastifyRequest, code: AuditCode, detail: AuditDetail): Promise<void> {
    const entry = happening(parts, request, code, detail)
    const { status } = await waist.execute({
      origin: BRANCH_ORIGIN,
      command: { type: 'KeepTime' },
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
      writes: ({ audit }) => audit.append(entry, Math.floor(clocks.wallMs())),
    })
    if (status !== 200) request.log.error({ code, status }, 'the disk does not take what is to be audited')
  }

  app.decorateRequest('isAuditSettled', false)
  noteRouteAudits(app)
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode >= 400) {
      const code = refusedCode(reply.statusCode, payload)
      const skipped = code === null ? null : refusals.next(code, request.ip)
      if (code === null || skipped === null) return void done(null, payload)
      const detail = skipped === 0 ? {} : { after: { skipped } }
      return void write(request, code, detail).then(() => done(null, payload), done)
    }
    const code = request.isAuditSettled ? null : auditCodeOf(request)
    if (code === null) return void done(null, payload)
    write(request, code, {}).then(() => done(null, payload), done)
  })
}
