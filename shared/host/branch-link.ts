import WebSocket from 'ws'
import type { Clocks } from '../domain/clock.ts'
import { type Bookmark, seenNumbers } from '../domain/epoch.ts'
import type { StoredEvent } from '../domain/events.ts'
import type { Moment } from '../domain/ids.ts'
import { isThisMachine } from '../network/own-addresses.ts'
import type { DeviceOrder } from '../wire/orders.ts'
import type { TrialOrder } from '../wire/trials.ts'
import { fetchCatalogue, fetchSnapshot, RemovedError, takeFeedTicket } from './branch-client.ts'
import { type Contact, hearTime } from './branch-time.ts'
import type { FeedStore } from './feed-store.ts'
import type { HostLog } from './host-log.ts'
import { fingerprintOfBranch, type Pairing } from './pairing.ts'
import { connectPinned } from './pinned-connection.ts'
import { TwinError, UnreachableError } from './unreachable.ts'

const PING_MS = 4_000
/** Nothing heard for this long: the line is dead, whatever the network says. */
const SILENCE_MS_MAX = 10_000
const RETRY_MS_MIN = 200
const RETRY_MS_MAX = 5_000
/** Frames waiting to be folded; the rest is left to the next line, which begins where folding came to. */
const FRAMES_WAITING_MAX = 20_000
const CLOSE_EPOCH = 4409

/** The installer tries this device out; it is no event, and nothing of it is kept. */
export interface TrialNews {
  readonly type: 'trial'
  readonly trialId: string
  readonly order: TrialOrder
}

/** What pages and the kiosk are told as it happens. */
export type LinkNews =
  | { readonly type: 'event'; readonly text: string; readonly event: StoredEvent }
  | { readonly type: 'link'; readonly link: 'up' | 'down'; readonly sinceMs: number }
  | ({ readonly type: 'time' } & Moment)
  /** A fresh snapshot was taken: everything folded before is to be dropped. */
  | { readonly type: 'restart' }
  | { readonly type: 'removed' }
  /** The branch hears another device with the same identity, or no longer does. */
  | { readonly type: 'twin'; readonly isTwin: boolean }
  | TrialNews
  /** Head office wants something of this device; it is no event either. */
  | DeviceOrder

export interface BranchLink {
  readonly status: () => { readonly link: 'up' | 'down'; readonly sinceMs: number }
  readonly contact: () => Contact | null
  /** @returns stops listening */
  onNews(listener: (news: LinkNews) => void): () => void
  /** Presents the bookmark again, as after BookmarkAhead; resolves when the link is up or the wait is over. */
  renew(waitMs: number): Promise<boolean>
  close(): void
}

export interface LinkParts {
  /** The pairing, with the address where the branch has just proved its key. @throws UnreachableError */
  readonly locate: () => Promise<Pairing>
  readonly store: FeedStore
  readonly clocks: Clocks
  readonly log: HostLog
  /** The random part of the pauses between tries; 0 to 1. */
  readonly random: () => number
  /** Of this start of the host. */
  readonly instance: string
  /** It was refused as the second of two before. */
  readonly wasTwin: boolean
  /** The branch does not know the token. @returns whether it knows another one of this device @throws UnreachableError */
  readonly recover?: () => Promise<boolean>
}

type Frame =
  | StoredEvent
  | ({ readonly type: 'hello' } & Bookmark)
  | TrialNews
  | DeviceOrder
  /** `n`: what the ping said it was; ours is when it was sent, by our steady clock. */
  | ({ readonly type: 'time'; readonly n: number } & Moment)

function readFrame(text: string): Frame | null {
  try {
    return JSON.parse(text) as Frame
  } catch {
    return null
  }
}

/** The feed's ticket is a secret too: over TLS it is sent to the branch's own key alone. */
const openSocket = ({ branchUrl, branchKey }: Pairing, address: string): WebSocket =>
  new WebSocket(address, {
    handshakeTimeout: 5_000,
    maxPayload: 64 * 1024 * 1024,
    ...(branchUrl.startsWith('https:') ? { createConnection: connectPinned(fingerprintOfBranch(branchKey)) } : {}),
  })

