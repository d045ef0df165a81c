import { Type } from 'typebox'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { hashPins } from '#shared/network/pin-hash.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { type DraftAnswer, DraftChange, DraftChoice } from '#shared/wire/draft.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { faultsText } from '#shared/wire/sent-catalogue.ts'
import { askerOf } from '../asker.ts'
import { findPerson } from '../identity/people/people.ts'
import type { App, Parts } from '../parts.ts'
import { type Answer, once } from '../store/answers.ts'
import { branchOf } from '../store/branches.ts'
import { editableCatalogue, latestCatalogue, type Published } from '../store/down.ts'
import { draftOf, keepDraft, publishAgain, publishDraft, publishedVersions } from '../store/draft.ts'
import type { BranchIdentity } from '../store/inbox.ts'
import { judgeDraft, takePins } from '../store/judge-draft.ts'
import { registerDraftSchedule } from './draft-schedule.ts'
import { BranchParams, slug, uuid } from './params.ts'

const SETTINGS = { door: 'person', scope: 'manage:settings' } as const
const READ = { door: 'person', scope: 'read:queue' } as const
const CATALOGUES = '/api/v1/tenants/:slug/branches/:branchId/catalogues'
const VersionParams = Type.Object(
  { slug: slug(), branchId: uuid(), version: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) },
  strict,
)
const PERSON = 'person '

/** The draft of a branch's catalogue, its publication, and the versions before it. */
export function registerDraftRoutes(app: App, parts: Parts): void {
  const { database, nowMs, identity } = parts

  async function nameOf(asker: string): Promise<string | null> {
    if (identity === undefined || !asker.startsWith(PERSON)) return null
    return (await findPerson(identity.store, asker.slice(PERSON.length)))?.name ?? null
  }

  async function answerOf(branch: BranchIdentity): Promise<DraftAnswer> {
    const { draft, editable, published } = await database.asTenant(branch.tenantId, async (db) => ({
      draft: await draftOf(db, branch),
      editable: await editableCatalogue(db, branch),
      published: await latestCatalogue(db, branch),
    }))
    const latest = editable === null ? null : { ...editable, body: editable.body as CatalogueBody }
    const body = draft?.body ?? latest?.body ?? null
    return {
      version: draft?.version ?? 0,
      body,
      isDraft: draft !== null && draft.body !== null,
      basedOn: draft?.basedOn ?? 0,
      changedAtMs: draft?.changedAtMs ?? null,
      publishAtMs: draft?.publishAtMs ?? null,
      changedBy: draft === null ? null : await nameOf(draft.changedBy),
      pinsOf: Object.keys({ ...published?.pinHashes, ...draft?.pinHashes }),
      ...(body === null ? { faults: [], doubts: [] } : judgeDraft(body)),
      latest,
    }
  }

  /** Whoever is too late hears what is there now, so that nothing of either is lost. */
  const changed = async (branch: BranchIdentity): Promise<Answer> => ({
    status: 409,
    body: { ...problem('DraftChanged'), draft: await answerOf(branch) },
  })

  app.get(`${CATALOGUES}/draft`, { config: READ, schema: { params: BranchParams } }, async ({ params }, reply) => {
    const branch = await branchOf(database, params)
    return branch === null ? reply.code(404).send(problem('TenantUnknown')) : answerOf(branch)
  })

  app.put(
    `${CATALOGUES}/draft`,
    { config: { ...SETTINGS, audit: NOT_AUDITED.draft }, schema: { params: BranchParams, body: DraftChange } },
    async (request, reply) => {
      const branch = await branchOf(database, request.params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const { plain, pins, faults } = takePins(request.body.body)
      if (faults.length > 0)
        return reply.code(422).send({ ...problem('CatalogueInvalid', { detail: faultsText(faults) }), faults })
      const wish = { version: request.body.version, body: plain, pinHashes: await hashPins(pins) }
      const kept = await database.asTenant(branch.tenantId, async (db) => {
        const there = await db.query('select from branch where branch_id = $1', [branch.branchId])
        if (there.length === 0) return 'BranchUnknown' as const
        return keepDraft(db, branch, { ...wish, by: askerOf(request), nowMs: nowMs() })
      })
      if (kept === 'BranchUnknown') return reply.code(404).send(problem(kept))
      if (kept === 'kept') return answerOf(branch)
      const { status, body } = await changed(branch)
      return reply.code(status).send(body)
    },
  )

  app.delete(
    `${CATALOGUES}/draft`,
    {
      config: { ...SETTINGS, audit: NOT_AUDITED.draft },
      schema: {
        params: BranchParams,
        querystring: Type.Object({ version: Type.String({ pattern: '^[0-9]{1,9}$' }) }, strict),
      },
    },
    async (request, reply) => {
      const branch = await branchOf(database, request.params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const wish = { version: Number(request.query.version), body: null, pinHashes: new Map() }
      const kept = await database.asTenant(branch.tenantId, (db) =>
        keepDraft(db, branch, { ...wish, by: askerOf(request), nowMs: nowMs() }),
      )
      if (kept === 'kept') return reply.code(204).send()
      const { status, body } = await changed(branch)
      return reply.code(status).send(body)
    },
  )

  registerPublication(app, parts, changed)
  registerDraftSchedule(app, parts, { answerOf, changed })
}

const publishedAs = ({ version, isNew }: Published): Answer => ({ status: isNew ? 201 : 200, body: { version } })

function registerPublication(
  app: App,
  { database, nowMs }: Parts,
  changed: (branch: BranchIdentity) => Promise<Answer>,
): void {
  const config = { ...SETTINGS, audit: 'CataloguePublished' } as const

  app.post(
    `${CATALOGUES}/draft/publication`,
    { config, schema: { params: BranchParams, body: DraftChoice } },
    async (request, reply) => {
      const branch = await branchOf(database, request.params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const wish = { version: request.body.version, by: askerOf(request), nowMs: nowMs() }
      const done = await once(database, request, branch.tenantId, async (db) => {
        const published = await publishDraft(db, branch, wish, (body) => judgeDraft(body).faults.length === 0)
        if (published === 'BranchUnknown') return { status: 404, body: problem(published) }
        if (published === 'CatalogueInvalid') return { status: 422, body: problem(published) }
        if (published === 'DraftChanged') return { status: 409, body: problem(published) }
        const after = { version: published.version }
        if (published.isNew) await request.audit.record(db, branch.tenantId, { after })
        else request.audit.settle()
        return publishedAs(published)
      })
      const { status, body } = done.status === 409 ? await changed(branch) : done
      return reply.code(status).send(body)
    },
  )

  app.get(CATALOGUES, { config: READ, schema: { params: BranchParams } }, async ({ params }, reply) => {
    const branch = await branchOf(database, params)
    if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
    return database.asTenant(branch.tenantId, (db) => publishedVersions(db, branch))
  })

  app.post(
    `${CATALOGUES}/:version/publication`,
    { config, schema: { params: VersionParams } },
    async (request, reply) => {
      const branch = await branchOf(database, request.params)
      if (branch === null) return reply.code(404).send(problem('TenantUnknown'))
      const old = Number(request.params.version)
      const done = await once(database, request, branch.tenantId, async (db) => {
        const published = await publishAgain(db, branch, old, nowMs())
        if (published === null) return { status: 404, body: problem('VersionUnknown') }
        const after = { version: published.version, of: old }
        if (published.isNew) await request.audit.record(db, branch.tenantId, { after })
        else request.audit.settle()
        return publishedAs(published)
      })
      return reply.code(done.status).send(done.body)
    },
  )
}
