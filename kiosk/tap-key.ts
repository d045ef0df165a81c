import type { FastifyRequest } from 'fastify'
import { v7 as newKey } from 'uuid'

/** As the branch takes it: a paper whose key it would refuse could never be handed over. */
const KEY_PATTERN = /^[!-~]{1,128}$/

/** The key of one tap; a new one where the page sent none. @returns null when it is none */
export function tapKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'] ?? newKey()
  return typeof key === 'string' && KEY_PATTERN.test(key) ? key : null
}