/** Follows the branch for ever: proves its key, shows the bookmark, takes what follows, and starts again when it ends. */
export function followBranch(parts: LinkParts): BranchLink {
  const { locate, store, clocks, log, random, instance, wasTwin, recover = () => Promise.resolve(false) } = parts
  const listeners = new Set<(news: LinkNews) => void>()
  let link: 'up' | 'down' = 'down'
  let sinceMs = Math.floor(clocks.wallMs())
  let contact: Contact | null = null
  let socket: WebSocket | null = null
  let isClosed = false
  let isTwin = wasTwin
  let failures = 0
  let timer: NodeJS.Timeout | null = null

  /** A box that is the branch's own has the branch's own clock: no second source. */
  const witnessedMs = ({ branchUrl }: Pairing): number | undefined =>
    isThisMachine(new URL(branchUrl).hostname) ? undefined : Math.max(0, Math.floor(clocks.wallMs()))

  const tell = (news: LinkNews): void => {
    for (const listener of listeners) listener(news)
  }

  function setLink(next: 'up' | 'down'): void {
    if (link === next) return
    link = next
    sinceMs = Math.floor(clocks.wallMs())
    log.info({ link }, link === 'up' ? 'in contact with the branch' : 'no contact with the branch')
    tell({ type: 'link', link, sinceMs })
  }

  function setTwin(next: boolean): void {
    if (isTwin !== next && next)
      log.error({}, 'another device has this one’s identity, as when a disk was copied: pair this one with a new code')
    isTwin = next
    tell({ type: 'twin', isTwin })
  }

  async function startFresh(pairing: Pairing): Promise<void> {
    const snapshot = await fetchSnapshot(pairing)
    if (isClosed) return
    store.begin(snapshot)
    tell({ type: 'restart' })
  }

  async function fold(pairing: Pairing, text: string, frame: Frame): Promise<void> {
    if (frame.type === 'hello') return
    if (frame.type === 'time') return tell({ type: 'time', atMs: frame.atMs, steadyMs: frame.steadyMs })
    // In its turn: a screen paints first what stands before it.
    if (frame.type === 'trial' || frame.type === 'order') return tell(frame)
    if (frame.type === 'CatalogueApplied') {
      const body = await fetchCatalogue(pairing, frame.version)
      if (isClosed) return
      store.keepCatalogue(frame.version, body)
    }
    const event = store.append(text)
    tell({ type: 'event', text, event })
  }

  /** In contact only with all that the branch had when it greeted us: until then nobody can rely on what is known. */
  function arrive(goal: Bookmark | null): void {
    const bookmark = store.seen()?.bookmark
    if (goal === null || bookmark === undefined || bookmark.epoch !== goal.epoch || bookmark.seq < goal.seq) return
    failures = 0
    setLink('up')
  }

  /** One connection from its first frame to its end; frames are folded one after the other. */
  function follow(pairing: Pairing, ticket: string): Promise<number> {
    const { epoch, seq } = store.seen()?.bookmark ?? { epoch: '', seq: 0 }
    const address = `${pairing.branchUrl.replace(/^http/, 'ws')}/api/v1/feed?ticket=${ticket}&epoch=${epoch}&after=${seq}`
    const made = openSocket(pairing, address)
    socket = made
    let heardMs = clocks.monotonicMs()
    let waiting = 0
    let isBroken = false
    let work = Promise.resolve()
    let goal: Bookmark | null = null
    const ping = (): void => {
      if (clocks.monotonicMs() - heardMs > SILENCE_MS_MAX) made.terminate()
      else if (made.readyState === WebSocket.OPEN) {
        const n = Math.floor(clocks.monotonicMs())
        made.send(JSON.stringify({ type: 'ping', n, wallMs: witnessedMs(pairing) }))
      }
    }
    const pinger = setInterval(ping, PING_MS)
    return new Promise((resolve) => {
      made.on('open', ping)
      made.on('message', (data) => {
        heardMs = clocks.monotonicMs()
        if (socket !== made) return
        const text = String(data)
        const frame = readFrame(text)
        waiting += 1
        if (frame === null || waiting > FRAMES_WAITING_MAX) {
          made.terminate()
          return
        }
        // Only an answer to a ping tells the time: an event that is caught up on is as old as the silence was long.
        if (frame.type === 'time') contact = hearTime(contact, frame, frame.n, heardMs)
        work = work
          .then(async () => {
            waiting -= 1
            if (socket !== made || isBroken) return
            if (frame.type === 'hello') goal = frame
            await fold(pairing, text, frame)
            if (made.readyState === WebSocket.OPEN) arrive(goal)
          })
          .catch((error: unknown) => {
            isBroken = true
            log.warn({ err: error }, 'the feed cannot be followed from here')
            made.close(CLOSE_EPOCH)
          })
      })
      made.on('error', () => made.terminate())
      made.on('close', (code) => {
        clearInterval(pinger)
        void work.then(() => {
          if (socket === made) socket = null
          resolve(code)
        })
      })
    })
  }

  async function connect(): Promise<void> {
    const pairing = await locate()
    const seen = store.seen()
    const bookmark = seen?.bookmark ?? null
    const numbers = seen === null ? null : seenNumbers(seen.state)
    const { ticket } = await takeFeedTicket(pairing, bookmark, numbers, witnessedMs(pairing), { instance, isTwin })
    setTwin(false)
    if (seen === null) await startFresh(pairing)
    if (isClosed) return
    const code = await follow(pairing, ticket)
    setLink('down')
    if (code === CLOSE_EPOCH && !isClosed) await startFresh(pairing)
  }

  /** Nobody could say: that is no removal. */
  const isKnownOtherwise = (): Promise<boolean> =>
    recover().catch((error: unknown) => {
      if (!(error instanceof UnreachableError)) throw error
      return true
    })

  async function run(): Promise<void> {
    try {
      await connect()
    } catch (error) {
      if (isClosed) return
      setLink('down')
      if (error instanceof RemovedError && !(await isKnownOtherwise())) {
        if (isClosed) return
        log.error({ err: error }, 'the device was removed from the branch')
        isClosed = true
        tell({ type: 'removed' })
        return
      }
      if (error instanceof TwinError) setTwin(true)
      if (failures === 0) log.warn({ err: error }, 'the branch cannot be reached')
    }
    if (isClosed) return
    const pauseMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(failures, 10)) * (0.5 + random() / 2)
    failures += 1
    timer = setTimeout(() => void run(), pauseMs)
  }
  void run()

  return {
    status: () => ({ link, sinceMs }),
    contact: () => contact,
    onNews(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    renew(waitMs) {
      socket?.terminate()
      setLink('down')
      return new Promise((resolve) => {
        const stop = (isUp: boolean): void => {
          clearTimeout(limit)
          listeners.delete(hear)
          resolve(isUp)
        }
        const hear = (news: LinkNews): void => {
          if (news.type === 'link' && news.link === 'up') stop(true)
        }
        const limit = setTimeout(() => stop(false), waitMs)
        listeners.add(hear)
      })
    },
    close() {
      isClosed = true
      listeners.clear()
      if (timer !== null) clearTimeout(timer)
      socket?.terminate()
      socket = null
    },
  }
}
