import { Agent } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { fingerprintOf, textOfKey } from '../network/fingerprint.ts'
import { OtherBranchError, UnreachableError } from './unreachable.ts'

/** From the first packet to the proven key. */
const HANDSHAKE_MS_MAX = 3_000

/** Whom a connection has reached: the other side has proved in the handshake that it holds this key. */
interface Met {
  readonly socket: TLSSocket
  readonly fingerprint: string
  /** Of the kind that branches have; null is another one. */
  readonly branchKey: string | null
}

/**
 * Opens TLS and learns the key at the other end, before a byte of ours is written. No authority has signed it and no
 * name is in it: whose key it is, is for the caller to tell.
 */
function meet(host: string, port: number, timeoutMs = HANDSHAKE_MS_MAX): Promise<Met> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
    const fail = (error: Error): void => {
      clearTimeout(limit)
      socket.destroy()
      reject(new UnreachableError(`${host}:${port}: ${error.message}`, { cause: error }))
    }
    const limit = setTimeout(() => fail(new Error('no handshake in time')), Math.min(timeoutMs, HANDSHAKE_MS_MAX))
    socket.once('error', fail)
    socket.once('secureConnect', () => {
      const key = socket.getPeerX509Certificate()?.publicKey
      if (key === undefined) {
        fail(new Error('no certificate was shown'))
        return
      }
      clearTimeout(limit)
      socket.off('error', fail)
      resolve({ socket, fingerprint: fingerprintOf(key), branchKey: textOfKey(key) })
    })
  })
}

/** @throws OtherBranchError when another key is at that address */
async function meetBranch(host: string, port: number, fingerprint: string, timeoutMs?: number): Promise<TLSSocket> {
  const met = await meet(host, port, timeoutMs)
  if (met.fingerprint === fingerprint) return met.socket
  met.socket.destroy()
  throw new OtherBranchError(`${host}:${port} has another key`)
}

type CreateConnection = NonNullable<Agent['createConnection']>

/** Connections that exist for HTTP only once the branch at the other end has proved its key. */
export const connectPinned =
  (fingerprint: string): CreateConnection =>
  ({ host, port }, done) => {
    const found = meetBranch(host ?? '', Number(port), fingerprint)
    found.then(
      (socket) => done?.(null, socket),
      (error: Error) => done?.(error, undefined as never),
    )
    return undefined
  }

const agents = new Map<string, Agent>()

/** One for each branch that this device speaks to: a line that has proved its key is used again. */
export function pinnedAgent(fingerprint: string): Agent {
  const known = agents.get(fingerprint)
  if (known !== undefined) return known
  const agent = new Agent({ keepAlive: true })
  agent.createConnection = connectPinned(fingerprint)
  agents.set(fingerprint, agent)
  return agent
}

/** Where a URL leads; it has brackets around an IPv6 address, which sockets do not know. */
const placeOf = ({ hostname, port }: URL): readonly [host: string, port: number] => [
  hostname.replace(/^\[|\]$/g, ''),
  Number(port || 443),
]

/** @throws UnreachableError, OtherBranchError when another key is at that address */
export async function proveKeyAt(url: URL, fingerprint: string, timeoutMs: number): Promise<void> {
  const socket = await meetBranch(...placeOf(url), fingerprint, timeoutMs)
  socket.destroy()
}

/** Whose key is at an address that nothing is known of yet. Nothing is sent there. @throws UnreachableError */
export async function keyAt(url: URL, timeoutMs: number): Promise<string> {
  const { socket, branchKey } = await meet(...placeOf(url), timeoutMs)
  socket.destroy()
  if (branchKey === null) throw new UnreachableError(`${url.host} has no key of a branch`)
  return branchKey
}
