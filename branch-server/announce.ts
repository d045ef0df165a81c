import { hostname } from 'node:os'
import type { FastifyBaseLogger } from 'fastify'
import type { MulticastDNS } from 'multicast-dns'
import { openMulticast, SERVICE_NAME } from '#shared/network/multicast.ts'
import { ownAddresses } from '#shared/network/own-addresses.ts'

/** Node tells nobody that an address has changed; it is looked at this often. */
const ADDRESSES_LOOKED_AT_MS = 3_000
const LIFE_SECONDS = 120
/** Everybody hears an answer; whoever asks again at once has had it. */
const ANSWER_PAUSE_MS = 1_000

export interface Announcing {
  /** The address it listens on; 0.0.0.0 and :: stand for all. */
  readonly host: string
  readonly port: number
  readonly fingerprint: string
  readonly log: FastifyBaseLogger
  /** Tests hand in a network of their own. */
  readonly open?: typeof openMulticast
}

/**
 * Answers devices that ask on the local network where their branch is, on each address the machine has just now. What
 * is said there proves nothing: it is a hint, and the key is proved at the address.
 * @returns stops answering
 */
export function announceBranch({ host, port, fingerprint, log, open = openMulticast }: Announcing): () => void {
  /** Addresses that staff were told of, until they work again. */
  const told = new Set<string>()
  const sockets = new Map<string, MulticastDNS>()
  const isAll = host === '0.0.0.0' || host === '::'
  const instance = `SmartQueue ${fingerprint.slice(0, 8)}.${SERVICE_NAME}`
  const target = `${hostname().split('.')[0] ?? 'smartqueue'}.local`

  function answerOn(address: string): MulticastDNS {
    const socket = open(address, (error) => {
      if (!told.has(address)) log.warn({ err: error, address }, 'devices may not find this branch; it is tried again')
      told.add(address)
      // Opened anew with the next look at the addresses.
      socket.destroy()
      sockets.delete(address)
    })
    socket.on('ready', () => told.delete(address))
    let isResting = false
    socket.on('query', ({ questions = [] }) => {
      if (isResting || !questions.some(({ type, name }) => type === 'PTR' && name.toLowerCase() === SERVICE_NAME))
        return
      isResting = true
      setTimeout(() => {
        isResting = false
      }, ANSWER_PAUSE_MS).unref()
      socket.respond({
        answers: [{ name: SERVICE_NAME, type: 'PTR', ttl: LIFE_SECONDS, data: instance }],
        additionals: [
          { name: instance, type: 'SRV', ttl: LIFE_SECONDS, data: { port, target } },
          { name: instance, type: 'TXT', ttl: LIFE_SECONDS, data: [`key=${fingerprint}`] },
          { name: target, type: 'A', ttl: LIFE_SECONDS, data: address },
        ],
      })
    })
    return socket
  }

  function keepUp(): void {
    const addresses = ownAddresses().filter((address) => isAll || address === host)
    for (const [address, socket] of sockets) {
      if (addresses.includes(address)) continue
      socket.destroy()
      sockets.delete(address)
    }
    for (const address of addresses) if (!sockets.has(address)) sockets.set(address, answerOn(address))
  }
  keepUp()
  const timer = setInterval(keepUp, ADDRESSES_LOOKED_AT_MS)
  return () => {
    clearInterval(timer)
    for (const socket of sockets.values()) socket.destroy()
  }
}
