import type { FastifyRequest } from 'fastify'
import type { AuditActor, Happening } from '#shared/audit/entry.ts'
import type { AuditCode } from '#shared/audit/operations.ts'
import { createRefusalsPace } from '#shared/audit/refusals-pace.ts'
import { auditCodeOf, noteRouteAudits, refusedCode } from '#shared/http/route-audit.ts'
import { appendAudit, PLATFORM } from '../audit/entries.ts'
import type { App, Parts } from '../parts.ts'
import { tenantOf } from '../store/branches.ts'
import type { TenantDb } from '../store/database.ts'

/** What can be known of a change only by whoever makes it. */
export interface AuditDetail extends Pick<Happening, 'about' | 'before' | 'after'> {
  /** Left out: that of the route. */
  readonly code?: AuditCode
  /** Left out: whoever asks, as the door knows her. */
  readonly actor?: AuditActor
}

/** Whose chain it is: a tenant's, by its id or its name in addresses; null: the platform's. */
export type AuditOwner = { readonly tenantId: string } | { readonly slug: string | null }

/** Says in the transaction of a change, as its last word, that it was made. @param tenantId - whose chain */
export type RecordAudit = (db: TenantDb, tenantId: string, detail?: AuditDetail) => Promise<void>

/** What a request leaves in the audit. */
export interface RequestAudit {
  /**
   * Writes the entry in the transaction of the change itself, as the last word of it.
   * @param db - as this tenant
   * @param tenantId - whose chain; PLATFORM where it belongs to no tenant
   */
  readonly record: RecordAudit
  /**
   * Is written before the request is answered, whatever the answer is, in a transaction of its own.
   * Of a request that is refused only what names its own code is written.
   * @param whose - chain; left out: that of the address
   */
  note(detail: AuditDetail, whose?: AuditOwner): void
  /** There is nothing to write of this request any more: nothing was done, or it was done and written before. */
  settle(): void
}

declare module 'fastify' {
  interface FastifyRequest {
    audit: RequestAudit
  }
}

interface Noted {
  readonly detail: AuditDetail
  readonly whose?: AuditOwner
}

/** Kept beside the request, not on it: nobody else is to change it. */
interface Standing {
  isSettled: boolean
  readonly noted: Noted[]
}

/** Who asks. Whoever lets in others than these says here as what they are known. */
function actorOf({ person, apiKey, branch, routeOptions }: FastifyRequest): AuditActor {
  if (apiKey !== null) return { kind: 'key', id: apiKey.keyId }
  if (person !== null) return { kind: 'person', id: person.personId }
  if (branch !== null) return { kind: 'branch', id: branch.branchId }
  return routeOptions.config.door === 'person'
    ? { kind: 'system', id: 'administrator' }
    : { kind: 'stranger', id: null }
}

const NAMED = ['personId', 'keyId', 'invitationId', 'issuerId', 'webhookId', 'agentId', 'ticketId', 'branchId'] as const
function aboutOf({ params }: FastifyRequest): string | null {
  const named = (params ?? {}) as Readonly<Record<string, unknown>>
  const id = NAMED.map((name) => named[name]).find((it) => typeof it === 'string')
  return typeof id === 'string' ? id : null
}

function happening(request: FastifyRequest, { code, ...detail }: AuditDetail): Happening | null {
  const of = code ?? auditCodeOf(request)
  if (of === null) return null
  return { code: of, actor: actorOf(request), address: request.ip, about: aboutOf(request), ...detail }
}

/** Writes what happened, wherever it was not written with the change itself. */
export function registerAudit(app: App, { database, nowMs }: Parts): void {
  const refusals = createRefusalsPace(nowMs)
  const standingOf = new WeakMap<object, Standing>()

  async function tenantIn({ branch, params }: FastifyRequest, whose?: AuditOwner): Promise<string> {
    if (whose !== undefined && 'tenantId' in whose) return whose.tenantId
    if (branch !== null) return branch.tenantId
    const { slug = null } = (params ?? {}) as { readonly slug?: string }
    const of = whose === undefined ? slug : whose.slug
    return (of === null ? null : await tenantOf(database, of)) ?? PLATFORM
  }

  async function write(request: FastifyRequest, { detail, whose }: Noted): Promise<void> {
    const entry = happening(request, detail)
    if (entry === null) return
    const of = await tenantIn(request, whose)
    await database.asTenant(of, (db) => appendAudit(db, of, entry, nowMs()))
  }

  /** Whose book it is for is part of it: who tries doors of one tenant hides nothing of another's. */
  function kindOf({ params, branch }: FastifyRequest, { detail: { code }, whose }: Noted): string {
    const { slug = '' } = (params ?? {}) as { readonly slug?: string }
    const owner = whose === undefined ? (branch?.tenantId ?? slug) : 'tenantId' in whose ? whose.tenantId : whose.slug
    return `${code} ${owner}`
  }

  /** What is left to write once the answer is known. */
  function owed(request: FastifyRequest, status: number, payload: unknown): readonly Noted[] {
    const { isSettled, noted } = standingOf.get(request) ?? { isSettled: false, noted: [] }
    if (status < 400) {
      if (isSettled) return []
      return noted.length > 0 ? noted : [{ detail: {} }]
    }
    const code = refusedCode(status, payload)
    const refused =
      noted.find(({ detail }) => detail.code !== undefined) ?? (code === null ? null : { detail: { code } })
    const skipped = refused === null ? null : refusals.next(kindOf(request, refused), request.ip)
    if (refused === null || skipped === null) return []
    return [skipped === 0 ? refused : { ...refused, detail: { ...refused.detail, after: { skipped } } }]
  }

  app.decorateRequest('audit', null as unknown as RequestAudit)
  noteRouteAudits(app)
  app.addHook('onRequest', async (request) => {
    const standing: Standing = { isSettled: false, noted: [] }
    standingOf.set(request, standing)
    request.audit = {
      async record(db, tenantId, detail = {}) {
        const entry = happening(request, detail)
        standing.isSettled = true
        if (entry !== null) await appendAudit(db, tenantId, entry, nowMs())
      },
      note(detail, whose) {
        standing.noted.push({ detail, ...(whose !== undefined && { whose }) })
      },
      settle() {
        standing.isSettled = true
      },
    }
  })
  app.addHook('onSend', async (request, reply, payload) => {
    for (const noted of owed(request, reply.statusCode, payload)) await write(request, noted)
    standingOf.delete(request)
    return payload
  })
}
