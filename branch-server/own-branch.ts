import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { join } from 'node:path'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { challengeText } from '#shared/network/challenge.ts'
import type { Config } from './config.ts'

/** The branch server answers this at once, whatever else it does. */
const PROOF_MS_MAX = 10_000
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/** Whoever has the port did not prove the key of this branch, or nobody can tell: nothing was told there. */
export class StrangerError extends Error {
  override readonly name = 'StrangerError'
  /** What of the data folder is needed to tell, and cannot be read; null: somebody else answered. */
  readonly file: string | null

  constructor(message: string, file: string | null, options?: ErrorOptions) {
    super(message, options)
    this.file = file
  }
}

export interface OwnAnswer {
  readonly status: number
  readonly text: string
}

/** The branch server of this machine, asked by programs of its own with the installer's token. */
export interface OwnBranch {
  readonly url: string
  /** @throws StrangerError before anything of ours is sent, else what the network says */
  ask(method: string, path: string, body: object | undefined, msMax: number): Promise<OwnAnswer>
}

/** Where this machine reaches its own branch server. */
function urlOf({ host, port }: Config): URL {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const name = isEverywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return new URL(`${isLoopback(host) ? 'http' : 'https'}://${name}:${port}`)
}

function readOwn(folder: string, name: string): string {
  const file = join(folder, name)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new StrangerError(
      `${file} cannot be read (${why}), so nobody can tell whether it is this branch that answers, and nothing was told to it. Run this as the user of the branch server, with its BRANCH_DATA_DIR.`,
      file,
      { cause: error },
    )
  }
}

async function answerTo(asked: ReturnType<typeof plainRequest>, body?: object): Promise<OwnAnswer> {
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>
  asked.end(body === undefined ? undefined : JSON.stringify(body))
  const [answer] = await answered
  // A line that breaks from now on is told by the answer's own end.
  asked.on('error', () => {})
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return { status: answer.statusCode ?? 0, text: String(Buffer.concat(chunks)) }
}

function isSigned(key: KeyObject, challenge: string, text: string): boolean {
  try {
    const { signature } = JSON.parse(text) as { signature?: string }
    return verify(null, Buffer.from(challengeText(challenge)), key, Buffer.from(signature ?? '', 'base64url'))
  } catch {
    return false
  }
}

/** A port of this machine is anybody's who comes first: the branch's key is proved on the very line that is used then. */
async function prove(base: URL, agent: Agent, key: KeyObject): Promise<void> {
  const challenge = randomBytes(24).toString('base64url')
  const url = new URL(`/api/v1/health?challenge=${challenge}`, base)
  const asked = plainRequest(url, { agent, signal: AbortSignal.timeout(PROOF_MS_MAX) })
  const { text } = await answerTo(asked)
  if (!isSigned(key, challenge, text)) throw strangerAt(base)
}

const strangerAt = ({ origin }: URL, options?: ErrorOptions): StrangerError =>
  new StrangerError(
    `Whoever answers at ${origin} is not this branch server. Nothing was told there: look which program has the port.`,
    null,
    options,
  )

/** What a handshake with another key than ours ends with. */
const isOtherKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /CERT|SIGNATURE|ISSUER/.test(String(error.code))

/** @param token - the installer's */
export function openOwnBranch(config: Config, token: string): OwnBranch {
  const base = urlOf(config)
  const isTls = base.protocol === 'https:'
  return {
    url: base.origin,
    async ask(method, path, body, msMax) {
      const url = new URL(path, base)
      const headers: Record<string, string> = { authorization: `Bearer ${token}` }
      if (body !== undefined) headers['content-type'] = 'application/json'
      const options = { method, headers, signal: AbortSignal.timeout(msMax) } as const
      if (isTls) {
        // Its own certificate is the only one that the branch at this address may show.
        const ca = readOwn(config.folder, 'branch-certificate.pem')
        const own = { ca, minVersion: 'TLSv1.3', checkServerIdentity: () => undefined, agent: new TlsAgent() } as const
        try {
          return await answerTo(tlsRequest(url, { ...options, ...own }), body)
        } catch (error) {
          throw isOtherKey(error) ? strangerAt(base, { cause: error }) : error
        }
      }
      const key = createPublicKey(createPrivateKey(readOwn(config.folder, 'branch-key.pem')))
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      try {
        await prove(base, agent, key)
        return await answerTo(plainRequest(url, { ...options, agent }), body)
      } finally {
        agent.destroy()
      }
    },
  }
}
