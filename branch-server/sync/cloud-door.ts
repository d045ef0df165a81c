import { AUDIT_HEADER, AUDIT_METHOD, PLATFORM_AUDIT_HEADER } from '#shared/audit/anchor.ts'
import { contentHashOf, type SignedRequest } from '#shared/network/signed-request.ts'
import type { AnchorPost } from '../audit/anchor-post.ts'
import { packed } from './packed-body.ts'
import { type TurnedAway, turnedAway } from './turned-away.ts'
import { type Pause, within } from './within.ts'

/** Which branch of which tenant this is, as the cloud said when it enrolled. */
export interface CloudIdentity {
  readonly cloudUrl: string
  readonly tenantId: string
  readonly branchId: string
  /** What the tenant's documents are signed with, in base64url; null: enrolled before there were any. */
  readonly documentKey: string | null
}

/** What the cloud answered; `null` body: nothing that can be read. */
export interface CloudAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> | null
  /** null: it takes us in. */
  readonly turnedAway: TurnedAway | null
}

/** An answer as it came, whole. */
export interface CloudText {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** How this branch speaks to its cloud: each request signed by the branch's key. */
export interface CloudDoor {
  /** @throws Error when the cloud cannot be reached or does not answer in time */
  post(path: string, body: object): Promise<CloudAnswer>
  /**
   * @param path - with its query
   * @throws Error when the cloud cannot be reached, does not answer in time or too much, or the signal ends it
   */
  get(path: string, signal: AbortSignal): Promise<CloudText>
  /** By the cloud's own clock, as it said last; null: it has not answered yet. */
  nowMs(): number | null
}

/**
 * Whatever is lost on the way is asked again soon enough for a branch to be up to date a minute after its line is well; a
 * line as from a phone mast (64 kbit/s) carries 350 KB meanwhile, ten times an upload.
 */
export const ANSWER_MS_MAX = 45_000
/** An answer that is longer is none of our cloud's. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024

interface DoorParts {
  readonly identity: Omit<CloudIdentity, 'documentKey'>
  readonly signRequest: (request: SignedRequest) => string
  readonly wallMs: () => number
  readonly fetch: typeof globalThis.fetch
  readonly pause: Pause
  /** Ends what is under way. */
  readonly ending: AbortSignal
  /** Goes with each request, and hears each answer; left out: nothing is said of the audit. */
  readonly audit?: Pick<AnchorPost, 'text' | 'heard' | 'heardPlatform'>
}

async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body ?? []) {
    bytes += part.length
    if (bytes > ANSWER_BYTES_MAX) throw new Error('The cloud answers more than a branch takes')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function objectIn(text: string): CloudAnswer['body'] {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

/** @throws Error when it does not come whole, or is too long */
export const readAnswer = async (answer: Response): Promise<CloudAnswer> => ({
  status: answer.status,
  body: objectIn(await textOf(answer)),
  turnedAway: turnedAway(answer.status, answer.headers.get('retry-after')),
})

export function openCloudDoor({ identity, signRequest, wallMs, fetch, pause, ending, audit }: DoorParts): CloudDoor {
  const { cloudUrl, tenantId, branchId } = identity
  /** How far the cloud's clock is ahead of ours, as it said last; the branch's own may be years off. */
  let cloudAheadMs: number | null = null

  /** Signed as what no request can be: bound to this one by its time and its hash. */
  function auditHeader(of: Pick<SignedRequest, 'signedAtMs' | 'contentHash'>): Readonly<Record<string, string>> {
    const text = audit?.text()
    if (text === undefined) return {}
    return { [AUDIT_HEADER]: `${text} ${signRequest({ method: AUDIT_METHOD, path: text, ...of })}` }
  }

  /** @param bytes - as they are sent; none: it has no body */
  async function ask(
    method: 'GET' | 'POST',
    path: string,
    bytes: Uint8Array | null,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const signedAtMs = Math.round(wallMs() + (cloudAheadMs ?? 0))
    const contentHash = contentHashOf(bytes ?? '')
    const signature = signRequest({ method, path, signedAtMs, contentHash })
    const answer = await fetch(new URL(path, cloudUrl), {
      method,
      ...(bytes !== null && { body: new Uint8Array(bytes) }),
      signal,
      redirect: 'error',
      headers: {
        ...headers,
        ...auditHeader({ signedAtMs, contentHash }),
        authorization: `SmartQueue ${[tenantId, branchId, signedAtMs, contentHash, signature].join('.')}`,
      },
    })
    const cloudNowMs = Number(answer.headers.get('x-smartqueue-now'))
    if (cloudNowMs > 0) cloudAheadMs = cloudNowMs - wallMs()
    const said = answer.headers.get(AUDIT_HEADER)
    if (said !== null) audit?.heard(said)
    const ofPlatform = answer.headers.get(PLATFORM_AUDIT_HEADER)
    if (ofPlatform !== null) audit?.heardPlatform(ofPlatform)
    return answer
  }

  const postOnce = (path: string, body: object): Promise<CloudAnswer> =>
    within(ANSWER_MS_MAX, { pause, ending }, async (signal) => {
      const { bytes, headers } = packed(body)
      return readAnswer(await ask('POST', path, bytes, signal, headers))
    })

  const getOnce = (path: string, ended: AbortSignal): Promise<CloudText> =>
    within(ANSWER_MS_MAX, { pause, ending: ended }, async (signal) => {
      const answer = await ask('GET', path, null, signal, {})
      return { status: answer.status, headers: answer.headers, text: await textOf(answer) }
    })

  return {
    async post(path, body) {
      const answer = await postOnce(path, body)
      // Its answer has told the time: once more, by that.
      return answer.status === 401 && answer.body?.['code'] === 'SignatureStale' ? postOnce(path, body) : answer
    },
    async get(path, signal) {
      const answer = await getOnce(path, signal)
      return answer.status === 401 && answer.text.includes('"SignatureStale"') ? getOnce(path, signal) : answer
    },
    nowMs: () => (cloudAheadMs === null ? null : wallMs() + cloudAheadMs),
  }
}
