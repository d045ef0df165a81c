import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { idempotencyKeyOf } from '#shared/http/idempotency-key.ts'
import { createSecretAnswers as create, type SecretAnswers } from '#shared/http/secret-answers.ts'
import { type ProblemCode, problem } from '#shared/wire/problem.ts'
import { askerOf } from '../asker.ts'
import type { Database, TenantDb } from './database.ts'

export interface Answer {
  readonly status: number
  readonly body: object
}

const KEPT_HOURS = 24
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

interface Row {
  readonly request_hash: Buffer
  readonly status: number
  readonly body: string
}

const requestText = ({ method, url, body }: FastifyRequest): string => `${method} ${url} ${JSON.stringify(body)}`

const reused = (): Answer => ({ status: 422, body: problem('IdempotencyKeyReused') })

/** A key is its asker's: what somebody else sends by the same words is another. */
const keyOf = (request: FastifyRequest): string | null => {
  const key = idempotencyKeyOf(request)
  return key === null ? null : `${askerOf(request)} ${key}`
}

/**
 * Does what a request asks, once for each of its keys; the answer is kept in the transaction of the act itself. Whoever
 * asks with the same key meanwhile waits for the first. Without a key it is done each time.
 * @param work - as this tenant; its answer holds no secret
 */
export function once(
  database: Database,
  request: FastifyRequest,
  tenantId: string,
  work: (db: TenantDb) => Promise<Answer>,
): Promise<Answer> {
  const key = keyOf(request)
  if (key === null) return database.asTenant(tenantId, work)
  const [keyHash, requestHash] = [hashOf(key), hashOf(requestText(request))]
  return database.asTenant(tenantId, async (db) => {
    await db.query("select pg_advisory_xact_lock(hashtextextended('answer:' || $1, 0))", [keyHash.toString('hex')])
    const [first] = await db.query<Row & Record<string, unknown>>(
      'select request_hash, status, body from answer_directory where key_hash = $1',
      [keyHash],
    )
    if (first !== undefined) {
      if (!first.request_hash.equals(requestHash)) return reused()
      request.audit.settle()
      return { status: first.status, body: JSON.parse(first.body) as object }
    }
    const answer = await work(db)
    await db.query(`delete from answer_directory where answered_at < now() - interval '${KEPT_HOURS} hours'`)
    await db.query('insert into answer_directory values ($1, $2, $3, $4, now())', [
      ...[keyHash, requestHash, answer.status, JSON.stringify(answer.body)],
    ])
    return answer
  })
}

/** Thrown by work that is not done: what it says is the answer, and is not kept. */
export class Refused extends Error {
  readonly code: ProblemCode
  constructor(code: ProblemCode) {
    super(code)
    this.code = code
  }
}

/** As `once`, for work that may be refused for now: the same key may try again once there is room. */
export async function onceTaken(...asked: Parameters<typeof once>): Promise<Answer> {
  try {
    return await once(...asked)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const refused = problem(error.code)
    return { status: refused.status, body: refused }
  }
}

/** Answers that hold a secret are kept in memory alone, so that no code reaches the disk. */
export const createSecretAnswers = (nowMs: () => number): SecretAnswers =>
  create({ nowMs, askerOf, settleAudit: ({ audit }) => audit.settle() })
