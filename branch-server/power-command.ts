import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { join } from 'node:path'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from './config.ts'

const ASK_MS_MAX = 10_000
const USAGE = 'usage: npm run branch -- power low|back'
/** The branch knew already: a daemon that says so again is right. */
const KNOWN = new Set([200, 409])

/** What a program of the operating system hands on cannot be told. */
export class PowerError extends Error {
  override readonly name = 'PowerError'
}

/** Its own certificate is the only one that the branch at this address may show. */
function open({ host, port, folder }: Config, token: string) {
  const path = '/api/v1/power'
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const target = { port, path, method: 'POST', headers, signal: AbortSignal.timeout(ASK_MS_MAX) }
  if (isLoopback(host)) return plainRequest({ ...target, host })
  const ca = readFileSync(join(folder, 'branch-certificate.pem'), 'utf8')
  const isAll = host === '0.0.0.0' || host === '::'
  return tlsRequest({ ...target, host: isAll ? '127.0.0.1' : host, ca, checkServerIdentity: () => undefined })
}

/**
 * Tells the running branch what the operating system knows of its battery: the daemon of the battery calls it.
 * @returns what to tell the person who asked
 * @throws ConfigError, PowerError when the branch did not hear of it
 */
export async function tellPower(words: readonly string[], config: Config): Promise<string> {
  const [state, ...more] = words
  if ((state !== 'low' && state !== 'back') || more.length > 0) throw new ConfigError(USAGE)
  try {
    const token = config.installerToken ?? readFileSync(join(config.folder, 'installer-token'), 'utf8').trim()
    const asked = open(config, token)
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>
    asked.end(JSON.stringify({ isLow: state === 'low' }))
    const [{ statusCode = 0 }] = await answered
    asked.destroy()
    if (!KNOWN.has(statusCode)) throw new PowerError(`The branch server answered ${statusCode}.`)
    return state === 'low' ? 'The branch knows that its battery is low.' : 'The branch knows that the power is back.'
  } catch (error) {
    if (error instanceof PowerError) throw error
    throw new PowerError(`The branch server did not hear of it: ${error instanceof Error ? error.message : error}.`)
  }
}
