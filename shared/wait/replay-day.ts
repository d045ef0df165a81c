import type { Heads, Rules, SceneCounter, SceneLane } from './scene.ts'

/** One who came on a recorded or planned day. All times in milliseconds on one clock. */
export interface DayVisit {
  readonly id: string
  /** Place in the day's lanes. */
  readonly lane: number
  readonly joinedMs: number
  /** How long a counter is taken, from the call on. */
  readonly takenMs: number
  /** Gives up after so long; Infinity: stays. */
  readonly patienceMs: number
}

export interface DayCounter {
  readonly id: string
  /** Places in the day's lanes, in the counter's own order. */
  readonly lanes: readonly number[]
  readonly opensMs: number
  /** After this nobody is called; who is there is served to the end. */
  readonly closesMs: number
  /** A break begins when whoever is served has gone. */
  readonly breaks: readonly { readonly fromMs: number; readonly toMs: number }[]
}

export interface Day {
  readonly lanes: readonly SceneLane[]
  readonly visits: readonly DayVisit[]
  readonly counters: readonly DayCounter[]
}

/** What became of one visit. */
export interface DayOutcome {
  readonly visit: DayVisit
  readonly waitMs: number
  /** null: gave up, or nobody was there any more. */
  readonly counterId: string | null
}

/** What is changed about a day: a counter more, or one less. */
export type DayChange =
  | { readonly type: 'counter-added'; readonly counter: DayCounter }
  | { readonly type: 'counter-removed'; readonly ids: readonly string[] }

export interface DayFigures {
  readonly servedCount: number
  /** Gave up, or was not called any more. */
  readonly leftCount: number
  /** Waited to the end and was not called: with one counter less these are who pays for it. */
  readonly notCalledCount: number
  readonly calledIds: ReadonlySet<string>
  /** Of those who are compared; who was not called has waited up to the end, at least. 0 when there are none. */
  readonly meanWaitMs: number
  readonly p90WaitMs: number
  /** Of those who are compared: called within the target. */
  readonly withinTargetShare: number
}

/** More visits than this are not one day. */
export const VISITS_MAX = 20_000

interface Desk {
  readonly counter: DayCounter
  readonly seen: SceneCounter
  freeMs: number
}

/** When a counter that is free at an instant may call; Infinity: it has closed. */
function callsFromMs({ opensMs, closesMs, breaks }: DayCounter, atMs: number): number {
  let fromMs = Math.max(atMs, opensMs)
  for (const pause of breaks) if (fromMs >= pause.fromMs && fromMs < pause.toMs) fromMs = pause.toMs
  return fromMs >= closesMs ? Number.POSITIVE_INFINITY : fromMs
}

interface Playing {
  /** By lane, in the order of joining. */
  readonly queues: { readonly visits: DayVisit[]; head: number }[]
  readonly heads: Heads
  readonly outcomes: DayOutcome[]
}

function refreshHeads({ lanes }: Day, { queues, heads, outcomes }: Playing, atMs: number): void {
  for (const [at, queue] of queues.entries()) {
    let visit = queue.visits[queue.head]
    while (visit !== undefined && visit.joinedMs + visit.patienceMs <= atMs) {
      outcomes.push({ visit, waitMs: visit.patienceMs, counterId: null })
      visit = queue.visits[++queue.head]
    }
    const isHere = visit !== undefined && visit.joinedMs <= atMs
    heads.joinedMs[at] = isHere && visit !== undefined ? visit.joinedMs : Number.POSITIVE_INFINITY
    heads.orderMs[at] = (heads.joinedMs[at] ?? 0) - (lanes[at]?.privilegeMs ?? 0)
    heads.waitingCounts[at] = isHere ? countHere(queue.visits, queue.head, atMs) : 0
  }
}

function countHere(visits: readonly DayVisit[], head: number, atMs: number): number {
  let at = head
  while (at < visits.length && (visits[at]?.joinedMs ?? 0) <= atMs) at += 1
  return at - head
}

/** When the next one joins whom a counter may take, after an instant; Infinity: nobody comes. */
function nextJoinMs(queues: Playing['queues'], lanes: readonly number[], atMs: number): number {
  let soonestMs = Number.POSITIVE_INFINITY
  for (const lane of lanes) {
    const { visits = [], head = 0 } = queues[lane] ?? {}
    const next = visits[head + countHere(visits, head, atMs)]
    if (next !== undefined) soonestMs = Math.min(soonestMs, next.joinedMs)
  }
  return soonestMs
}

