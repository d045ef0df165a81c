import { askFor } from '../../../shared/wait/estimate.ts'
import { type Happening, type Learned, learn } from '../../../shared/wait/learned.ts'
import type { WaitRange } from '../../../shared/wait/measured.ts'
import { firstInOrder, type SceneLane } from '../../../shared/wait/scene.ts'
import { type Floor, openFloor } from './floor.ts'
import { laneIdOf, type RecordedDay, type Visit } from './recorded.ts'
import { type Rival, type RivalsOfDay, startRivals } from './rivals.ts'

/** One who joined and found somebody waiting: what each rule said then, and what came of it. */
export interface Judged {
  readonly day: string
  readonly hour: number
  /** How many waited when they joined. */
  readonly waitingCount: number
  readonly waitMs: number
  /** null: nothing was said. */
  readonly ours: WaitRange | null
  readonly rivals: Readonly<Record<Rival, number>>
}

/** Faults on purpose, to see the goals missed: `peek` learns each wait when the customer joins. */
export type Plant = 'none' | 'peek' | 'blind to breaks'

const DAY_MS = 86_400_000

type Moment = {
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

interface PlayedDay {
  readonly floor: Floor
  readonly rivals: RivalsOfDay
  readonly tell: (happening: HappeningBody, atMs: number) => void
}
type HappeningBody = Happening extends infer Each
  ? Each extends Happening
    ? Omit<Each, 'nowMs' | 'dayMs'>
    : never
  : never

function endWait({ floor, rivals, tell }: PlayedDay, visit: Visit, atMs: number): void {
  const { id: ticketId, serviceId } = visit
  const waitMs = atMs - visit.joinedMs
  if (!visit.isServed) {
    floor.leave(visit)
    tell({ type: 'left', ticketId, serviceId, waitMs }, atMs)
    return
  }
  const turnMs = floor.call(visit, atMs)
  rivals.called(waitMs, atMs)
  tell({ type: 'called', ticketId, serviceId, waitMs }, atMs)
  if (turnMs !== null) tell({ type: 'turned', turnMs }, atMs)
}

/**
 * Plays one recorded day in the order of time. Whoever joins is told a wait from what is known at that moment, and
 * `learned` learns from each thing when it happens, never before.
 */
export function playDay(
  day: RecordedDay,
  dayAt: number,
  lanes: readonly SceneLane[],
  known: Map<string, Set<string>>,
  learned: Learned,
  plant: Plant = 'none',
): readonly Judged[] {
  const dayStartMs = (dayAt + 1) * DAY_MS
  const floor = openFloor(lanes, day.shifts, known)
  const rivals = startRivals()
  const judged: Judged[] = []
  const tell = (happening: HappeningBody, atMs: number): void =>
    learn(learned, { ...happening, nowMs: dayStartMs + atMs, dayMs: atMs } as Happening)
  const played = { floor, rivals, tell }
  for (const { atMs, kind, visit } of momentsOf(day.visits)) {
    if (kind === 'finish') {
      floor.finish(visit, atMs)
      rivals.finished(atMs)
      tell({ type: 'finished', serviceId: visit.serviceId, takenMs: atMs - visit.endedWaitMs }, atMs)
    } else if (kind === 'end-wait') endWait(played, visit, atMs)
    else {
      const waitingCount = floor.waiting.size
      const scene = sceneFor(floor, atMs, dayStartMs, plant)
      const laneId = laneIdOf(visit.serviceId, visit.priority)
      const lane = lanes.findIndex(({ id }) => id === laneId)
      const joinedMs = scene.nowMs
      const orderMs = joinedMs - (lanes[lane]?.privilegeMs ?? 0)
      const place = { lane, ticketId: null, joinedMs, orderMs }
      const ours = askFor(learned, scene, firstInOrder, place, visit.id, dayAt * 100_003 + judged.length)
      tell(
        { type: 'looked', openCount: scene.counters.filter(({ breakSinceMs }) => breakSinceMs === null).length },
        atMs,
      )
      tell({ type: 'joined', laneId }, atMs)
      const waitMs = visit.endedWaitMs - visit.joinedMs
      if (visit.isServed && waitingCount > 0) {
        const headMs = atMs - Math.min(...[...floor.waiting.values()].map((other) => other.joinedMs))
        const hour = Math.floor(atMs / 3_600_000) % 24
        judged.push({
          day: day.name,
          hour,
          waitingCount,
          waitMs, features: learned.asked[visit.id]?.features,
          ours,
          rivals: rivals.guess(waitingCount, headMs, atMs),
        })
      }
      floor.join(visit)
      if (waitMs === 0) endWait(played, visit, atMs)
    }
  }
  tell({ type: 'day-ended' }, DAY_MS - 1)
  return judged
}

function sceneFor(floor: Floor, atMs: number, dayStartMs: number, plant: Plant) {
  const scene = floor.sceneAt(atMs, dayStartMs)
  if (plant !== 'blind to breaks') return scene
  return { ...scene, counters: scene.counters.map((counter) => ({ ...counter, breakSinceMs: null })) }
}
