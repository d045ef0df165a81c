import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AgentId } from '#shared/domain/ids.ts'
import { hashPin } from '#shared/network/pin-hash.ts'

/** What a PIN that this box has peppered begins with. */
const MARK = 'p1'

/**
 * Six digits are soon tried out against any hash of them. So what lies in the database, its copies and its backups is
 * keyed with a secret of this box, which lies in none of them.
 * @param hash - salt and digest, as head office sends it; one that is peppered already stays as it is
 */
export function pepperHash(pepper: string, hash: string): string {
  const [nonce = '', digest = ''] = hash.split('.')
  if (nonce === MARK) return hash
  const keyed = createHmac('sha256', pepper).update(`${nonce}.${digest}`).digest('base64url')
  return `${MARK}.${nonce}.${keyed}`
}

export const pepperAll = (pepper: string, hashes: ReadonlyMap<AgentId, string>): ReadonlyMap<AgentId, string> =>
  new Map([...hashes].map(([agentId, hash]) => [agentId, pepperHash(pepper, hash)]))

/** @param stored - peppered; also one of the version before, which did not */
export async function isPin(pepper: string, pin: string, stored: string): Promise<boolean> {
  const wanted = pepperHash(pepper, stored)
  const [, nonce = ''] = wanted.split('.')
  const found = pepperHash(pepper, await hashPin(pin, Buffer.from(nonce, 'base64url')))
  const [a, b] = [Buffer.from(found), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
