import { type ClockReading, keepTime } from '#shared/domain/clock.ts'
import type { Command, Origin } from '#shared/domain/commands.ts'
import { type Bookmark, startEpoch } from '#shared/domain/epoch.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { DeviceId, Epoch, EventSeq, TicketId } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import { NOT_YET } from '#shared/domain/refusals.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { BRANCH_ORIGIN, record, step } from '#shared/domain/step.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import { type Problem, problem, refusalToProblem } from '#shared/wire/problem.ts'
import type { JumpVerdict } from '../books/jump-book.ts'
import type { StoredAnswer } from '../store/answers.ts'
import type { Head } from '../store/event-log.ts'
import type { Store } from '../store/store.ts'
import { believedNumbers, hasSeenMore, isBeyond } from './bookmarks.ts'

/** What goes back to the one who asked: a status and JSON text, the same bytes again for a repeated key. */
export interface Reply {
  readonly status: number
  readonly body: string
}

/** What a command did, for building its answer; `state` is the draft right after it. */
export interface Done {
  readonly state: BranchState
  readonly events: readonly LogEvent[]
}

/** What is known when a command is decided: the committed store, and what this batch has answered before it. */
export interface Lookups {
  readonly store: Store
  /** The draft before this command. */
  readonly state: BranchState
  findAnswer(deviceId: DeviceId, key: string): StoredAnswer | null
}

/** Something asked of the branch. Several may share one commit; each is answered as if it were alone. */
export interface Ask {
  readonly origin: Origin
  /** The command, or how to make it from what the store knows at the moment of deciding. */
  readonly command: Command | ((lookups: Lookups) => Command)
  /** The answer to an accepted command. */
  readonly answer: (done: Done) => { readonly status: number; readonly body: unknown; readonly ticketId?: TicketId }
  /** The same key again gives the first answer again. */
  readonly idempotency: { readonly key: string; readonly requestHash: string } | null
  /** Where the asking device stands in the log. */
  readonly bookmark: Bookmark | null
  /** Further rows that become true with the command, only if it is accepted. */
  readonly writes?: (store: Store) => void
  /** Answers given ahead, for requests that may still be under way. */
  readonly answersAhead?: (done: Done) => readonly StoredAnswer[]
}

/** A reader shows where it stands; a log that is behind it begins a new epoch. */
export interface Presented {
  readonly bookmark: Bookmark
  readonly seen: SeenNumbers | null
  /** Asked only when the log is behind: whether the numbers may jump at this reader's word. Left out: they may. */
  readonly judge?: () => JumpVerdict
}

/** What a batch has come to so far; nothing of it is true before the commit. */
export interface Draft {
  state: BranchState
  readonly events: LogEvent[]
  readonly tickets: Map<TicketId, Ticket>
  readonly answers: Map<string, StoredAnswer>
  readonly writes: ((store: Store) => void)[]
}

const answerKey = (deviceId: DeviceId, key: string): string => `${deviceId} ${key}`

export const problemReply = (body: Problem): Reply => ({ status: body.status, body: JSON.stringify(body) })

/** To a reader that may go on. */
const NOTHING_TO_SAY: Reply = { status: 200, body: '{}' }

function take(
  draft: Draft,
  part: Pick<Draft, 'state'> & { events: readonly LogEvent[]; tickets: ReadonlyMap<TicketId, Ticket> },
): void {
  draft.state = part.state
  draft.events.push(...part.events)
  for (const [ticketId, ticket] of part.tickets) draft.tickets.set(ticketId, ticket)
}

/**
 * Decides one ask on the draft. A throw is a bug of ours and leaves the draft as it was.
 * @param head - of the committed log
 */
