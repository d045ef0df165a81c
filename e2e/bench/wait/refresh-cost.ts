import { refresh } from '../../../shared/wait/estimate.ts'
import { learn } from '../../../shared/wait/learn.ts'
import { emptyLearned } from '../../../shared/wait/learned.ts'
import { firstInOrder, type Scene } from '../../../shared/wait/scene.ts'
import { short } from '../figures.ts'

const WAITING = 200
const COUNTERS = 10
const ROUNDS = 60
const MINUTE_MS = 60_000
const NOW_MS = 100 * 3_600_000
const DAY_MS = 10 * 3_600_000

/** A full hall: two hundred people wait in four lanes for ten counters, some of which serve half of the lanes. */
function fullHall(waitingCount: number): Scene {
  const lanes = ['cash', 'accounts', 'loans', 'cards'].map((serviceId, lane) => ({
    id: `${serviceId} ordinary`,
    serviceId,
    isPaused: false,
    privilegeMs: 0,
    tickets: Array.from({ length: waitingCount / 4 }, (_, at) => {
      const joinedMs = NOW_MS - (waitingCount - at * 4 - lane) * 10_000
      return { id: `${serviceId} ${at}`, joinedMs, orderMs: joinedMs }
    }),
  }))
  const counters = Array.from({ length: COUNTERS }, (_, at) => ({
    id: `counter ${at}`,
    lanes: at % 2 === 0 ? [0, 1, 2, 3] : [at % 4, (at + 1) % 4],
    busy: { serviceId: 'cash', sinceMs: NOW_MS - at * 20_000 },
    breakSinceMs: null,
  }))
  return { nowMs: NOW_MS, dayMs: DAY_MS, lanes, counters }
}

/** What one refresh of everything costs, beside what the same run takes to write and read the same hall as JSON. */
export function refreshCost(): string {
  const learned = emptyLearned()
  const scene = fullHall(WAITING)
  for (let at = 0; at < 400; at++) {
    const atMs = NOW_MS - (400 - at) * MINUTE_MS
    const { id: laneId, serviceId } = scene.lanes[at % 4] ?? { id: '', serviceId: '' }
    learn(learned, { type: 'joined', laneId, nowMs: atMs, dayMs: DAY_MS })
    learn(learned, {
      type: 'finished',
      counterId: 'one',
      serviceId,
      takenMs: (1 + (at % 7)) * MINUTE_MS,
      nowMs: atMs,
      dayMs: DAY_MS,
    })
    learn(learned, {
      type: 'called',
      counterId: 'one',
      ticketId: '',
      serviceId,
      waitMs: at * 1_000,
      nowMs: atMs,
      dayMs: DAY_MS,
    })
  }
  const joiners = scene.lanes.map((_, lane) => ({ lane, ticketId: null, joinedMs: NOW_MS, orderMs: NOW_MS }))
  const refreshMs = medianOf((at) => refresh(learned, scene, firstInOrder, joiners, at))
  const jsonMs = medianOf(() => JSON.parse(JSON.stringify(scene)))
  return `One refresh of ${WAITING} waiting at ${COUNTERS} counters: ${short(refreshMs)} ms, ${short(refreshMs / jsonMs)} times the hall through JSON (${short(jsonMs)} ms).`
}

/** The median of many rounds, in milliseconds; the first ones warm up. */
function medianOf(work: (at: number) => unknown): number {
  const took: number[] = []
  for (let at = 0; at < ROUNDS; at++) {
    const startMs = performance.now()
    work(at)
    if (at >= ROUNDS / 3) took.push(performance.now() - startMs)
  }
  return took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0
}
