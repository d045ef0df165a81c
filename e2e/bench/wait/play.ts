import { doubtedLanes } from '../../../shared/wait/absence.ts'
import { lookAt } from '../../../shared/wait/branch-happenings.ts'
import { askFor, refresh } from '../../../shared/wait/estimate.ts'
import { type Happening, learn } from '../../../shared/wait/learn.ts'
import type { Learned } from '../../../shared/wait/learned.ts'
import type { WaitRange } from '../../../shared/wait/measured.ts'
import { firstInOrder, type Scene, type SceneLane } from '../../../shared/wait/scene.ts'
import { type Floor, openFloor } from './floor.ts'
import { laneIdOf, type RecordedDay, type Visit } from './recorded.ts'
import {
  type Joining,
  type LentRanges,
  lendRanges,
  RIVALS,
  type Rival,
  type RivalsOfDay,
  startRivals,
} from './rivals.ts'

/** One who joined and found somebody waiting: what each rule said then, and what came of it. */
export interface Judged {
  readonly day: string
  readonly hour: number
  /** How many waited when they joined. */
  readonly waitingCount: number
  readonly waitMs: number
  /** A counter of theirs left people waiting just then. */
  readonly isDoubted: boolean
  /** null: nothing was said. */
  readonly ours: WaitRange | null
  readonly rivals: Readonly<Record<Rival, WaitRange>>
}

/** What was said to somebody who stood in line already, and how long it was from then on. */
export interface JudgedLater {
  readonly told: WaitRange
  readonly leftMs: number
}

/**
 * Faults on purpose, to see the figures betray them. `peek`: each wait is learned when the customer joins. `no breaks`:
 * a counter on its break is taken for a free one. `prompt`: an idle counter is taken for one that calls at once.
 */
export const PLANTS = ['peek', 'no breaks', 'prompt'] as const
export type Plant = (typeof PLANTS)[number] | null

/** One branch over many days: what it has learned goes from day to day. */
export interface Branch {
  readonly lanes: readonly SceneLane[]
  readonly learned: Learned
  /** What agents were seen to serve on earlier days, where the log does not tell. */
  readonly known: Map<string, Set<string>>
  readonly lent: LentRanges
  readonly plant: Plant
  /** Every so many who join, all who wait are told again; 0: never. */
  readonly refreshEvery: number
}

export const newBranch = (
  lanes: readonly SceneLane[],
  learned: Learned,
  plant: Plant,
  refreshEvery: number,
): Branch => ({
  lanes,
  learned,
  known: new Map(),
  lent: lendRanges(),
  plant,
  refreshEvery,
})

export interface PlayedDay {
  /** What everybody was told who joined, in the order of joining. */
  readonly told: readonly (WaitRange | null)[]
  readonly judged: readonly Judged[]
  readonly later: readonly JudgedLater[]
}

const DAY_MS = 86_400_000

interface Moment {
  readonly atMs: number
  readonly order: number
  readonly kind: 'join' | 'end-wait' | 'finish'
  readonly visit: Visit
}

/** In the order of time; at one instant counters are freed, then people are called or go, then others join. */
function momentsOf(visits: readonly Visit[]): readonly Moment[] {
  const moments = visits.flatMap((visit): Moment[] => [
    { atMs: visit.joinedMs, order: 2, kind: 'join', visit },
    ...(visit.endedWaitMs > visit.joinedMs
      ? [{ atMs: visit.endedWaitMs, order: 1, kind: 'end-wait', visit } as const]
      : []),
    ...(visit.isServed ? [{ atMs: visit.finishedMs, order: 0, kind: 'finish', visit } as const] : []),
  ])
  return moments.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)
}

type Body<Each> = Each extends Happening ? Omit<Each, 'nowMs' | 'dayMs'> : never

