import type { ResponsePacket } from 'multicast-dns'
import { openMulticast, SERVICE_NAME } from '../network/multicast.ts'
import { ownAddresses } from '../network/own-addresses.ts'

/** How long the network is listened to after asking. */
const LISTEN_MS = 2_000
/** Asked again once: a single packet may be lost. */
const ASK_AGAIN_MS = 500
/** Whoever floods the network with answers is not followed to every one of them, and takes nobody else's turn. */
const CANDIDATES_OF_ONE_MAX = 4
const SENDERS_MAX = 32

/** Somewhere on the network that calls itself a branch. Anybody may say anything here: it is to be proved there. */
export interface Candidate {
  readonly url: string
  /** The fingerprint it claims; null when it claims none. */
  readonly fingerprint: string | null
}

type Records = NonNullable<ResponsePacket['answers']>

function claimed(records: Records): string | null {
  for (const record of records) {
    if (record.type !== 'TXT') continue
    const texts = [record.data].flat().map(String)
    const key = texts.find((text) => text.startsWith('key='))
    if (key !== undefined) return key.slice(4)
  }
  return null
}

/** What one packet says, taken by itself: two that answer under one name must not hide each other. */
export function candidatesIn(
  { answers = [], additionals = [] }: Partial<ResponsePacket>,
  from: string,
): readonly Candidate[] {
  const records = [...answers, ...additionals]
  if (!records.some(({ type, name }) => type === 'PTR' && name.toLowerCase() === SERVICE_NAME)) return []
  const fingerprint = claimed(records)
  const addresses = new Set([from, ...records.flatMap((record) => (record.type === 'A' ? [record.data] : []))])
  return records.flatMap((record) =>
    record.type === 'SRV'
      ? [...addresses].map((address) => ({ url: `https://${address}:${record.data.port}`, fingerprint }))
      : [],
  )
}

/** Lets in each candidate once, and of each sender only so many: one that says a hundred places hides no other. */
export function createShares(): (candidate: Candidate, from: string) => boolean {
  const bySender = new Map<string, Set<string>>()
  return ({ url, fingerprint }, from) => {
    const name = `${url} ${fingerprint}`
    for (const names of bySender.values()) if (names.has(name)) return false
    const own = bySender.get(from) ?? new Set()
    if (own.size >= CANDIDATES_OF_ONE_MAX || (own.size === 0 && bySender.size >= SENDERS_MAX)) return false
    bySender.set(from, own.add(name))
    return true
  }
}

/** Asks every network this machine is on. @returns stops listening */
function listen(onCandidate: (candidate: Candidate, from: string) => void): () => void {
  const sockets = ownAddresses().map((address) =>
    // A network that cannot be asked has no branch for us; the search says so when it finds none.
    openMulticast(address, () => {}),
  )
  const ask = (): void => {
    for (const socket of sockets) socket.query([{ name: SERVICE_NAME, type: 'PTR' }])
  }
  for (const socket of sockets)
    socket.on('response', (packet, { address }) => {
      for (const candidate of candidatesIn(packet, address)) onCandidate(candidate, address)
    })
  ask()
  const again = setTimeout(ask, ASK_AGAIN_MS)
  return () => {
    clearTimeout(again)
    for (const socket of sockets) socket.destroy()
  }
}

/**
 * Looks for branches on the local network and tries each as it answers, beside the others: the first that is the right
 * one wins, not the first that answers.
 * @param attempt - null when this candidate is not the one
 * @throws what an attempt throws
 */
export function searchNetwork<Found>(attempt: (candidate: Candidate) => Promise<Found | null>): Promise<Found | null> {
  return new Promise((resolve, reject) => {
    const isLetIn = createShares()
    const attempts: Promise<void>[] = []
    async function make(candidate: Candidate): Promise<void> {
      try {
        const found = await attempt(candidate)
        if (found === null) return
        resolve(found)
      } catch (error) {
        reject(error)
      }
      end()
    }
    const stop = listen((candidate, from) => {
      if (isLetIn(candidate, from)) attempts.push(make(candidate))
    })
    const end = (): void => {
      clearTimeout(limit)
      stop()
    }
    const limit = setTimeout(() => {
      stop()
      void Promise.all(attempts).then(() => resolve(null))
    }, LISTEN_MS)
  })
}
