import { type LookupAddress, lookup } from 'node:dns'
import { type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Asks addresses that a tenant has named: never one of this machine or its network. */

const ANSWER_MS_MAX = 10_000
const ANSWER_BYTES_MAX = 512 * 1024

const inside = new BlockList()
for (const [network, prefix] of [
  ...([['0.0.0.0', 8] as const, ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16]] as const),
  ...([['172.16.0.0', 12] as const, ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15]] as const),
  ...([['224.0.0.0', 4] as const, ['240.0.0.0', 4]] as const),
] as const)
  inside.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ...([['::', 128] as const, ['::1', 128], ['64:ff9b::', 96], ['2002::', 16], ['2001::', 32]] as const),
  ...([['fc00::', 7] as const, ['fe80::', 10], ['ff00::', 8]] as const),
] as const)
  inside.addSubnet(network, prefix, 'ipv6')

/** Addresses in all ways of writing: as a resolver or a URL has them. */
export const isInside = (address: string): boolean => {
  const bare = address.replace(/^\[|\]$/g, '')
  return inside.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4')
}

/** The host is of this machine or its network, or has no address. */
export class OutwardError extends Error {
  override readonly name = 'OutwardError'
}

/** Resolves once: the address that is looked at is the one that is asked. */
const lookupOutside: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses = found as LookupAddress[] | undefined
    const [first] = addresses ?? []
    if (error !== null || addresses === undefined || first === undefined)
      return callback(error ?? new OutwardError(`${hostname} has no address`), '')
    if (addresses.some(({ address }) => isInside(address)))
      return callback(new OutwardError(`${hostname} is inside this network`), '')
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}

export interface OutwardRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: unknown
}

/**
 * One request, no redirect, an answer of bounded size within a bounded time.
 * @param mayBeInside - of tests alone: the other side is on this machine, in the clear
 * @throws OutwardError, or what the network says
 */
export const createOutwardFetch =
  (mayBeInside: boolean) =>
  (address: string, { method, headers, body }: OutwardRequest): Promise<Response> =>
    new Promise((resolve, reject) => {
      const url = new URL(address)
      if (
        !mayBeInside &&
        (url.protocol !== 'https:' || (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0 && isInside(url.hostname)))
      )
        return reject(new OutwardError(`${url.host} is not asked: it is inside this network, or not https`))
      const options: RequestOptions = {
        ...{ method, headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) },
        ...(!mayBeInside && { lookup: lookupOutside }),
      }
      const request = (url.protocol === 'https:' ? requestSecure : requestPlain)(url, options, (answer) => {
        const chunks: Buffer[] = []
        let length = 0
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length > ANSWER_BYTES_MAX) answer.destroy(new OutwardError('the answer is too large'))
          else chunks.push(chunk)
        })
        answer.on('error', reject)
        answer.on('end', () => {
          const status = answer.statusCode ?? 502
          const told = Object.entries(answer.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value] as [string, string]] : [],
          )
          resolve(
            new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers: told }),
          )
        })
      })
      request.on('error', reject)
      request.end(body === undefined || body === null ? undefined : String(body))
      return undefined
    })
