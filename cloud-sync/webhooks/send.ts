import { request as askPlain, type RequestOptions } from 'node:http'
import { request as askTls } from 'node:https'
import { addressOf, literalIn, type Resolving, UnreachableError } from './address.ts'

/** null: it was taken; else why not, in a few words for whoever set the receiver up. */
export type Failure = string | null

export interface Sending {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface SendOptions extends Resolving {
  readonly answerMsMax?: number
}

/** From the look-up of the name to the first line of the answer. */
const ANSWER_MS_MAX = 10_000
/** Of the answer nothing is wanted but its first line; so much of the rest is taken for politeness. */
const ANSWER_BYTES_MAX = 64 * 1024
const HEADER_BYTES_MAX = 16 * 1024

/** @returns the status of the answer; a redirect is one like any other */
function ask(url: URL, address: string, { headers, body }: Sending, signal: AbortSignal): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    // Where it was looked up to lead: whoever is asked for the name again may give another answer.
    hostname: address,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port,
    path: url.pathname + url.search,
    headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
    // A connection of its own: one that is kept could lead where the name led before.
    agent: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    signal,
  }
  return new Promise((resolve, reject) => {
    const isTls = url.protocol === 'https:'
    const request = isTls ? askTls({ ...options, ...nameFor(url) }) : askPlain(options)
    request.on('error', reject)
    request.on('response', (response) => {
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > ANSWER_BYTES_MAX) response.destroy()
      })
      // What breaks behind the first line changes nothing of it.
      response.on('error', () => {})
      resolve(response.statusCode ?? 0)
    })
    request.end(body)
  })
}

/** The certificate is the name's, whatever address it leads to. */
const nameFor = (url: URL): { readonly servername?: string } =>
  literalIn(url) === null ? { servername: url.hostname } : {}

function failureOf(error: unknown): string {
  if (error instanceof UnreachableError) return error.message
  if (!(error instanceof Error)) return 'it could not be asked'
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time'
  return 'code' in error && typeof error.code === 'string' ? error.code : 'it could not be asked'
}

/** Sends one message, once. Never throws: whatever the other side does is a failure to be told. */
export async function sendOnce(sending: Sending, options: SendOptions): Promise<Failure> {
  const signal = AbortSignal.timeout(options.answerMsMax ?? ANSWER_MS_MAX)
  const overdue = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  try {
    const url = new URL(sending.url)
    const asking = (async () => ask(url, await addressOf(url, options), sending, signal))()
    asking.catch(() => {})
    const status = await Promise.race([asking, overdue])
    if (status >= 200 && status < 300) return null
    return status >= 300 && status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`
  } catch (error) {
    return failureOf(error)
  }
}