export function settle(draft: Draft, ask: Ask, store: Store, head: Head, reading: ClockReading): Reply {
  const lookups: Lookups = {
    store,
    state: draft.state,
    findAnswer: (deviceId, key) => draft.answers.get(answerKey(deviceId, key)) ?? store.answers.find(deviceId, key),
  }
  const { idempotency, origin } = ask
  if (idempotency !== null) {
    const first = lookups.findAnswer(origin.deviceId, idempotency.key)
    const isSame = first?.requestHash === null || first?.requestHash === idempotency.requestHash
    if (first !== null) return isSame ? first : problemReply(problem('IdempotencyKeyReused'))
  }
  if (ask.bookmark !== null && isBeyond(store.log, head, ask.bookmark)) return problemReply(problem('BookmarkAhead'))

  const command = typeof ask.command === 'function' ? ask.command(lookups) : ask.command
  const stepped = step(draft.state, command, origin, reading, store.catalogues.shelf)
  const { reply, ticketId, ahead } = answerTo(ask, stepped)
  take(draft, stepped)
  if (stepped.answer.ok && ask.writes !== undefined) draft.writes.push(ask.writes)
  for (const answer of ahead) draft.answers.set(answerKey(answer.deviceId, answer.key), answer)
  const isNotYet = !stepped.answer.ok && NOT_YET.has(stepped.answer.refusal.code)
  if (idempotency !== null && reply.status < 500 && !isNotYet) {
    const { key, requestHash } = idempotency
    const { status, body } = reply
    const answer: StoredAnswer = { deviceId: origin.deviceId, key, requestHash, status, body, ticketId }
    draft.answers.set(answerKey(origin.deviceId, idempotency.key), answer)
  }
  return reply
}

function answerTo(
  ask: Ask,
  { state, answer }: ReturnType<typeof step>,
): { reply: Reply; ticketId: TicketId | null; ahead: readonly StoredAnswer[] } {
  if (!answer.ok) return { reply: problemReply(refusalToProblem(answer.refusal)), ticketId: null, ahead: [] }
  const done: Done = { state, events: answer.value }
  const { status, body, ticketId } = ask.answer(done)
  return {
    reply: { status, body: JSON.stringify(body) },
    ticketId: ticketId ?? null,
    ahead: ask.answersAhead?.(done) ?? [],
  }
}

/** Begins a new epoch when the reader has seen what this log has lost, and is believed; otherwise changes nothing. */
export function settlePresented(
  draft: Draft,
  { bookmark, seen, judge }: Presented,
  store: Store,
  head: Head,
  reading: ClockReading,
  newEpoch: () => Epoch,
): Reply {
  const believed = believedNumbers(draft.state, seen, reading.wallMs)
  if (!isBeyond(store.log, head, bookmark) && !hasSeenMore(draft.state, believed)) return NOTHING_TO_SAY
  const verdict = judge?.() ?? 'jump'
  if (verdict === 'refused') return problemReply(problem('JumpsUsedUp'))
  if (verdict === 'unheard') return NOTHING_TO_SAY
  beginEpoch(draft, 'rewound', head, believed === null ? [] : [believed], reading, newEpoch(), store)
  draft.writes.push(() => store.log.noteEpoch(bookmark.epoch))
  return NOTHING_TO_SAY
}

/** Puts EpochStarted on the draft; the whole living state goes with it. */
export function beginEpoch(
  draft: Draft,
  reason: 'first-boot' | 'rewound' | 'salvaged',
  parent: Head | null,
  seen: readonly SeenNumbers[],
  reading: ClockReading,
  epoch: Epoch,
  store: Pick<Store, 'catalogues'>,
): void {
  const { now } = keepTime(draft.state, reading)
  const begun = startEpoch(draft.state, reason, parent, seen, now)
  take(
    draft,
    record({ ...draft.state, seq: 0 as EventSeq }, [begun], {
      epoch,
      now,
      actor: { kind: 'branch', id: BRANCH_ORIGIN.deviceId },
      shelf: store.catalogues.shelf,
    }),
  )
  // The carried tickets are rows of the new epoch, too.
  for (const [ticketId, ticket] of draft.state.tickets) draft.tickets.set(ticketId, ticket)
}
