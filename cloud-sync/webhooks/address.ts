import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** All that the world's registries have given to anybody so far. */
const GIVEN_V6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address is somebody's in the open: not this machine, not its network, not what names another in disguise. A
 * message that went elsewhere would ask our own neighbours in our name.
 */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false
  // An address of version 4 that is written as one of version 6 is what it stands for.
  const it = ipaddr.process(address)
  if (it.range() !== 'unicast') return false
  return it instanceof ipaddr.IPv4 || it.match(GIVEN_V6)
}

/** An address as it stands in a URL, without brackets; null: a name stands there. */
export const literalIn = ({ hostname }: URL): string | null => {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(bare) === 0 ? null : bare
}

export interface Reach {
  /** Of a test, whose receivers are on this machine. */
  readonly admitsLoopback: boolean
}

const isThisMachine = (address: string): boolean => address === '127.0.0.1' || address === '::1'

export const mayReach = (address: string, { admitsLoopback }: Reach): boolean =>
  isPublic(address) || (admitsLoopback && isThisMachine(address))

export interface Resolving extends Reach {
  /** Left out: the system's. */
  readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>
}

/** The host is of this machine or its network, or has no address. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}

const resolveName = (name: string): Promise<readonly LookupAddress[]> => lookup(name, { all: true })

/**
 * Where a name leads, looked up once: whoever asks goes to this address and no other, for the name may lead elsewhere a
 * moment later.
 * @throws UnreachableError when any of it is not in the open: whoever mixes them is up to something
 */
export async function addressOf(url: URL, { resolve = resolveName, ...reach }: Resolving): Promise<string> {
  const literal = literalIn(url)
  const found = literal === null ? (await resolve(url.hostname)).map(({ address }) => address) : [literal]
  const [first] = found
  if (first === undefined) throw new UnreachableError('the name leads nowhere')
  if (!found.every((address) => mayReach(address, reach)))
    throw new UnreachableError('the name leads to no address in the open')
  return first
}

/**
 * Ends of names that nobody in the open may have: kept for one machine or one network by RFC 6761, 6762 and 9476 or by
 * ICANN, and those that networks give themselves.
 */
const INSIDE = [
  ...['localhost', 'local', 'internal', 'test', 'invalid', 'example', 'onion', 'alt', 'arpa'],
  ...['intranet', 'private', 'corp', 'home', 'lan', 'localdomain', 'workgroup'],
]

/** Whether a name can lead into the open, as it is read: what a machine's own search list completes is none of ours. */
function canBePublic(name: string): boolean {
  // A dot at its end is another way to write a name, and past every list of names.
  if (name.endsWith('.') || !name.includes('.')) return false
  return !INSIDE.some((end) => name === end || name.endsWith(`.${end}`))
}

const URL_LENGTH_MAX = 2_000

/** @returns what is wrong with an address to send messages to; null: nothing that can be seen from here */
export function urlFault(text: string, reach: Reach): string | null {
  const url = URL.canParse(text) && text.length <= URL_LENGTH_MAX ? new URL(text) : null
  if (url === null) return 'This is no address'
  if (url.protocol !== 'https:' && !(reach.admitsLoopback && url.protocol === 'http:'))
    return 'It must begin with https:'
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return 'It must hold no name, no password and nothing behind a #'
  const literal = literalIn(url)
  if (literal === null ? canBePublic(url.hostname) : mayReach(literal, reach)) return null
  return 'It is no address in the open'
}
