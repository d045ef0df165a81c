import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { join } from 'node:path'
import { isLoopback } from '#shared/http/is-loopback.ts'
import type { ReportOf, TrialAnswer, TrialOrder } from '#shared/wire/trials.ts'
import type { Config } from '../config.ts'
import type { NoReport } from './trials.ts'

/** The branch server does not answer. */
export class BranchAwayError extends Error {
  override readonly name = 'BranchAwayError'
}

export interface ApiAnswer<Body> {
  readonly status: number
  readonly body: Body
}

/** The branch server of this machine, asked with the installer's token. */
export interface BranchApi {
  readonly url: string
  /** @throws BranchAwayError */
  ask<Body>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<ApiAnswer<Body>>
  /** Has a device do something. @throws BranchAwayError */
  order<Kind extends TrialOrder['kind']>(
    deviceId: string,
    order: Extract<TrialOrder, { kind: Kind }>,
  ): Promise<TrialAnswer<ReportOf<Kind>> | NoReport>
}

/** Longer than the branch waits for any device, and than it takes to read a long log through. */
const ANSWER_MS_MAX = 120_000
const WHY: Readonly<Record<string, NoReport>> = { DeviceAway: 'away', TooBusy: 'busy' }

/** Where this machine reaches its own branch server. */
function urlOf({ host, port }: Config): URL {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const name = isEverywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return new URL(`${isLoopback(host) ? 'http' : 'https'}://${name}:${port}`)
}

/** @param token - the installer's */
export function openBranchApi(config: Config, token: string): BranchApi {
  const base = urlOf(config)
  const isTls = base.protocol === 'https:'
  const certificate = join(config.folder, 'branch-certificate.pem')
  // Its own certificate out of its own folder: whoever else sits at the port is not spoken to.
  const ca = isTls && existsSync(certificate) ? readFileSync(certificate) : undefined

  async function ask<Body>(method: string, path: string, body?: object): Promise<ApiAnswer<Body>> {
    const url = new URL(path, base)
    const headers: Record<string, string> = { authorization: `Bearer ${token}` }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const signal = AbortSignal.timeout(ANSWER_MS_MAX)
    const options = { method, headers, signal, agent: false } as const
    try {
      const asked = isTls
        ? tlsRequest(url, { ...options, ca, minVersion: 'TLSv1.3', checkServerIdentity: () => undefined })
        : plainRequest(url, options)
      const answered = once(asked, 'response') as Promise<[IncomingMessage]>
      asked.end(body === undefined ? undefined : JSON.stringify(body))
      const [answer] = await answered
      asked.on('error', () => {})
      const chunks: Buffer[] = []
      for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
      return { status: answer.statusCode ?? 0, body: JSON.parse(String(Buffer.concat(chunks))) as Body }
    } catch (error) {
      throw new BranchAwayError(`${url.href}: ${String(error)}`, { cause: error })
    }
  }

  return {
    url: base.origin,
    ask,
    async order(deviceId, order) {
      const { status, body } = await ask<{ code?: string }>('POST', `/api/v1/devices/${deviceId}/trials`, order)
      if (status === 200) return body as never
      return WHY[body.code ?? ''] ?? 'silent'
    },
  }
}
