import type { FastifyRequest } from 'fastify'
import { idempotencyKeyOf } from '#shared/http/idempotency-key.ts'
import { problem } from '#shared/wire/problem.ts'

const KEPT_MS = 10 * 60_000
const KEPT_MAX = 1_000

interface Answer {
  readonly status: number
  readonly body: object
}

interface Kept {
  readonly request: string
  readonly answer: Promise<Answer>
  readonly untilMs: number
}

/** First answers that hold a secret: kept in memory only, so that no token or code ever reaches the disk. */
export interface SecretAnswers {
  /** Runs an act once per idempotency key and gives its answer again; without a key it always runs. */
  once(request: FastifyRequest, act: () => Promise<Answer>): Promise<Answer>
}

export function createSecretAnswers(monotonicMs: () => number): SecretAnswers {
  const kept = new Map<string, Kept>()

  function forgetOld(): void {
    for (const [key, { untilMs }] of kept) {
      if (untilMs > monotonicMs() && kept.size <= KEPT_MAX) return
      kept.delete(key)
    }
  }

  return {
    async once(request, act) {
      const name = idempotencyKeyOf(request)
      if (name === null) return act()
      forgetOld()
      const key = `${request.bearer?.origin.deviceId ?? request.ip} ${name}`
      const text = `${request.method} ${request.url} ${JSON.stringify(request.body)}`
      const first = kept.get(key)
      // Done before, and audited then.
      if (first !== undefined) request.isAuditSettled = true
      if (first !== undefined)
        return first.request === text ? first.answer : { status: 422, body: problem('IdempotencyKeyReused') }
      const answer = act()
      kept.set(key, { request: text, answer, untilMs: monotonicMs() + KEPT_MS })
      // A failure is no answer: the same key may try again.
      const isKept = await answer.then(
        ({ status }) => status < 500,
        () => false,
      )
      if (!isKept) kept.delete(key)
      return answer
    },
  }
}
