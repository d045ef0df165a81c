import type { FastifyRequest } from 'fastify'
import { AUDIT_HEADER, AUDIT_METHOD, type AuditSaid, readSaid } from '#shared/audit/anchor.ts'
import { contentHashOf, isSignedBy, type SignedRequest } from '#shared/network/signed-request.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import type { Parts } from '../parts.ts'
import { branchKeys } from '../store/branches.ts'

/** A branch's clock may go as it likes: it signs by the cloud's, which each answer tells, and this much may be lost on the way. */
const SIGNATURE_MS_MAX = 5 * 60_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

/** `Authorization: SmartQueue <tenant>.<branch>.<signed at>.<hash of the body>.<signature>` */
function readSignature(request: FastifyRequest) {
  const words = textOf(request.headers.authorization).split(' ')
  const [tenantId = '', branchId = '', signedAtMs = '', contentHash = '', signature = ''] = (words[1] ?? '').split('.')
  const isWhole =
    words[0] === 'SmartQueue' && UUID.test(tenantId) && UUID.test(branchId) && /^\d{1,16}$/.test(signedAtMs)
  if (!isWhole || !/^[0-9a-f]{64}$/.test(contentHash)) return null
  const { method, url: path } = request
  return { tenantId, branchId, signature, request: { method, path, signedAtMs: Number(signedAtMs), contentHash } }
}

/** Bound to the request that it came with: it cannot be taken from another, nor be changed on the way. */
function readAudit({ headers, log }: FastifyRequest, key: string, of: SignedRequest): AuditSaid | null {
  const given = textOf(headers[AUDIT_HEADER])
  const [text = '', signature = ''] = given.split(' ')
  if (given === '') return null
  const said = isSignedBy(key, { ...of, method: AUDIT_METHOD, path: text }, signature) ? readSaid(text) : null
  if (said === null) log.warn('what a request says of the audit is not its branch’s')
  return said
}

/** Believes a branch by its signature, and notes which it is. @returns why not */
export async function proveBranch({ database, nowMs }: Parts, request: FastifyRequest): Promise<Problem | null> {
  const read = readSignature(request)
  if (read === null) return problem('Unauthorized')
  const { tenantId, branchId, signature } = read
  const keys = await branchKeys(database, { tenantId, branchId })
  const isBy = (key: string): boolean => isSignedBy(key, read.request, signature)
  const by = keys === null ? undefined : [keys.current, ...keys.former].find(isBy)
  if (keys === null || by === undefined) return problem('Unauthorized')
  if (Math.abs(read.request.signedAtMs - nowMs()) > SIGNATURE_MS_MAX) return problem('SignatureStale')
  request.branch = { tenantId, branchId }
  request.signedAtMs = read.request.signedAtMs
  request.isFormer = by !== keys.current
  request.auditSaid = request.isFormer ? null : readAudit(request, keys.current, read.request)
  return request.isFormer && request.routeOptions.config.takesFormer !== true ? problem('LogForked') : null
}

/** Whether the body is the one whose hash was signed: that can be seen only once it is here. */
export const isSignedBody = (request: FastifyRequest): boolean =>
  contentHashOf(request.rawBody ?? Buffer.alloc(0)) === readSignature(request)?.request.contentHash