/** A day while it is played. */
interface Playing {
  readonly branch: Branch
  readonly dayAt: number
  readonly dayStartMs: number
  readonly floor: Floor
  readonly rivals: RivalsOfDay
  readonly notes: Map<string, Note>
  readonly laterNotes: Map<string, { readonly told: WaitRange; readonly atMs: number }>
  readonly told: (WaitRange | null)[]
  readonly judged: Judged[]
  readonly later: JudgedLater[]
  /** Since when each counter that was last seen on a break is on it. */
  readonly onBreakMs: Map<string, number>
  /** The counters that were open at the last look; null where the log does not tell. */
  openIds: ReadonlySet<string> | null
  joinCount: number
}

interface Note {
  readonly judged: Omit<Judged, 'waitMs'>
  readonly effects: Readonly<Record<Rival, readonly string[]>>
}

function tell({ branch, dayStartMs }: Playing, body: Body<Happening>, atMs: number): void {
  learn(branch.learned, { ...body, nowMs: dayStartMs + atMs, dayMs: atMs } as Happening)
}

/** Somebody is called or goes: now, and not before, what was said can be judged and learned from. */
function endWait(playing: Playing, visit: Visit, atMs: number): void {
  const { floor, rivals, notes, laterNotes, branch } = playing
  const { id: ticketId, serviceId } = visit
  const waitMs = atMs - visit.joinedMs
  const note = notes.get(ticketId)
  const laterNote = laterNotes.get(ticketId)
  notes.delete(ticketId)
  laterNotes.delete(ticketId)
  if (!visit.isServed) {
    floor.leave(visit)
    tell(playing, { type: 'left', ticketId, serviceId, waitMs }, atMs)
    return
  }
  if (laterNote !== undefined) playing.later.push({ told: laterNote.told, leftMs: atMs - laterNote.atMs })
  if (note !== undefined) {
    playing.judged.push({ ...note.judged, waitMs })
    for (const rival of RIVALS) branch.lent.learn(rival, note.judged.rivals[rival], note.effects[rival], waitMs)
  }
  floor.call(visit, atMs)
  rivals.called(serviceId, waitMs, atMs)
  tell(playing, { type: 'called', ticketId, serviceId, counterId: visit.counterId, waitMs }, atMs)
}

function joiningOf({ floor }: Playing, { serviceId }: Visit, atMs: number): Joining {
  const all = [...floor.waiting.values()]
  const seen = (visits: readonly Visit[]) => ({
    waitingCount: visits.length,
    headMs: visits.reduce((longest, { joinedMs }) => Math.max(longest, atMs - joinedMs), 0),
  })
  return { nowMs: atMs, serviceId, branch: seen(all), service: seen(all.filter((it) => it.serviceId === serviceId)) }
}

function noteWhatIsSaid(playing: Playing, visit: Visit, ours: WaitRange | null, isDoubted: boolean): void {
  const atMs = visit.joinedMs
  const { branch, rivals, notes, dayAt } = playing
  const joining = joiningOf(playing, visit, atMs)
  const says = rivals.says(joining)
  const lent = RIVALS.map((rival) => [rival, branch.lent.around(rival, says[rival], joining, atMs)] as const)
  notes.set(visit.id, {
    judged: {
      day: String(dayAt + 1),
      hour: Math.floor(atMs / 3_600_000) % 24,
      waitingCount: joining.branch.waitingCount,
      isDoubted,
      ours,
      rivals: Object.fromEntries(lent.map(([rival, { range }]) => [rival, range])) as Record<Rival, WaitRange>,
    },
    effects: Object.fromEntries(lent.map(([rival, { effects }]) => [rival, effects])) as Record<Rival, string[]>,
  })
}

