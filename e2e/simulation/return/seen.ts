// What thousands of branches and their cloud were seen to do once it was back.

export type Way = 'now' | 'history' | 'side' | 'shape'

export interface Asked {
  readonly way: Way
  readonly branch: number
  /** By the branches' time, since the cloud was back. */
  readonly atMs: number
  readonly endMs: number
  /** 0: nobody answered. */
  readonly status: number
  /** By the branches' time; null: it was not told to come again. */
  readonly toldMs: number | null
}

/** What of it was not as it must be. */
export interface Judged {
  readonly faults: readonly string[]
  readonly figures: Readonly<Record<string, number>>
}

export interface Expected {
  readonly branchCount: number
  /** No branch rests longer between two tries. */
  readonly longestPauseMs: number
  /** Uploads that the cloud takes in at once. */
  readonly historyPlaces: number
}

/** The last present is there after so many of the longest pauses: two minutes. */
const PAUSES_MAX = 3
/** In how many parts the first pause is cut to look for a stampede, and by how much one may be above their mean. */
const PARTS = 20
const CROWD_MAX = 4
/** An upload that was let in is seen from its first byte to its last: one comes while the one before goes. */
const PLACES_MAX = 2
/** Two clocks of one machine. */
const EARLY_MS = 20

const isLetIn = ({ status }: Asked): boolean => status === 200 || status === 409

function mostAtOnce(asked: readonly Asked[]): number {
  const marks = asked.flatMap(({ atMs, endMs }) => [
    { atMs, more: 1 },
    { atMs: endMs, more: -1 },
  ])
  let [now, most] = [0, 0]
  for (const { more } of marks.toSorted((a, b) => a.atMs - b.atMs || a.more - b.more)) {
    now += more
    most = Math.max(most, now)
  }
  return most
}

function countByPart(asked: readonly Asked[], partMs: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { atMs } of asked) {
    const part = Math.floor(atMs / partMs)
    counts.set(part, (counts.get(part) ?? 0) + 1)
  }
  return counts
}

const most = (counts: ReadonlyMap<number, number>): number => Math.max(0, ...counts.values())

/** For each branch when the cloud had heard how it is. */
function toldAt(asked: readonly Asked[]): ReadonlyMap<number, number> {
  const told = new Map<number, number>()
  for (const { way, branch, status, endMs } of asked)
    if (way === 'now' && status === 200 && !told.has(branch)) told.set(branch, endMs)
  return told
}

/** Who came again before it was told to. */
function tooEarly(asked: readonly Asked[]): number {
  const notBefore = new Map<string, number>()
  let count = 0
  for (const { way, branch, atMs, endMs, toldMs } of asked.toSorted((a, b) => a.atMs - b.atMs)) {
    // A branch follows two shapes by one address: of these nobody knows which was told.
    const name = `${way} ${branch}`
    if (way !== 'shape' && atMs + EARLY_MS < (notBefore.get(name) ?? 0)) count += 1
    if (toldMs !== null) notBefore.set(name, endMs + toldMs)
  }
  return count
}

export function judge(asked: readonly Asked[], { branchCount, longestPauseMs, historyPlaces }: Expected): Judged {
  const told = toldAt(asked)
  const lastMs = Math.max(0, ...told.values())
  const before = asked.filter((it) => it.way === 'history' && it.atMs < (told.get(it.branch) ?? Number.MAX_VALUE))
  const firstOfEach = new Map(
    asked
      .filter(({ way }) => way === 'now')
      .toReversed()
      .map((it) => [it.branch, it]),
  )
  const crowd = most(countByPart([...firstOfEach.values()], longestPauseMs / PARTS)) / (branchCount / PARTS)
  const uploadsAtOnce = mostAtOnce(asked.filter((it) => it.way === 'history' && isLetIn(it)))
  const early = tooEarly(asked)
  const strange = asked.filter((it) => !isLetIn(it) && it.status !== 503 && it.status !== 429)
  const faults = [
    told.size < branchCount && `${branchCount - told.size} branches never told how they are`,
    lastMs > PAUSES_MAX * longestPauseMs && `the last told how it is after ${Math.round(lastMs / 1_000)} s`,
    before.length > 0 && `${before.length} uploads came before how their branch is`,
    crowd > CROWD_MAX && `a stampede: ${crowd.toFixed(1)} times as many at once as there should be`,
    uploadsAtOnce > PLACES_MAX * historyPlaces && `${uploadsAtOnce} uploads were under way at once`,
    early > 0 && `${early} came again earlier than they were told`,
    strange.length > 0 &&
      `${strange.length} were answered ${[...new Set(strange.map(({ status }) => status))].join(', ')}`,
  ]
  const refused = (way: Way): number => asked.filter((it) => it.way === way && it.toldMs !== null).length
  return {
    faults: faults.filter((it) => it !== false),
    figures: {
      lastNowSeconds: lastMs / 1_000,
      medianNowSeconds: ([...told.values()].toSorted((a, b) => a - b)[Math.floor(told.size / 2)] ?? 0) / 1_000,
      requestsASecondMost: most(countByPart(asked, 1_000)),
      requests: asked.length,
      slowestSeconds: Math.max(0, ...asked.map(({ atMs, endMs }) => endMs - atMs)) / 1_000,
      crowd,
      uploadsAtOnce,
      refusedNow: refused('now'),
      refusedHistory: refused('history'),
      refusedSide: refused('side'),
      refusedShape: refused('shape'),
    },
  }
}
