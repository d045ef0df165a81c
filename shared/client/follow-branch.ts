import type { Snapshot } from '../domain/state-json.ts'
import {
  type BranchView,
  type FeedMessage,
  type FollowInput,
  follow,
  type HostState,
  NOTHING_YET,
} from './follow-state.ts'
import { getJson } from './get-json.ts'

/** As much of a WebSocket as following needs. */
export interface FeedSocket {
  onmessage: ((text: string) => void) | null
  onclose: ((code: number) => void) | null
  readonly close: () => void
  readonly send: (text: string) => void
}

/** The outside that a follower needs; a test hands in its own. */
export interface FollowTools {
  /** @returns the parsed JSON, or null when there is nothing to be had just now */
  readonly getJson: (path: string) => Promise<unknown>
  readonly openSocket: (path: string) => FeedSocket
  /** A steady clock of this page. */
  readonly nowMs: () => number
  /** This box's wall clock, which its host reads too. */
  readonly wallMs: () => number
  readonly wait: (waitMs: number) => Promise<void>
  /** The host asks for it when this page draws nothing any more. */
  readonly reload: () => void
  /** This page is the small bar. */
  readonly isBar?: boolean
}

export interface BranchFollower {
  readonly subscribe: (listener: () => void) => () => void
  readonly view: () => BranchView
  /** Tells the host that this page has just drawn. */
  readonly tellAlive: () => void
  /** Hears what is pressed outside of this page, as on a push-button. @returns a function that ends it */
  readonly onPress: (listener: (act: string) => void) => () => void
  readonly stop: () => void
}

const BACKOFF_MIN_MS = 250
const BACKOFF_MAX_MS = 8_000
/** The host closes with this when the page's epoch or bookmark is not in its log. */
const WRONG_BOOKMARK = 4409
const UNPAIRED_POLL_MS = 1_500
/** Screens are told at most this often while a long feed is read. */
const PUBLISH_WAIT_MS = 30

/** What the page knows, and who wants to hear of it. */
function createStore({ wait, nowMs }: Pick<FollowTools, 'wait' | 'nowMs'>) {
  const listeners = new Set<() => void>()
  let current: BranchView = NOTHING_YET
  let published: BranchView = NOTHING_YET
  let isPublishing = false
  let publishedMs = Number.NEGATIVE_INFINITY

  async function publish(): Promise<void> {
    if (isPublishing) return
    isPublishing = true
    // What comes after a silence is shown at once: somebody has pressed a key for it.
    if (nowMs() - publishedMs < PUBLISH_WAIT_MS) await wait(PUBLISH_WAIT_MS)
    isPublishing = false
    publishedMs = nowMs()
    if (published === current) return
    published = current
    for (const listener of listeners) listener()
  }

  return {
    current: (): BranchView => current,
    published: (): BranchView => published,
    take: (input: FollowInput): 'go-on' | 'fresh' => {
      const step = follow(current, input)
      if (step.view !== current) {
        current = step.view
        void publish()
      }
      return step.next
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

type Store = ReturnType<typeof createStore>

interface FeedEars {
  readonly keep: (feed: FeedSocket) => void
  readonly pressed: (act: string) => void
}

/** What a feed says that is nothing of the branch. */
type LocalMessage = { readonly type: 'reload' } | { readonly type: 'press'; readonly act: string }

/** Reads one feed until it breaks. @returns whether it gave anything, and whether a fresh snapshot is needed now */
function readFeed(tools: FollowTools, store: Store, { keep, pressed }: FeedEars) {
  const { state } = store.current()
  const face = tools.isBar === true ? '&face=bar' : ''
  return new Promise<{ readonly wasHeard: boolean; readonly next: 'go-on' | 'fresh' }>((resolve) => {
    const feed = tools.openSocket(`/local/v1/feed?epoch=${state?.epoch ?? ''}&after=${state?.seq ?? 0}${face}`)
    keep(feed)
    let wasHeard = false
    feed.onclose = (code) => resolve({ wasHeard, next: code === WRONG_BOOKMARK ? 'fresh' : 'go-on' })
    feed.onmessage = (text) => {
      const message = JSON.parse(text) as FeedMessage | LocalMessage
      if (message.type === 'reload') return tools.reload()
      if (message.type === 'press') return pressed(message.act)
      if (store.take({ type: 'message', message, takenMs: tools.nowMs(), wallMs: tools.wallMs() }) === 'go-on') {
        wasHeard = true
        return
      }
      feed.onmessage = null
      feed.close()
      resolve({ wasHeard, next: 'fresh' })
    }
  })
}

/**
 * Follows the branch through the device's host for as long as the page lives:
 * snapshot, then every event after it, again and again after each break.
 */
export function followBranch(tools: FollowTools): BranchFollower {
  const store = createStore(tools)
  let isStopped = false
  let needsSnapshot = true
  let backoffMs = BACKOFF_MIN_MS
  let socket: FeedSocket | null = null
  const pressListeners = new Set<(act: string) => void>()

  async function pause(): Promise<void> {
    await tools.wait(backoffMs)
    backoffMs = Math.min(BACKOFF_MAX_MS, backoffMs * 2)
  }

  /** Ask the host, take a snapshot where one is needed, read the feed until it breaks. */
  async function round(): Promise<void> {
    const host = (await tools.getJson('/local/v1/state')) as HostState | null
    if (host === null) {
      store.take({ type: 'host-lost', takenMs: tools.nowMs() })
      return pause()
    }
    store.take({ type: 'host-state', host, takenMs: tools.nowMs(), wallMs: tools.wallMs() })
    if (host.device === null) {
      needsSnapshot = true
      return tools.wait(UNPAIRED_POLL_MS)
    }
    if (needsSnapshot || store.current().state === null) {
      const snapshot = (await tools.getJson('/local/v1/snapshot')) as Snapshot | null
      if (snapshot === null) return pause()
      store.take({ type: 'snapshot', snapshot, takenMs: tools.nowMs() })
      needsSnapshot = false
    }
    if (isStopped) return
    const { wasHeard, next } = await readFeed(tools, store, {
      keep: (feed) => {
        socket = feed
      },
      pressed: (act) => {
        for (const listener of pressListeners) listener(act)
      },
    })
    needsSnapshot = next === 'fresh'
    if (wasHeard) backoffMs = BACKOFF_MIN_MS
    return pause()
  }

  async function run(): Promise<void> {
    while (!isStopped) await round()
  }
  void run()

  const stop = (): void => {
    isStopped = true
    socket?.close()
  }
  return {
    subscribe: store.subscribe,
    view: store.published,
    tellAlive: () => socket?.send('alive'),
    onPress(listener) {
      pressListeners.add(listener)
      return () => void pressListeners.delete(listener)
    },
    stop,
  }
}

function openFeed(path: string): FeedSocket {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${path}`)
  const send = (text: string): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(text)
  }
  const feed: FeedSocket = { onmessage: null, onclose: null, close: () => socket.close(), send }
  socket.onmessage = ({ data }) => feed.onmessage?.(String(data))
  socket.onclose = ({ code }) => feed.onclose?.(code)
  return feed
}

/** @param isBar - this page is the small bar: what is pressed outside goes to the whole desk, where there is one */
export const browserFollower = (isBar = false): BranchFollower =>
  followBranch({
    isBar,
    getJson,
    openSocket: openFeed,
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    wait: (waitMs) => new Promise((resolve) => setTimeout(resolve, waitMs)),
    reload: () => location.reload(),
  })
