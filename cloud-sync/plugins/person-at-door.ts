import type { FastifyRequest } from 'fastify'
import { TOKEN_PROTOCOL } from '#shared/wire/live.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { bearerOf } from '../asker.ts'
import type { Parts } from '../parts.ts'
import { isKeyLike, type KeyIdentity, proveKey } from './key-door.ts'
import { type Asks, type PersonIdentity, provePerson } from './person-door.ts'

/**
 * What a person or a program comes with. A browser sends no header with a WebSocket: its token is among the protocols that
 * it asks for, and so in no address, which others write down.
 */
export function tokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  if (headers.authorization !== undefined || headers.upgrade?.toLowerCase() !== 'websocket')
    return bearerOf(headers.authorization)
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((it) => it.trim())
  return protocols.find((it) => it.startsWith(TOKEN_PROTOCOL))?.slice(TOKEN_PROTOCOL.length) ?? ''
}

export type AtDoor = { readonly key: KeyIdentity } | { readonly person: PersonIdentity } | Problem

/** @returns who it is, or why not */
export async function proveAtDoor(parts: Parts, asks: Asks): Promise<AtDoor> {
  if (isKeyLike(asks.token)) {
    const key = await proveKey(parts, asks)
    return 'code' in key ? key : { key }
  }
  if (parts.identity === undefined) return problem('Unauthorized')
  const person = await provePerson(parts.identity, parts, asks)
  return 'code' in person ? person : { person }
}
