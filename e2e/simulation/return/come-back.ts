import { setTimeout as wait } from 'node:timers/promises'
import type { AdmissionLimits } from '../../../cloud-sync/plugins/admission.ts'
import { openDatabase } from '../../../cloud-sync/store/database.ts'
import { silent } from '../../../cloud-sync/testing/test-database.ts'
import { openLuck } from '../cloud/luck.ts'
import { type Capacity, openBusyCloud } from './busy-cloud.ts'
import { type ManyClock, openManyClock } from './clock.ts'
import { startCloudBeside } from './cloud-beside.ts'
import { addBranches, startBranch } from './many-branches.ts'
import { type Asked, type Judged, judge, type Way } from './seen.ts'
import { tellHistory } from './told-history.ts'

export interface ComingBack {
  readonly administratorUrl: string
  readonly branchCount: number
  /** That each has to bring. */
  readonly eventCount: number
  readonly seed: number
  /** null: as the cloud comes. */
  readonly admission: AdmissionLimits | null
  /** null: in our own time, each branch by connections of its own, and what comes down is followed, too. */
  readonly capacity: Capacity | null
  readonly onProgress: (what: string) => void
}

export interface CameBack extends Judged {
  /** Seconds until a tenth, a half and all of what was behind was there. */
  readonly progressSeconds: readonly (number | null)[]
}

/** As long as it takes until everybody rests as long as anybody does; what follows in three days is the same again. */
const OUTAGE_MS = 2 * 60_000
const OUTAGE_GRAIN_MS = 100
const GRAIN_MS = 2
/** The longest pause of a branch's back-off. */
const LONGEST_PAUSE_MS = 40_000
const PLACES = 32
const LOOK_MS = 1_000
const TOLD_MS = 10_000
/** Whatever is not there by then is at fault. */
const PATIENCE_MS = 2 * 3_600_000
const PARTS = [0.1, 0.5, 1]
const TURNS = 2
/** Longer than any request takes. */
const CALM_MS = 60_000

const WAYS: Readonly<Record<string, Way>> = {
  ...{ now: 'now', events: 'history', catalogues: 'history', side: 'side', shape: 'shape' },
}
const wayOf = (url: URL): Way => WAYS[url.pathname.split('/').at(-1) ?? ''] ?? 'side'
/** An address of this machine for each, so that each has connections of its own. */
const addressOf = (index: number): string => `127.${(index >> 16) + 1}.${(index >> 8) & 255}.${index & 255 || 1}`

interface Behind {
  readonly fetch: typeof globalThis.fetch
  urlOf(index: number): string
  readonly wallMs: () => number
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** The cloud as it is behind its line: in simulated time, or in our own. */
async function openBehind(parts: ComingBack, clock: ManyClock): Promise<Behind> {
  const { administratorUrl, admission, capacity } = parts
  if (capacity === null) {
    const cloud = await startCloudBeside({ administratorUrl, admission })
    const urlOf = (index: number): string => `http://${addressOf(index)}:${cloud.port}`
    return { fetch, urlOf, wallMs: Date.now, pass: (ms) => wait(ms), close: cloud.close }
  }
  const database = await openDatabase({ administratorUrl, log: silent })
  const cloud = await openBusyCloud(database, clock, capacity, admission)
  return {
    fetch: cloud.fetch,
    urlOf: () => 'http://cloud',
    wallMs: cloud.nowMs,
    pass: (ms) => clock.pass(ms, GRAIN_MS, cloud.rest),
    async close() {
      await cloud.close()
      await database.close()
    },
  }
}

const quietTurns = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Branches that have lost their cloud for days, and find it again in one moment. */
export async function comeBack(parts: ComingBack): Promise<CameBack> {
  const { administratorUrl, branchCount, eventCount, onProgress } = parts
  const database = await openDatabase({ administratorUrl, log: silent })
  const branches = await addBranches(database, branchCount)
  await database.close()
  const history = tellHistory(eventCount)
  const clock = openManyClock()
  const behind = await openBehind(parts, clock)
  const ending = new AbortController()
  const asked: Asked[] = []
  let backAtMs: number | null = null

  const lineOf =
    (branch: number): typeof fetch =>
    async (input, init) => {
      if (backAtMs === null) throw new Error('Nobody is there')
      const sinceMs = backAtMs
      const [way, atMs] = [wayOf(input as URL), clock.nowMs() - sinceMs]
      const note = (status: number, toldMs: number | null): void =>
        void asked.push({ way, branch, atMs, endMs: clock.nowMs() - sinceMs, status, toldMs })
      try {
        const answer = await behind.fetch(input, init)
        const again = answer.headers.get('retry-after')
        note(answer.status, again === null ? null : Number(again) * 1_000)
        return answer
      } catch (error) {
        if (init?.signal?.aborted !== true) note(0, null)
        throw error
      }
    }
  const uploaders = branches.map((branch, index) =>
    startBranch({
      ...{ branch, history, clock, wallMs: behind.wallMs, ending: ending.signal, fetch: lineOf(index) },
      ...{ random: openLuck(parts.seed, `branch ${index}`).draw, isFollowing: parts.capacity === null },
      cloudUrl: behind.urlOf(index),
    }),
  )
  await clock.pass(OUTAGE_MS, OUTAGE_GRAIN_MS, quietTurns)
  onProgress(`${branchCount} branches have lost their cloud, ${history.bodies.length} events each`)
  backAtMs = clock.nowMs()
  if (parts.capacity === null) clock.goOn()

  const all = branchCount * history.bodies.length
  const progress = new Map<number, number>()
  let left = all
  for (let sinceMs = 0; left > 0 && sinceMs < PATIENCE_MS; sinceMs = clock.nowMs() - backAtMs) {
    await behind.pass(LOOK_MS)
    left = uploaders.reduce((sum, uploader) => sum + uploader.status().behind, 0)
    for (const part of PARTS)
      if (!progress.has(part) && all - left >= part * all - 1) progress.set(part, (clock.nowMs() - backAtMs) / 1_000)
    if (sinceMs % TOLD_MS < LOOK_MS) onProgress(`${Math.round(sinceMs / 1_000)} s: ${all - left} of ${all} events`)
  }
  ending.abort()
  // What is under way comes to its end: the cloud waits for it.
  if (parts.capacity !== null) await behind.pass(CALM_MS)
  await behind.close()
  const { faults, figures } = judge(asked, {
    branchCount,
    longestPauseMs: LONGEST_PAUSE_MS,
    historyPlaces: parts.admission?.historyPlaces ?? PLACES,
  })
  return {
    faults: left > 0 ? [...faults, `${left} events are not there`] : faults,
    figures,
    progressSeconds: PARTS.map((part) => progress.get(part) ?? null),
  }
}
