import { type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP } from 'node:net'
import { addressOf, UnreachableError } from '../../webhooks/address.ts'

/** Asks addresses that a tenant has named: never one of this machine or its network. */

const ANSWER_MS_MAX = 10_000
const ANSWER_BYTES_MAX = 512 * 1024

export interface OutwardRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: unknown
}

/**
 * One request, no redirect, an answer of bounded size within a bounded time.
 * @param mayBeHere - of tests alone: the other side is on this machine, in the clear
 * @throws UnreachableError, or what the network says
 */
export const createOutwardFetch =
  (mayBeHere: boolean) =>
  async (asked: string, { method, headers, body }: OutwardRequest): Promise<Response> => {
    const url = new URL(asked)
    const isSecure = url.protocol === 'https:'
    if (!isSecure && !mayBeHere) throw new UnreachableError(`${url.host} is not asked: it is not https`)
    const signal = AbortSignal.timeout(ANSWER_MS_MAX)
    const address = await addressOf(url, { admitsLoopback: mayBeHere })
    const options: RequestOptions = {
      ...{ method, headers, signal },
      lookup: (_name, { all }, callback) =>
        all === true ? callback(null, [{ address, family: isIP(address) }]) : callback(null, address, isIP(address)),
    }
    return new Promise((resolve, reject) => {
      const request = (isSecure ? requestSecure : requestPlain)(url, options, (answer) => {
        const chunks: Buffer[] = []
        let length = 0
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length > ANSWER_BYTES_MAX) answer.destroy(new Error('the answer is too large'))
          else chunks.push(chunk)
        })
        answer.on('error', reject)
        answer.on('end', () => {
          const status = answer.statusCode ?? 502
          const told = Object.entries(answer.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value] as [string, string]] : [],
          )
          const isEmpty = status === 204 || status === 304
          resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: told }))
        })
      })
      request.on('error', reject)
      request.end(body === undefined || body === null ? undefined : String(body))
    })
  }
