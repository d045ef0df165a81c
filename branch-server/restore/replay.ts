import type { Sqlite } from '#shared/disk/open.ts'
import type { CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { stateOfSnapshot } from '#shared/domain/state-json.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import { type Head, hashOf } from '../store/event-log.ts'
import type { Store } from '../store/store.ts'
import type { Stretch } from './host-log.ts'

/** Events that share one commit while a log is played again. */
const BATCH_EVENTS = 1_000

/** A state, and the place in the log it is true at. */
export interface Told {
  readonly state: BranchState
  readonly head: Head
}

function startOf({ start }: Stretch): Told {
  const { epoch, seq, headHash } = start
  return { state: stateOfSnapshot(start), head: { epoch, seq, hash: headHash } }
}

/** The next event folded; null when this text does not follow, or cannot be read. */
function follow({ state, head }: Told, text: string, shelf: CatalogueShelf): (Told & { event: StoredEvent }) | null {
  try {
    const event = JSON.parse(text) as StoredEvent
    if (event.epoch !== head.epoch || event.seq !== head.seq + 1 || event.prev !== head.hash) return null
    const next = { epoch: event.epoch, seq: event.seq, hash: hashOf(text) }
    return { state: evolve(state, event, shelf), head: next, event }
  } catch {
    return null
  }
}

/** As far as the texts follow one another. */
export function foldStretch(stretch: Stretch, shelf: CatalogueShelf): Told {
  let told = startOf(stretch)
  for (const text of stretch.texts) {
    const next = follow(told, text, shelf)
    if (next === null) break
    told = next
  }
  return told
}

const isSeen = (told: Told | null, { epoch, seq }: { readonly epoch: string; readonly seq: number }): boolean =>
  told !== null && epoch === told.head.epoch && seq <= told.head.seq

/** Behind the last sure event, or another one in its place. */
const isBehind = (head: Head, until: Head): boolean =>
  head.epoch === until.epoch && (head.seq > until.seq || (head.seq === until.seq && head.hash !== until.hash))

function seqIn(text: string): { epoch: string; seq: number } {
  try {
    return JSON.parse(text) as { epoch: string; seq: number }
  } catch {
    return { epoch: '', seq: 0 }
  }
}

/** Writes what a snapshot tells, as if it had been projected: nothing is known of the way that led there. */
function begin(store: Store, target: Sqlite, stretch: Stretch): Told {
  const told = startOf(stretch)
  const { state, head } = told
  target.exec('update ticket set retained = 0 where retained = 1')
  const writes = [(it: Store): void => it.log.noteEpoch(head.epoch)]
  store.commit(head, {
    ...{ before: state, state, events: [], tickets: new Map(state.tickets.entries()), answers: [], writes },
  })
  store.catchUp(state)
  return told
}

function playTexts(store: Store, from: Told, texts: Iterable<string>, until: Head): Told {
  let told = from
  let written = from
  let events: StoredEvent[] = []
  let tickets = new Map<TicketId, Ticket>()
  const commit = (): void => {
    if (events.length === 0) return
    const { head } = store.commit(written.head, {
      ...{ before: written.state, state: told.state, events, tickets, answers: [], writes: [] },
    })
    if (head.hash !== told.head.hash) throw new Error(`Event ${head.seq} was not written as it was sent`)
    written = told
    events = []
    tickets = new Map()
  }
  for (const text of texts) {
    const next = follow(told, text, store.catalogues.shelf)
    if (next !== null && isBehind(next.head, until)) break
    if (next === null) {
      // Sent twice: the host dropped what it could not read, and fetched it again.
      if (isSeen(told, seqIn(text))) continue
      break
    }
    told = next
    events.push(next.event)
    const ticket = 'ticketId' in next.event ? next.state.tickets.get(next.event.ticketId) : undefined
    if (ticket !== undefined) tickets.set(ticket.facts.ticketId, ticket)
    if (events.length >= BATCH_EVENTS) commit()
  }
  commit()
  return told
}

/**
 * Plays what a host has kept into a new file, with the code that wrote it the first time: events byte for byte, tickets,
 * counter time, sums.
 * @param target - a second connection to the same file
 * @param until - the last event that is sure: nothing behind it is played
 * @throws when what is played does not lead there
 */
export function replay(store: Store, target: Sqlite, stretches: Iterable<Stretch>, until: Head): Told {
  let told: Told | null = null
  for (const stretch of stretches)
    told = playTexts(
      store,
      told !== null && isSeen(told, stretch.start) ? told : begin(store, target, stretch),
      stretch.texts,
      until,
    )
  if (told === null) throw new Error('There is nothing to play')
  if (told.head.hash !== until.hash) throw new Error(`What was kept does not lead to event ${until.seq}`)
  return told
}
