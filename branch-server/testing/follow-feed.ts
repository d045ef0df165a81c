import { WebSocket } from 'ws'
import type { CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { EpochMs, SteadyMs } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import type { Client } from './client.ts'

export interface Hello {
  readonly type: 'hello'
  readonly epoch: string
  readonly seq: number
  readonly headHash: string
}

export interface Following {
  readonly socket: WebSocket
  /** Everything that was said, in order: the hello, then events. */
  readonly messages: readonly (Hello | StoredEvent)[]
  /** The same events byte for byte. */
  readonly bodies: readonly string[]
  /** Waits for the event at a place; throws when the feed ends before. */
  until(seq: number): Promise<void>
  /** How the feed ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  close(): Promise<void>
}

export const eventsOf = ({ messages }: Following): readonly StoredEvent[] =>
  messages.filter((message): message is StoredEvent => message.type !== 'hello')

/** Follows the feed as a device does: one ticket, one socket. Leave `after` out to start at the head. */
export async function followFeed(
  client: Client,
  bookmark: { readonly epoch?: string; readonly after?: number } = {},
): Promise<Following> {
  const { body } = await client.post<{ ticket: string }>('/api/v1/feed-tickets', {})
  return openFeed(client.url, body.ticket, bookmark)
}

export function openFeed(
  url: string,
  ticket: string,
  { epoch, after }: { readonly epoch?: string; readonly after?: number } = {},
): Following {
  const query = new URLSearchParams({ ticket })
  if (epoch !== undefined) query.set('epoch', epoch)
  if (after !== undefined) query.set('after', String(after))
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/feed?${query}`)
  const messages: (Hello | StoredEvent)[] = []
  const bodies: string[] = []
  const waiting = new Set<() => void>()
  let hasEnded = false
  const wake = (): void => {
    for (const resume of waiting) resume()
  }
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Hello | StoredEvent
    messages.push(message)
    if (message.type !== 'hello') bodies.push(String(data))
    wake()
  })
  // A refused upgrade is an end like any other.
  socket.on('error', () => {})
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      hasEnded = true
      resolve({ code, reason: String(reason) })
      wake()
    })
  })
  const seqNow = (): number => {
    const last = messages.at(-1)
    return last === undefined || last.type === 'hello' ? 0 : last.seq
  }
  return {
    socket,
    messages,
    bodies,
    closed,
    async until(seq) {
      while (seqNow() < seq) {
        if (hasEnded) throw new Error(`The feed ended at ${seqNow()}, before ${seq}`)
        await new Promise<void>((resolve) => waiting.add(resolve))
        waiting.clear()
      }
    },
    async close() {
      socket.close()
      await closed
    },
  }
}

/** Folds events as a device does; without a state to start from they begin at the first of the epoch. */
export function fold(events: readonly StoredEvent[], shelf: CatalogueShelf, from?: BranchState): BranchState {
  const nothing = emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs })
  return events.reduce((state, event) => evolve(state, event, shelf), from ?? nothing)
}