/**
 * Plays a day by the live rules: who came, when, how long each took and how long each would have stayed are given.
 * @throws RangeError when there are more visits than one day has
 */
export function playOut(day: Day, rules: Rules): readonly DayOutcome[] {
  if (day.visits.length > VISITS_MAX) throw new RangeError(`A day has at most ${VISITS_MAX} visits`)
  const count = day.lanes.length
  const queues = day.lanes.map((_, lane) => ({
    visits: day.visits.filter((visit) => visit.lane === lane).toSorted((a, b) => a.joinedMs - b.joinedMs),
    head: 0,
  }))
  const heads = {
    orderMs: new Float64Array(count),
    joinedMs: new Float64Array(count),
    waitingCounts: new Int32Array(count),
  }
  const playing: Playing = { queues, heads, outcomes: [] }
  const desks = day.counters.map((counter): Desk => {
    const seen = { id: counter.id, lanes: counter.lanes, busy: null, breakSinceMs: null }
    return { counter, seen, freeMs: callsFromMs(counter, counter.opensMs) }
  })
  while (takeTurn(day, rules, playing, desks));
  // Whoever is still there when the last counter has closed goes home.
  for (const { visits, head } of queues)
    for (const visit of visits.slice(head)) {
      const waitMs = Math.min(visit.patienceMs, Math.max(0, lastCloseMs(day) - visit.joinedMs))
      playing.outcomes.push({ visit, waitMs, counterId: null })
    }
  return playing.outcomes
}

const lastCloseMs = ({ counters }: Day): number => Math.max(0, ...counters.map(({ closesMs }) => closesMs))

function takeTurn(day: Day, rules: Rules, playing: Playing, desks: readonly Desk[]): boolean {
  let desk: Desk | undefined
  for (const other of desks) if (other.freeMs < (desk?.freeMs ?? Number.POSITIVE_INFINITY)) desk = other
  if (desk === undefined) return false
  const atMs = desk.freeMs
  refreshHeads(day, playing, atMs)
  const queue = playing.queues[rules(desk.seen, playing.heads, atMs)]
  const visit = queue?.visits[queue.head]
  if (queue === undefined || visit === undefined) {
    const nextMs = nextJoinMs(playing.queues, desk.counter.lanes, atMs)
    desk.freeMs = nextMs === Number.POSITIVE_INFINITY ? nextMs : callsFromMs(desk.counter, nextMs)
    return true
  }
  queue.head += 1
  playing.outcomes.push({ visit, waitMs: atMs - visit.joinedMs, counterId: desk.counter.id })
  desk.freeMs = callsFromMs(desk.counter, atMs + Math.max(1, visit.takenMs))
  return true
}

/**
 * A recorded day as it would have gone with one counter more or less; null as the change: as it was.
 * @param targetMs - the wait that was promised
 * @param compared - whose waits are told: those who were called as it was, so that both days speak of the same people,
 * and one that reaches fewer does not look shorter for it; left out: those who are called here
 */
export function replayDay(
  day: Day,
  rules: Rules,
  change: DayChange | null,
  targetMs: number,
  compared?: ReadonlySet<string>,
): DayFigures {
  const outcomes = playOut({ ...day, counters: changed(day.counters, change) }, rules)
  const called = outcomes.filter(({ counterId }) => counterId !== null)
  const calledIds = new Set(called.map(({ visit }) => visit.id))
  const among = compared ?? calledIds
  const told = outcomes.filter(({ visit }) => among.has(visit.id))
  const waits = told.map(({ waitMs }) => waitMs).toSorted((a, b) => a - b)
  const withinCount = told.filter(({ counterId, waitMs }) => counterId !== null && waitMs <= targetMs).length
  return {
    servedCount: called.length,
    leftCount: outcomes.length - called.length,
    notCalledCount: outcomes.filter(({ counterId, waitMs, visit }) => counterId === null && waitMs < visit.patienceMs)
      .length,
    calledIds,
    meanWaitMs: waits.length === 0 ? 0 : waits.reduce((sum, waitMs) => sum + waitMs, 0) / waits.length,
    p90WaitMs: waits[Math.min(waits.length - 1, Math.ceil(waits.length * 0.9) - 1)] ?? 0,
    withinTargetShare: told.length === 0 ? 1 : withinCount / told.length,
  }
}

function changed(counters: readonly DayCounter[], change: DayChange | null): readonly DayCounter[] {
  if (change === null) return counters
  return change.type === 'counter-added'
    ? [...counters, change.counter]
    : counters.filter(({ id }) => !change.ids.includes(id))
}
