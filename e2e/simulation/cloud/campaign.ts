import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { LANE } from '../../../cloud-sync/testing/postgres-of-run.ts'
import type { StoryOptions, Told } from './story.ts'

/** Two tenants with two branches each, for so many days: one story. */
export const STORY: Omit<StoryOptions, 'seed'> = { tenants: 2, branchesEach: 2, days: 5 }
export const BRANCH_DAYS_EACH = STORY.tenants * STORY.branchesEach * STORY.days
/** Stories know nothing of each other: so many are told at once, each lane of them by a program and Postgres of its own. */
const LANES = 2

const PROGRAM = join(import.meta.dirname, 'lane-program.ts')

/** What a lane tells: each so-many-th story. */
export interface LaneOrders {
  /** Of the first story of all lanes. */
  readonly seed: number
  readonly storyCount: number
  readonly lane: number
  readonly laneCount: number
}

/** A story as it comes from its lane. */
export interface ToldBrief extends Omit<Told, 'counts'> {
  readonly counts: readonly (readonly [string, number])[]
}

interface Stories {
  readonly branchDays: number
  readonly eventCount: number
  readonly elapsedMs: number
  /** Of all of them. */
  readonly transcriptHash: string
  readonly counts: ReadonlyMap<string, number>
  /** One that failed; those after it are not told. */
  readonly failed: ToldBrief | null
}

/** @returns whether it came to its end */
async function runLane(orders: LaneOrders, running: Set<ChildProcess>, hear: (told: ToldBrief) => void) {
  // Young garbage of half a second is all of a story's: it need not be looked through so often.
  const words = ['--max-semi-space-size=32', PROGRAM, JSON.stringify(orders)]
  const env = { ...process.env, [LANE]: `simulation-${orders.lane}` }
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  createInterface(child.stdout).on('line', (line) => hear(JSON.parse(line) as ToldBrief))
  const [code] = await once(child, 'close')
  running.delete(child)
  return code === 0
}

/**
 * Tells stories until there were so many branch-days, each with the next seed.
 * @param seed - of the first
 */
export async function tellStories(branchDaysMin: number, seed: number, laneCountMax = LANES): Promise<Stories> {
  const storyCount = Math.ceil(branchDaysMin / BRANCH_DAYS_EACH)
  const laneCount = Math.min(laneCountMax, storyCount)
  const beganMs = performance.now()
  const told: ToldBrief[] = []
  const running = new Set<ChildProcess>()
  const hear = (next: ToldBrief): void => {
    told.push(next)
    if (next.faults.length > 0) for (const child of running) child.kill()
  }
  const lanes = Array.from({ length: laneCount }, (_, lane) =>
    runLane({ seed, storyCount, lane, laneCount }, running, hear),
  )
  const areWhole = (await Promise.all(lanes)).every(Boolean)
  told.sort((one, other) => one.seed - other.seed)
  const failed = told.find(({ faults }) => faults.length > 0) ?? null
  if (!areWhole && failed === null) throw new Error('A lane of stories did not come to its end')
  const transcripts = createHash('sha256')
  const counts = new Map<string, number>()
  let [branchDays, eventCount] = [0, 0]
  for (const story of told) {
    transcripts.update(story.transcriptHash)
    for (const [what, times] of story.counts) counts.set(what, (counts.get(what) ?? 0) + times)
    branchDays += story.branchDays
    eventCount += story.eventCount
  }
  const elapsedMs = performance.now() - beganMs
  return { branchDays, eventCount, elapsedMs, transcriptHash: transcripts.digest('hex'), counts, failed }
}