function noteCounters(playing: Playing, { counters, nowMs }: Scene, atMs: number): void {
  const { openIds } = playing
  if (openIds !== null) {
    for (const { id, busy } of counters)
      if (!openIds.has(id) && busy === null) tell(playing, { type: 'counter-opened', counterId: id }, atMs)
    playing.openIds = new Set(counters.map(({ id }) => id))
  }
  for (const { id, breakSinceMs } of counters) {
    const sinceMs = playing.onBreakMs.get(id)
    if (breakSinceMs !== null) {
      if (sinceMs === undefined) tell(playing, { type: 'break-started', counterId: id }, atMs)
      playing.onBreakMs.set(id, breakSinceMs)
    }
    if (breakSinceMs === null && sinceMs !== undefined) {
      playing.onBreakMs.delete(id)
      tell(playing, { type: 'break-ended', counterId: id, breakMs: nowMs - sinceMs }, atMs)
    }
  }
}

function join(playing: Playing, visit: Visit, atMs: number): void {
  const { branch, floor, dayStartMs, laterNotes } = playing
  const { lanes, learned, plant } = branch
  const laneId = laneIdOf(visit.serviceId, visit.priority)
  const lane = lanes.findIndex(({ id }) => id === laneId)
  const scene = seenBy(plant, floor.sceneAt(atMs, dayStartMs))
  const orderMs = scene.nowMs - (lanes[lane]?.privilegeMs ?? 0)
  const place = { lane, ticketId: null, joinedMs: scene.nowMs, orderMs }
  const seed = playing.dayAt * 100_003 + playing.joinCount++
  const isDoubted = doubtedLanes(scene, learned)[lane] === true
  const asked = plant === 'prompt' ? { ...learned, freeSinceMs: {} } : learned
  const ours = askFor(asked, scene, firstInOrder, place, visit.id, seed)
  playing.told.push(ours)
  if (branch.refreshEvery > 0 && playing.joinCount % branch.refreshEvery === 0)
    for (const [ticketId, told] of refresh(learned, scene, firstInOrder, [], seed).waiting)
      if (!laterNotes.has(ticketId)) laterNotes.set(ticketId, { told, atMs })
  noteCounters(playing, scene, atMs)
  learn(learned, lookAt(scene))
  tell(playing, { type: 'joined', laneId }, atMs)
  if (floor.waiting.size > 0) noteWhatIsSaid(playing, visit, ours, isDoubted)
  const { id: ticketId, serviceId, counterId, endedWaitMs, joinedMs } = visit
  if (plant === 'peek' && visit.isServed)
    tell(playing, { type: 'called', ticketId, serviceId, counterId, waitMs: endedWaitMs - joinedMs }, endedWaitMs)
  floor.join(visit)
  if (endedWaitMs === joinedMs) endWait(playing, visit, atMs)
}

/**
 * Plays one recorded day in the order of time. Whoever joins is told a wait from what is known at that moment; the
 * branch learns from each thing when it happens, never before.
 */
export function playDay(branch: Branch, day: RecordedDay, dayAt: number): PlayedDay {
  const playing: Playing = {
    branch,
    dayAt,
    dayStartMs: (dayAt + 1) * DAY_MS,
    floor: openFloor(branch.lanes, day.shifts, branch.known),
    rivals: startRivals(),
    notes: new Map(),
    laterNotes: new Map(),
    told: [],
    judged: [],
    later: [],
    onBreakMs: new Map(),
    openIds: day.shifts === null ? null : new Set(),
    joinCount: 0,
  }
  for (const { atMs, kind, visit } of momentsOf(day.visits)) {
    if (kind === 'join') join(playing, visit, atMs)
    else if (kind === 'end-wait') endWait(playing, visit, atMs)
    else {
      playing.floor.finish(visit, atMs)
      playing.rivals.finished(visit.serviceId, atMs)
      const { serviceId, counterId, endedWaitMs } = visit
      tell(playing, { type: 'finished', serviceId, counterId, takenMs: atMs - endedWaitMs }, atMs)
    }
  }
  tell(playing, { type: 'day-ended' }, DAY_MS - 1)
  return playing
}

const seenBy = (plant: Plant, scene: Scene): Scene =>
  plant === 'no breaks'
    ? { ...scene, counters: scene.counters.map((counter) => ({ ...counter, breakSinceMs: null })) }
    : scene
