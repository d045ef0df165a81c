import type { FastifyRequest } from 'fastify'

/** The token of a header `Authorization: Bearer …`; '' when there is none. */
export const bearerOf = (header: string | undefined): string => /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? ''

/** Whoever asks, as one word by which it is told from all others. */
export function askerOf({ person, apiKey, branch, ip }: FastifyRequest): string {
  if (person !== null) return `person ${person.personId}`
  if (apiKey !== null) return `key ${apiKey.keyId}`
  return branch === null ? `address ${ip}` : `branch ${branch.branchId}`
}
