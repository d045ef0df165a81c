import type { FastifyRequest } from 'fastify'

const KEY_PATTERN = /^[\x21-\x7e]{1,128}$/

/** A header that cannot be read: answered with 400, nothing done. */
export class HeaderError extends Error {
  readonly statusCode = 400
}

/** One header as text; null when it is not there. */
export function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

/** @returns null when the request has no key @throws HeaderError */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = headerOf(request, 'idempotency-key')
  if (key !== null && !KEY_PATTERN.test(key))
    throw new HeaderError('Idempotency-Key must be 1 to 128 visible characters')
  return key
}
