import type { FastifyRequest } from 'fastify'
import { problem } from '../wire/problem.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'

const KEPT_MS = 10 * 60_000
export const SECRET_ANSWERS_MAX = 1_000

interface Answer {
  readonly status: number
  readonly body: object
}

interface Kept {
  readonly request: string
  readonly answer: Promise<Answer>
  readonly untilMs: number
}

/** First answers that hold a secret: kept in memory only and for ten minutes, so that no token or code ever reaches the disk. */
export interface SecretAnswers {
  /** Runs an act once per idempotency key and gives its answer again; without a key it always runs. */
  once(request: FastifyRequest, act: () => Promise<Answer>): Promise<Answer>
}

export interface SecretAnswersParts {
  readonly nowMs: () => number
  /** Whoever asks, as one word: what somebody else sends by the same key is another request. */
  askerOf(request: FastifyRequest): string
  /** It was done before, and audited then. */
  settleAudit(request: FastifyRequest): void
}

export function createSecretAnswers({ nowMs, askerOf, settleAudit }: SecretAnswersParts): SecretAnswers {
  const kept = new Map<string, Kept>()

  function forgetOld(): void {
    for (const [key, { untilMs }] of kept) {
      if (untilMs > nowMs() && kept.size < SECRET_ANSWERS_MAX) return
      kept.delete(key)
    }
  }

  return {
    async once(request, act) {
      const name = idempotencyKeyOf(request)
      if (name === null) return act()
      const key = `${askerOf(request)} ${name}`
      const text = `${request.method} ${request.url} ${JSON.stringify(request.body)}`
      const first = kept.get(key)
      if (first !== undefined && first.untilMs > nowMs()) {
        settleAudit(request)
        return first.request === text ? first.answer : { status: 422, body: problem('IdempotencyKeyReused') }
      }
      forgetOld()
      const answer = act()
      kept.set(key, { request: text, answer, untilMs: nowMs() + KEPT_MS })
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
