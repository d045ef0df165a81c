import { request as askPlain, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as askTls } from 'node:https'
import type { Outgoing, Provider, SendOutcome, Taken } from './provider.ts'
import type { Report } from './states.ts'

export interface TwilioConfig {
  readonly accountSid: string
  readonly authToken: string
  /** Of whom text messages are, as +15005550006. */
  readonly from: string
  readonly baseUrl: string
}

/** From the first byte out to the last byte in. The lease of a message is longer. */
const ANSWER_MS_MAX = 10_000
const ANSWER_BYTES_MAX = 1024 * 1024
const LISTED_MAX = 200
/** Its clock may be behind ours. */
const SKEW_MS = 60_000
/** Whoever is written to has said STOP to this sender. */
const STOPPED = 21610

/** An answer came, or why not; `hasLeft`: the other side may have read it. */
type Asked =
  | { readonly status: number; readonly retryAfter: string | null; readonly body: unknown }
  | { readonly fault: string; readonly hasLeft: boolean }

async function readAll(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > ANSWER_BYTES_MAX) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString())
}

function ask(config: TwilioConfig, path: string, form: URLSearchParams | null): Promise<Asked> {
  const url = new URL(`${config.baseUrl}${path}`)
  const body = form?.toString() ?? ''
  const options: RequestOptions = {
    method: form === null ? 'GET' : 'POST',
    auth: `${config.accountSid}:${config.authToken}`,
    headers:
      form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length },
    // One that is kept could be closed just as we write on it: then nobody could say whether it was read.
    agent: false,
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  }
  return new Promise((resolve) => {
    let hasLeft = false
    const request = (url.protocol === 'https:' ? askTls : askPlain)(url, options)
    const fail = (error: unknown): void => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
      resolve({ fault: code, hasLeft })
    }
    request.on('error', fail)
    // Before there is a connection nothing can have been read.
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        hasLeft = true
      }),
    )
    request.on('response', (response) => {
      readAll(response).then(
        (read) =>
          resolve({
            ...{ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null, body: read },
          }),
        fail,
      )
    })
    request.end(body)
  })
}

const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined

function outcomeOf(asked: Asked): SendOutcome {
  if ('fault' in asked)
    return asked.hasLeft
      ? { kind: 'unknown', reason: asked.fault }
      : { kind: 'again', reason: asked.fault, isAway: true }
  const { status, retryAfter, body } = asked
  const sid = field(body, 'sid')
  if (status >= 200 && status < 300)
    return typeof sid === 'string' ? { kind: 'accepted', providerId: sid } : { kind: 'unknown', reason: 'NoSid' }
  // A server that failed may have failed behind taking it.
  if (status >= 500) return { kind: 'unknown', reason: `Answered${status}` }
  const seconds = Number(retryAfter ?? Number.NaN)
  if (status === 429)
    return { kind: 'again', reason: 'TooManyRequests', ...(seconds > 0 && { afterMs: seconds * 1_000 }) }
  // Ours alone: nothing is wrong with the message.
  if (status === 401 || status === 403) return { kind: 'again', reason: 'CredentialsRefused', isAway: true }
  const code = Number(field(body, 'code') ?? status)
  return { kind: 'refused', reason: `Refused${code}`, ...(code === STOPPED && { hasStopped: true }) }
}

/** The newest come first. */
function takenOf(asked: Asked, sinceMs: number): readonly Taken[] | null {
  if ('fault' in asked || asked.status !== 200) return null
  const listed = field(asked.body, 'messages')
  if (!Array.isArray(listed)) return null
  const taken = listed.flatMap((one: unknown) => {
    const [sid, body, created] = [field(one, 'sid'), field(one, 'body'), Date.parse(String(field(one, 'date_created')))]
    // One of which nobody can say when it was is looked at, too.
    const isOld = created < sinceMs
    return typeof sid === 'string' && typeof body === 'string' && !isOld ? [{ providerId: sid, body }] : []
  })
  // A page that is full of new ones may hide the one that is looked for.
  return taken.length >= LISTED_MAX ? null : taken
}

/** What Twilio calls what has become of one. */
const TWILIO_REPORTS: Readonly<Record<string, Report>> = {
  ...{ accepted: 'accepted', scheduled: 'accepted', queued: 'accepted', sending: 'accepted', sent: 'accepted' },
  ...{ delivered: 'delivered', read: 'delivered', undelivered: 'failed', failed: 'failed', canceled: 'failed' },
}

/** @returns null: nothing we know */
export const reportOf = (status: unknown): Report | null =>
  typeof status === 'string' && Object.hasOwn(TWILIO_REPORTS, status) ? (TWILIO_REPORTS[status] ?? null) : null

/**
 * Text messages by Twilio's interface of 2010-04-01. It has no key by which a request is done once, so what it has taken is
 * looked up by recipient, time and words.
 * @param callbackUrl - where it tells what became of one; null: it tells nobody
 */
export function createTwilio(
  config: TwilioConfig,
  { callbackUrl }: { readonly callbackUrl: ((of: Outgoing) => string) | null },
): Provider {
  const path = `/2010-04-01/Accounts/${encodeURIComponent(config.accountSid)}/Messages.json`
  return {
    ...{ name: 'twilio', channel: 'sms' },
    async send(message) {
      const form = new URLSearchParams({ To: message.recipient, From: config.from, Body: message.body })
      if (callbackUrl !== null) form.set('StatusCallback', callbackUrl(message))
      return outcomeOf(await ask(config, path, form))
    },
    async takenSince({ recipient }, sinceMs) {
      const query = new URLSearchParams({ To: recipient, From: config.from, PageSize: String(LISTED_MAX) })
      return takenOf(await ask(config, `${path}?${query}`, null), sinceMs - SKEW_MS)
    },
  }
}
