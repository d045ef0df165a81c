import { createHash } from 'node:crypto'
import { openDatabase } from '../../../cloud-sync/store/database.ts'
import { silent } from '../../../cloud-sync/testing/test-database.ts'
import { type StoryOptions, type Told, tellStory } from './story.ts'

/** Two tenants with two branches each, for so many days: one story. */
const STORY: Omit<StoryOptions, 'seed'> = { tenants: 2, branchesEach: 2, days: 5 }
export const BRANCH_DAYS_EACH = STORY.tenants * STORY.branchesEach * STORY.days

interface Stories {
  readonly branchDays: number
  readonly eventCount: number
  readonly elapsedMs: number
  /** Of all of them. */
  readonly transcriptHash: string
  readonly counts: ReadonlyMap<string, number>
  /** The first that failed; the others after it are not told. */
  readonly failed: Told | null
}

/**
 * Tells stories until there were so many branch-days, each with the next seed.
 * @param administratorUrl - of a Postgres of which nobody else knows
 * @param seed - of the first
 */
export async function tellStories(administratorUrl: string, branchDaysMin: number, seed: number): Promise<Stories> {
  const database = await openDatabase({ administratorUrl, log: silent })
  const counts = new Map<string, number>()
  const transcripts = createHash('sha256')
  const beganMs = performance.now()
  let [branchDays, eventCount] = [0, 0]
  let failed: Told | null = null
  try {
    while (branchDays < branchDaysMin && failed === null) {
      const next = seed + branchDays / BRANCH_DAYS_EACH
      const told = await tellStory(database, administratorUrl, { ...STORY, seed: next })
      transcripts.update(told.transcriptHash)
      for (const [what, times] of told.counts) counts.set(what, (counts.get(what) ?? 0) + times)
      branchDays += told.branchDays
      eventCount += told.eventCount
      if (told.faults.length > 0) failed = told
    }
  } finally {
    await database.close()
  }
  const elapsedMs = performance.now() - beganMs
  return { branchDays, eventCount, elapsedMs, transcriptHash: transcripts.digest('hex'), counts, failed }
}
