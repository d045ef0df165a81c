import { v7 as newKey } from 'uuid'
import { WebSocket } from 'ws'
import { type FeedSocket, followBranch } from '../../../shared/client/follow-branch.ts'
import type { BranchView } from '../../../shared/client/follow-state.ts'
import { createSender, type SendCommand } from '../../../shared/client/send-command.ts'

const ANSWER_MS_MAX = 8_000

/** One caller as its page has it: the branch folded from its host's feed, and a sender of acts. */
export interface Desk {
  readonly view: () => BranchView
  readonly send: SendCommand
  /** Resolves when the view has changed, after `waitMs` at the latest. */
  readonly change: (waitMs: number) => Promise<void>
  /** Ends every wait for a change at once. */
  readonly wake: () => void
  readonly stop: () => void
}

const wait = (waitMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, waitMs))

/** Sends acts to the host at an address, as its page does. */
export const senderTo = (url: string): SendCommand =>
  createSender({ fetch: (path, init) => fetch(url + path, init), newKey: () => newKey(), wait })

function openFeed(url: string): FeedSocket {
  const socket = new WebSocket(url.replace('http', 'ws'))
  const feed: FeedSocket = { onmessage: null, onclose: null, close: () => socket.close(), send: () => undefined }
  socket.on('message', (data) => feed.onmessage?.(String(data)))
  socket.on('close', (code) => feed.onclose?.(code))
  // A close follows, and the follower tries again.
  socket.on('error', () => undefined)
  return feed
}

async function getJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    return response.ok ? await response.json() : null
  } catch {
    // The host is restarting; whoever asks, asks again.
    return null
  }
}

export function openDesk(url: string): Desk {
  const waits = new Set<() => void>()
  const follower = followBranch({
    getJson: (path) => getJson(url + path),
    openSocket: (path) => openFeed(url + path),
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    wait,
    reload: () => undefined,
  })
  return {
    view: follower.view,
    stop: follower.stop,
    send: senderTo(url),
    wake() {
      for (const end of [...waits]) end()
    },
    change: (waitMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer)
          waits.delete(end)
          stop()
          resolve()
        }
        const timer = setTimeout(end, waitMs)
        const stop = follower.subscribe(end)
        waits.add(end)
      }),
  }
}
