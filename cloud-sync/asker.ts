import type { FastifyRequest } from 'fastify'

/** The token of a header `Authorization: Bearer …`; '' when there is none. */
export const bearerOf = (header: string | undefined): string => /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? ''

export const personAsker = (personId: string): string => `person ${personId}`
export const keyAsker = (keyId: string): string => `key ${keyId}`

/** Whoever asks, as one word by which it is told from all others. */
export function askerOf({ person, apiKey, branch, ip }: FastifyRequest): string {
  if (person !== null) return personAsker(person.personId)
  if (apiKey !== null) return keyAsker(apiKey.keyId)
  return branch === null ? `address ${ip}` : `branch ${branch.branchId}`
}
