import type { Catalogue } from '../domain/catalogue.ts'
import type { Bookmark } from '../domain/epoch.ts'
import type { SeenNumbers } from '../domain/numbering.ts'
import type { Snapshot } from '../domain/state-json.ts'
import type { DeviceKind } from '../wire/requests.ts'
import { isProof, makeChallenge, type Pairing } from './pairing.ts'

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
}

/** The branch did not answer, or not in time, or it is not our branch: nothing is known of what it did. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
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
  readonly key?: string
  readonly bookmark?: Bookmark | null
  readonly timeoutMs: number
}

const bookmarkText = ({ epoch, seq, headHash }: Bookmark): string => `${epoch};${seq};${headHash}`

/** Counted while it comes in: whoever sends without end must not fill the memory first. */
async function bytesOf({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** @throws UnreachableError */
async function fetchText(url: string, init: RequestInit, timeoutMs: number): Promise<BranchAnswer> {
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    const bytes = await bytesOf(response)
    const type = response.headers.get('content-type') ?? ''
    const disposition = response.headers.get('content-disposition')
    const body = bytes.toString('utf8')
    if (disposition === null) return { status: response.status, body }
    return { status: response.status, body, file: { bytes, type, disposition } }
  } catch (error) {
    throw new UnreachableError(`${url}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Asks the branch with the device's token. @throws UnreachableError */
export function askBranch(pairing: Pairing, asking: Asking): Promise<BranchAnswer> {
  const { method, path, body, key, bookmark, timeoutMs } = asking
  const headers: Record<string, string> = { authorization: `Bearer ${pairing.token}` }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (key !== undefined) headers['idempotency-key'] = key
  if (bookmark !== undefined && bookmark !== null) headers['x-smartqueue-bookmark'] = bookmarkText(bookmark)
  return fetchText(
    `${pairing.branchUrl}${path}`,
    { method, headers, ...(body === undefined ? {} : { body }) },
    timeoutMs,
  )
}

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
  if (answer.status !== status)
    throw new UnreachableError(`the branch answered ${answer.status}: ${answer.body.slice(0, 200)}`)
  return parsed<Value>(answer.body)
}

const CALM_MS = 5_000

/** The branch's key, proved by its signature over a fresh challenge. @throws UnreachableError */
export async function provenKey(branchUrl: string, timeoutMs = CALM_MS): Promise<string> {
  const challenge = makeChallenge()
  const url = `${branchUrl}/api/v1/health?challenge=${challenge}`
  const answer = await fetchText(url, {}, timeoutMs)
  if (answer.status !== 200) throw new UnreachableError(`${branchUrl} answered ${answer.status}`)
  const { publicKey, signature } = parsed<{ publicKey?: string; signature?: string }>(answer.body)
  if (publicKey === undefined || signature === undefined || !isProof(publicKey, challenge, signature))
    throw new UnreachableError(`${branchUrl} did not prove its key`)
  return publicKey
}

/** @throws UnreachableError when somebody else is at that address */
export async function proveBranch({ branchUrl, branchKey }: Pairing, timeoutMs = CALM_MS): Promise<void> {
  if ((await provenKey(branchUrl, timeoutMs)) !== branchKey)
    throw new UnreachableError(`${branchUrl} is another branch server`)
}

/**
 * Claims a pairing code. The key is random: whoever overhears the code alone is not given the first one's token.
 * @throws UnreachableError
 */
export function claimCode(branchUrl: string, code: string, kind: DeviceKind, key: string): Promise<BranchAnswer> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  const init = { method: 'POST', headers, body: JSON.stringify({ code, kind }) }
  return fetchText(`${branchUrl}/api/v1/pairings/claim`, init, CALM_MS)
}

export interface FeedTicket {
  readonly ticket: string
}

/**
 * @param wallMs - this device's own clock as a witness; left out when it is no second source
 * @throws UnreachableError, RemovedError
 */
export function takeFeedTicket(
  pairing: Pairing,
  bookmark: Bookmark | null,
  seen: SeenNumbers | null,
  wallMs: number | undefined,
): Promise<FeedTicket> {
  const shown = bookmark === null ? null : { ...bookmark, ...(seen === null ? {} : { seen }) }
  const body = JSON.stringify({ bookmark: shown, wallMs })
  return json(askBranch(pairing, { method: 'POST', path: '/api/v1/feed-tickets', body, timeoutMs: CALM_MS }), 201)
}

export const fetchSnapshot = (pairing: Pairing): Promise<Snapshot> =>
  json(askBranch(pairing, { method: 'GET', path: '/api/v1/snapshot', timeoutMs: 2 * CALM_MS }), 200)

export const fetchCatalogue = (pairing: Pairing, version: number): Promise<Catalogue> =>
  json(askBranch(pairing, { method: 'GET', path: `/api/v1/catalogue?version=${version}`, timeoutMs: CALM_MS }), 200)
