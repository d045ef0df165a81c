import { once } from 'node:events'
import { Agent, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { Catalogue } from '../domain/catalogue.ts'
import type { Bookmark } from '../domain/epoch.ts'
import type { SeenNumbers } from '../domain/numbering.ts'
import type { Snapshot } from '../domain/state-json.ts'
import { isLoopback } from '../http/is-loopback.ts'
import type { DeviceKind, FormerDevice } from '../wire/requests.ts'
import { fingerprintOfBranch, isProof, makeChallenge, type Pairing } from './pairing.ts'
import { keyAt, pinnedAgent, proveKeyAt } from './pinned-connection.ts'
import { OtherBranchError, TwinError, UnreachableError } from './unreachable.ts'

/** An answer of the branch server, as it came. */
export interface BranchAnswer {
  readonly status: number
  readonly body: string
  /** Set when it is no JSON but a file, as a table or a sheet to print. */
  readonly file?: AnswerFile
}

export interface AnswerFile {
  readonly bytes: Buffer
  readonly type: string
  /** How it wants to be kept, as its `content-disposition` says. */
  readonly disposition: string
  /** Which part of it this is, as its `content-range` says; left out: the whole. */
  readonly range?: string
}

/** The branch no longer knows this device. */
export class RemovedError extends Error {
  override readonly name = 'RemovedError'
}

const ANSWER_BYTES_MAX = 64 * 1024 * 1024

export interface Asking {
  readonly method: string
  readonly path: string
  readonly body?: string
  /** Instead of it: a part of a file, as it is. */
  readonly bytes?: Uint8Array
  readonly key?: string
  readonly bookmark?: Bookmark | null
  /** The part of a file that is wanted, as `bytes=0-99`. */
  readonly range?: string
  readonly timeoutMs: number
}

const bookmarkText = ({ epoch, seq, headHash }: Bookmark): string => `${epoch};${seq};${headHash}`

/** Counted while it comes in: whoever sends without end must not fill the memory first. */
async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

interface Sending {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** With a DELETE Node sends a body without saying how long it is, and nobody could tell where it ends. */
const measured = (sending: Sending): Sending =>
  sending.body === undefined
    ? sending
    : { ...sending, headers: { ...sending.headers, 'content-length': String(Buffer.byteLength(sending.body)) } }

const plainAgent = new Agent({ keepAlive: true })

/** Nothing leaves this machine in the open, whatever address it was given. */
function open(url: URL, fingerprint: string | null, { method, headers }: Sending, signal: AbortSignal) {
  if (url.protocol === 'https:' && fingerprint !== null)
    return tlsRequest(url, { method, headers, signal, agent: pinnedAgent(fingerprint) })
  if (url.protocol === 'http:' && isLoopback(url.hostname))
    return plainRequest(url, { method, headers, signal, agent: plainAgent })
  throw new Error('only a branch whose key is known is spoken to outside this machine')
}

/**
 * @param fingerprint - of the branch that is to be there; null on this machine alone
 * @throws UnreachableError, OtherBranchError
 */
async function fetchText(
  address: string,
  fingerprint: string | null,
  sending: Sending,
  timeoutMs: number,
): Promise<BranchAnswer> {
  try {
    const asked = open(new URL(address), fingerprint, measured(sending), AbortSignal.timeout(timeoutMs))
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>
    asked.end(sending.body)
    const [answer] = await answered
    // A line that breaks from now on is told by the answer's own end.
    asked.on('error', () => {})
    const bytes = await bytesOf(answer)
    const { statusCode: status = 0, headers } = answer
    const disposition = headers['content-disposition']
    const body = bytes.toString('utf8')
    if (disposition === undefined) return { status, body }
    const range = headers['content-range']
    const type = headers['content-type'] ?? ''
    return { status, body, file: { bytes, type, disposition, ...(range !== undefined && { range }) } }
  } catch (error) {
    if (error instanceof OtherBranchError) throw error
    throw new UnreachableError(`${address}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** Asks the branch with the device's token. @throws UnreachableError */
export function askBranch(pairing: Pairing, asking: Asking): Promise<BranchAnswer> {
  const { method, path, key, bookmark, range, bytes, timeoutMs, body = bytes } = asking
  const headers: Record<string, string> = { authorization: `Bearer ${pairing.token}` }
  if (body !== undefined)
    headers['content-type'] = typeof body === 'string' ? 'application/json' : 'application/octet-stream'
  if (key !== undefined) headers['idempotency-key'] = key
  if (range !== undefined) headers['range'] = range
  if (bookmark !== undefined && bookmark !== null) headers['x-smartqueue-bookmark'] = bookmarkText(bookmark)
  return fetchText(
    `${pairing.branchUrl}${path}`,
    fingerprintOfBranch(pairing.branchKey),
    { method, headers, ...(body === undefined ? {} : { body }) },
    timeoutMs,
  )
}

/** Asks what everybody may ask, without a token, of the branch that has this key. @throws UnreachableError */
export const askOpenly = (
  { branchUrl, branchKey }: Pick<Pairing, 'branchUrl' | 'branchKey'>,
  path: string,
  timeoutMs: number,
): Promise<BranchAnswer> =>
  fetchText(branchUrl + path, fingerprintOfBranch(branchKey), { method: 'GET', headers: {} }, timeoutMs)

/** Whoever answers with something else is not the branch. @throws UnreachableError */
export function parsed<Value>(text: string): Value {
  try {
    return JSON.parse(text) as Value
  } catch (error) {
    throw new UnreachableError('the answer is not JSON', { cause: error })
  }
}

async function json<Value>(asked: Promise<BranchAnswer>, status: number): Promise<Value> {
  const answer = await asked
  if (answer.status === 401) throw new RemovedError('the branch no longer knows this device')
  if (answer.status === 409 && answer.body.includes('"DeviceTwin"'))
    throw new TwinError('another device has the same identity; pair this one with a new code')
  if (answer.status !== status)
    throw new UnreachableError(`the branch answered ${answer.status}: ${answer.body.slice(0, 200)}`)
  return parsed<Value>(answer.body)
}

const CALM_MS = 5_000

/**
 * The key of whoever is at an address, proved: in the TLS handshake, or on this machine by a signature over a fresh
 * challenge. @throws UnreachableError
 */
export async function provenKey(branchUrl: string, timeoutMs = CALM_MS): Promise<string> {
  const address = new URL(branchUrl)
  if (address.protocol === 'https:') return keyAt(address, timeoutMs)
  const challenge = makeChallenge()
  const path = `/api/v1/health?challenge=${challenge}`
  const answer = await fetchText(branchUrl + path, null, { method: 'GET', headers: {} }, timeoutMs)
  if (answer.status !== 200) throw new UnreachableError(`${branchUrl} answered ${answer.status}`)
  const { publicKey, signature } = parsed<{ publicKey?: string; signature?: string }>(answer.body)
  if (publicKey === undefined || signature === undefined || !isProof(publicKey, challenge, signature))
    throw new UnreachableError(`${branchUrl} did not prove its key`)
  return publicKey
}

/** @throws UnreachableError, OtherBranchError when somebody else is at that address */
export async function proveBranch({ branchUrl, branchKey }: Pairing, timeoutMs = CALM_MS): Promise<void> {
  const address = new URL(branchUrl)
  if (address.protocol === 'https:') return proveKeyAt(address, fingerprintOfBranch(branchKey), timeoutMs)
  if ((await provenKey(branchUrl, timeoutMs)) !== branchKey)
    throw new OtherBranchError(`${branchUrl} is another branch server`)
}

/**
 * Claims a pairing code. The key is random: whoever overhears the code alone is not given the first one's token.
 * @throws UnreachableError
 */
export function claimCode(
  { branchUrl, branchKey }: Pick<Pairing, 'branchUrl' | 'branchKey'>,
  code: string,
  kind: DeviceKind,
  key: string,
  former: FormerDevice | null,
): Promise<BranchAnswer> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  const body = JSON.stringify({ code, kind, ...(former !== null && { former }) })
  const sending = { method: 'POST', headers, body }
  return fetchText(`${branchUrl}/api/v1/pairings/claim`, fingerprintOfBranch(branchKey), sending, CALM_MS)
}

export interface FeedTicket {
  readonly ticket: string
}

/**
 * @param wallMs - this device's own clock as a witness; left out when it is no second source
 * @param instance - of this start of the host
 * @throws UnreachableError, RemovedError, TwinError
 */
export function takeFeedTicket(
  pairing: Pairing,
  bookmark: Bookmark | null,
  seen: SeenNumbers | null,
  wallMs: number | undefined,
  instance: { readonly instance: string; readonly isTwin: boolean },
): Promise<FeedTicket> {
  const shown = bookmark === null ? null : { ...bookmark, ...(seen === null ? {} : { seen }) }
  const body = JSON.stringify({ bookmark: shown, wallMs, ...instance })
  return json(askBranch(pairing, { method: 'POST', path: '/api/v1/feed-tickets', body, timeoutMs: CALM_MS }), 201)
}

export const fetchSnapshot = (pairing: Pairing): Promise<Snapshot> =>
  json(askBranch(pairing, { method: 'GET', path: '/api/v1/snapshot', timeoutMs: 2 * CALM_MS }), 200)

export const fetchCatalogue = (pairing: Pairing, version: number): Promise<Catalogue> =>
  json(askBranch(pairing, { method: 'GET', path: `/api/v1/catalogue?version=${version}`, timeoutMs: CALM_MS }), 200)
