import { verify } from 'node:crypto'
import { Type } from 'typebox'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { keyOfText } from '#shared/network/fingerprint.ts'
import { enrolmentText } from '#shared/network/signed-request.ts'
import { ReceiptsBody } from '#shared/wire/down.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { EnrolBody, EnrolQuery, UPLOAD_BYTES_MAX, UploadBody } from '#shared/wire/sync.ts'
import { readUpload } from '../inbox/read-upload.ts'
import type { FoldKeeper } from '../jobs/fold-keeper.ts'
import type { App, Parts } from '../parts.ts'
import { enrol } from '../store/branches.ts'
import type { TenantDb } from '../store/database.ts'
import { keepReceipts } from '../store/down.ts'
import { keepAside } from '../store/history.ts'
import { type BranchIdentity, receive } from '../store/inbox.ts'
import { documentKeyOf } from '../store/tenant-keys.ts'

/** Codes are typed by people: so many tries a minute from one address. */
const ENROL_TRIES_MAX = 10

/** A code, a key and a signature. */
const ENROL_BYTES_MAX = 4 * 1024
/** Of a branch that has begun another epoch since: this one is its past; or it has no place in the line, and is to be kept aside. */
const UploadQuery = Type.Object(
  { past: Type.Optional(Type.Literal('yes')), aside: Type.Optional(Type.Literal('yes')) },
  strict,
)

const isOfKey = ({ code, publicKey, signature }: EnrolBody): boolean =>
  verify(null, Buffer.from(enrolmentText(code)), keyOfText(publicKey), Buffer.from(signature, 'base64url'))

/** What a branch says to the cloud. */
export function registerSyncRoutes(app: App, { database, nowMs, reading }: Parts, keeper: FoldKeeper): void {
  app.post(
    '/api/v1/sync/enrol',
    {
      config: { door: 'open', audit: 'BranchEnrolled', rateLimit: { max: ENROL_TRIES_MAX, timeWindow: 60_000 } },
      bodyLimit: ENROL_BYTES_MAX,
      schema: { querystring: EnrolQuery, body: EnrolBody },
    },
    async ({ body, query, audit }, reply) => {
      const record = (db: TenantDb, { tenantId, branchId }: BranchIdentity): Promise<void> =>
        audit.record(db, tenantId, { actor: { kind: 'branch', id: branchId }, about: branchId })
      // Whoever overhears a code must not bind it to a key that another holds.
      const identity = isOfKey(body) ? await enrol(database, { ...body, ...query }, nowMs(), record) : null
      if (identity === null) return reply.code(403).send(problem('EnrolmentCodeInvalid'))
      if (identity === 'LogHeld') return reply.code(409).send(problem('LogHeld'))
      // The same box has asked once more.
      audit.settle()
      return reply.code(201).send({ ...identity, documentKey: await documentKeyOf(database, identity.tenantId) })
    },
  )

  app.post(
    '/api/v1/sync/events',
    {
      config: { door: 'branch', lane: 'history', takesFormer: true, isOneAtATime: true, audit: NOT_AUDITED.sync },
      bodyLimit: UPLOAD_BYTES_MAX,
      schema: { querystring: UploadQuery, body: UploadBody },
    },
    async (request, reply) => {
      const { branch, body, query, isFormer, signedAtMs, log } = request
      if (branch === null) throw new Error('The door of branches let somebody else in')
      const events = readUpload(body.events)
      if (typeof events === 'string') return reply.code(400).send(problem('RequestInvalid', { detail: events }))
      await request.itsTurn()
      if (isFormer || query.aside === 'yes') {
        const whole = { epoch: body.epoch, events: events.map((event) => event.body) }
        await database.asTenant(branch.tenantId, (db) => keepAside(db, branch, whole))
        return reply.code(409).send(problem('LogForked'))
      }
      const received = await receive(database, branch, body.epoch, events, {
        ...{ memory: keeper.memory, signedAtMs, isPast: query.past === 'yes' },
        ...(reading !== undefined && { reading }),
        onHeld: () => request.turn?.begin(),
        onFailure: (error) => keeper.noteFailure(branch, error),
      })
      if (received.kind === 'kept') {
        const { ackedSeq, freshCount, effects } = received
        keeper.noteUpload(freshCount)
        if (freshCount > 0) app.live.changed(branch)
        if (effects?.isBehind === true) keeper.wake(branch)
        if ((effects?.setAsideCount ?? 0) > 0)
          log.warn({ ...branch }, 'tickets of a branch were set aside: see set-aside')
        return { ackedSeq }
      }
      if (received.kind === 'strange') {
        log.warn({ ...branch, epoch: body.epoch }, 'a box begins beside the log of its branch: see set-aside')
        return reply.code(409).send(problem('LogHeld'))
      }
      if (received.kind === 'fork') return reply.code(409).send(problem('LogForked'))
      return reply.code(409).send({ ...problem('SequenceGap'), expectedSeq: received.expectedSeq })
    },
  )

  app.post(
    '/api/v1/sync/inbox',
    { config: { door: 'branch', lane: 'beside', audit: NOT_AUDITED.sync }, schema: { body: ReceiptsBody } },
    async ({ branch, body }) => {
      if (branch === null) throw new Error('The door of branches let somebody else in')
      return { ackedNumber: await keepReceipts(database, branch, body.receipts) }
    },
  )
}
