import type { Log } from '../../../branch-server/log.ts'
import type { CloudDoor } from '../../../branch-server/sync/cloud-door.ts'
import { createPresentSender, type PresentSender } from '../../../branch-server/sync/present-sender.ts'
import { LOOK_MS } from '../../../branch-server/sync/side-courier.ts'
import type { Pause } from '../../../branch-server/sync/within.ts'
import { presentOf } from '../../../cloud-sync/store/present-rows.ts'
import { askErasure, findSide } from '../../../cloud-sync/store/side.ts'
import type { TicketId } from '../../../shared/domain/ids.ts'
import type { PresentBody } from '../../../shared/wire/sync.ts'
import type { Box } from './box.ts'
import type { Luck } from './luck.ts'
import type { World } from './story.ts'
import type { Timeline } from './timeline.ts'

/** What a story tells of besides the log: notes on visits, how the branch is now, or nothing. */
export type Beside = 'nothing' | 'notes' | 'present'
export const BESIDES: readonly Beside[] = ['nothing', 'notes', 'present']

/**
 * Both are looked for every few seconds and told every minute, whatever happens: days of that would take longer than all
 * the rest. So until nothing is broken any more their time goes by so many times slower.
 */
const SLOWER_TIMES = 240
const HELD_MAX = 10_000

export interface SlowTime {
  monotonicMs(): number
  /** Slow where it is only looked whether there is something; a try after a failure comes when it would. */
  readonly pause: Pause
  /** How many times slower. */
  times(): number
  /** From now on it goes by as everywhere. */
  quicken(): void
}

export function openSlowTime(timeline: Timeline): SlowTime {
  let times = SLOWER_TIMES
  let quickenedAtMs = 0
  const looking = new Map<() => void, { readonly dueMs: number; takeBack: () => void }>()
  return {
    times: () => times,
    monotonicMs: () =>
      times === 1 ? quickenedAtMs / SLOWER_TIMES + timeline.nowMs() - quickenedAtMs : timeline.nowMs() / SLOWER_TIMES,
    pause(ms, signal) {
      if (ms !== LOOK_MS || times === 1) return timeline.pause(ms, signal)
      return new Promise((resolve) => {
        const end = (): void => {
          looking.get(end)?.takeBack()
          looking.delete(end)
          signal.removeEventListener('abort', end)
          resolve()
        }
        looking.set(end, { dueMs: timeline.nowMs() + ms, takeBack: timeline.after(ms * times, end) })
        signal.addEventListener('abort', end)
        if (signal.aborted) end()
      })
    },
    quicken() {
      times = 1
      quickenedAtMs = timeline.nowMs()
      for (const [end, look] of looking) {
        look.takeBack()
        look.takeBack = timeline.after(look.dueMs - timeline.nowMs(), end)
      }
    },
  }
}

/** Tells how the branch is now, in slow time. */
export function slowPresent(
  slow: SlowTime,
  parts: { readonly log: Log; readonly door: CloudDoor; readonly present: () => PresentBody | null },
): PresentSender {
  const sender = createPresentSender({ ...parts, monotonicMs: slow.monotonicMs })
  return { ...sender, dueInMs: () => sender.dueInMs() * slow.times() }
}

/** What of its notes must not be there any more. */
export interface NoteBook {
  readonly erased: Set<TicketId>
  /** Erased at the branch, which may be put back to before that. */
  readonly erasedHere: Set<TicketId>
  wasPutBack: boolean
  cloudWasPutBack: boolean
}

export const newNoteBook = (): NoteBook => ({
  erased: new Set(),
  erasedHere: new Set(),
  wasPutBack: false,
  cloudWasPutBack: false,
})

/** Somebody writes down something of a visit. Never twice of one: which of both an older disk holds nobody could say. */
export async function writeNote(box: Box, luck: Luck): Promise<void> {
  const { state, store } = box.waist().branch()
  const fresh = [...state.tickets.keys()].filter(
    (id) => store.notes.find(id) === null && !box.notes.erased.has(id) && !box.notes.erasedHere.has(id),
  )
  if (box.isCloned || box.notes.wasPutBack || fresh.length === 0) return
  const ticketId = luck.pick(fresh)
  await box.write(({ notes }) => notes.put(ticketId, `${box.name} says ${luck.between(0, 1_000_000)}`, state.now.atMs))
}

const heldBy = (box: Box): readonly TicketId[] =>
  box
    .waist()
    .branch()
    .store.side.held('', HELD_MAX)
    .map(({ ticketId }) => ticketId)

/** A visitor wants to be forgotten, and says so at the branch or to head office. */
export async function eraseNote({ database, timeline }: World, box: Box, luck: Luck): Promise<void> {
  const isHere = luck.happens(0.5)
  const held = heldBy(box)
  if (box.isCloned || held.length === 0) return
  const ticketId = luck.pick(held)
  if (isHere) {
    if (await box.write(({ notes }) => notes.erase(ticketId))) box.notes.erasedHere.add(ticketId)
    return
  }
  await timeline.during(askErasure(database, box.identity, ticketId))
  box.notes.erased.add(ticketId)
}

/** An older copy of the cloud is put back: what only head office wanted erased it has forgotten, and people ask again. */
export function forgetAsked(box: Box): void {
  box.notes.cloudWasPutBack = true
  for (const ticketId of heldBy(box)) box.notes.erased.delete(ticketId)
}

const textOfCloud = async ({ database }: World, { identity }: Box, ticketId: TicketId): Promise<string | null> =>
  (await findSide(database, identity, ticketId))?.note?.text ?? null

/** What the cloud holds beside the log is what the branch does, and what was erased at either is nowhere. */
export async function* noteFaults(world: World, box: Box): AsyncGenerator<string> {
  const { name, identity, notes: book } = box
  const { notes, side } = box.waist().branch().store
  if (side.untold(1).length > 0) yield `${name}: notes are not told two minutes after all is well`
  const held = new Set(heldBy(box))
  for (const ticketId of held) {
    const [here, there] = [notes.find(ticketId)?.text ?? null, await textOfCloud(world, box, ticketId)]
    if (here !== there) yield `${name}: the cloud has of ${ticketId} the note ${there} instead of ${here}`
  }
  const rows = await world.database.asTenant(identity.tenantId, (db) =>
    db.query<{ id: TicketId }>(
      `select ticket_id as id from side_row where branch_id = $1 union select ticket_id from side_key where branch_id = $1`,
      [identity.branchId],
    ),
  )
  const there = new Set(rows.map(({ id }) => id))
  // Older copies on both sides: neither knows what was erased after them.
  const isErasureKnown = !(book.wasPutBack && book.cloudWasPutBack)
  for (const ticketId of isErasureKnown ? [...book.erased, ...book.erasedHere] : [])
    if (held.has(ticketId) || there.has(ticketId))
      yield `${name}: the cloud or the branch holds what was erased of ${ticketId}`
  // A branch that was put back may have forgotten what it wrote; the cloud keeps it.
  for (const ticketId of there)
    if (!held.has(ticketId) && !book.wasPutBack)
      yield `${name}: the cloud holds of ${ticketId} what the branch does not`
}

/** Head office sees the branch as it is. */
export async function* presentFaults({ database }: World, box: Box): AsyncGenerator<string> {
  const { epoch, seq } = box.waist().branch().head
  const present = (await presentOf(database, box.identity))?.present
  if (present?.epoch !== epoch || present.seq !== seq)
    yield `${box.name}: the cloud sees it at ${present?.epoch} ${present?.seq} instead of ${epoch} ${seq}`
}
