import { zstdCompressSync } from 'node:zlib'
import { contentHashOf, type SignedRequest } from '#shared/network/signed-request.ts'
import { type Pause, within } from './within.ts'

/** Which branch of which tenant this is, as the cloud said when it enrolled. */
export interface CloudIdentity {
  readonly cloudUrl: string
  readonly tenantId: string
  readonly branchId: string
}

/** What the cloud answered; `null` body: nothing that can be read. */
export interface CloudAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> | null
}

/** How this branch speaks to its cloud: each request signed by the branch's key. */
export interface CloudDoor {
  /** @throws Error when the cloud cannot be reached or does not answer in time */
  post(path: string, body: object): Promise<CloudAnswer>
}

const ANSWER_MS_MAX = 60_000
/** Shorter bodies are not worth it. */
const COMPRESSED_BYTES_MIN = 500

interface DoorParts {
  readonly identity: CloudIdentity
  readonly signRequest: (request: SignedRequest) => string
  readonly wallMs: () => number
  readonly fetch: typeof globalThis.fetch
  readonly pause: Pause
  /** Ends what is under way. */
  readonly ending: AbortSignal
}

export const readAnswer = async (answer: Response): Promise<CloudAnswer> => ({
  status: answer.status,
  body: await answer.json().then(
    (body) => (typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : null),
    () => null,
  ),
})

export function openCloudDoor({ identity, signRequest, wallMs, fetch, pause, ending }: DoorParts): CloudDoor {
  const { cloudUrl, tenantId, branchId } = identity
  /** How far the cloud's clock is ahead of ours, as it said last; the branch's own may be years off. */
  let cloudAheadMs = 0

  const postOnce = (path: string, body: object): Promise<CloudAnswer> =>
    within(ANSWER_MS_MAX, { pause, ending }, (signal) => send(path, body, signal))

  async function send(path: string, body: object, signal: AbortSignal): Promise<CloudAnswer> {
    const text = Buffer.from(JSON.stringify(body))
    const isLong = text.length >= COMPRESSED_BYTES_MIN
    const bytes = isLong ? zstdCompressSync(text) : text
    const signedAtMs = Math.round(wallMs() + cloudAheadMs)
    const contentHash = contentHashOf(bytes)
    const signature = signRequest({ method: 'POST', path, signedAtMs, contentHash })
    const answer = await fetch(new URL(path, cloudUrl), {
      method: 'POST',
      body: new Uint8Array(bytes),
      signal,
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        ...(isLong && { 'content-encoding': 'zstd' }),
        authorization: `SmartQueue ${[tenantId, branchId, signedAtMs, contentHash, signature].join('.')}`,
      },
    })
    const cloudNowMs = Number(answer.headers.get('x-smartqueue-now'))
    if (cloudNowMs > 0) cloudAheadMs = cloudNowMs - wallMs()
    return readAnswer(answer)
  }

  return {
    async post(path, body) {
      const answer = await postOnce(path, body)
      // Its answer has told the time: once more, by that.
      return answer.status === 401 && answer.body?.['code'] === 'SignatureStale' ? postOnce(path, body) : answer
    },
  }
}
