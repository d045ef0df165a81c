import { emptyLearned } from '../../../shared/wait/learned.ts'
import { generatedDays, playDays } from './days.ts'
import { generatedLanes } from './generate.ts'
import { CHOOSING_DAYS } from './loss.ts'
import { newBranch, type PlayedDay } from './play.ts'
import { logPrivilegeMs, readLog } from './read-log.ts'
import { lanesOf } from './recorded.ts'
import { reportOf } from './report.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** Seeds that no constant was chosen on, and days of each, so that a branch learns for a while. */
const JUDGING_SEEDS = [301, 302, 303, 304, 305, 306] as const
const DAYS_OF_SEED = 30

const verdictOn = (played: readonly PlayedDay[], isLog: boolean): Verdict =>
  verdictOf(
    played.flatMap(({ judged }) => judged),
    played.flatMap(({ later }) => later),
    isLog,
  )

/** Days of several branches are different days, although each has a first one. */
const ofSeed = (seed: number, { judged, ...day }: PlayedDay): PlayedDay => ({
  ...day,
  judged: judged.map((one) => ({ ...one, day: `${seed} ${one.day}` })),
})

/**
 * Judges on days that no constant was chosen on: those of the log after the first ten, which the branch has learned
 * from, and fresh seeds, each from an empty memory on.
 * @returns every verdict, for `--strict`
 */
export function judge(log: string | null, refreshEvery: number): readonly Verdict[] {
  console.log(
    `Constants chosen on days 1–${CHOOSING_DAYS} of the log and seeds 100–119 (choose-constants.ts); judged on later days and seeds ${JUDGING_SEEDS.join(', ')}.`,
  )
  const verdicts: Verdict[] = []
  const tell = (title: string, verdict: Verdict): void => {
    verdicts.push(verdict)
    console.log(reportOf(title, verdict))
  }
  if (log !== null) {
    const days = readLog(log)
    const lanes = lanesOf(
      days.flatMap(({ visits }) => visits),
      logPrivilegeMs,
    )
    const played = playDays(newBranch(lanes, emptyLearned(), null, refreshEvery), days)
    tell(`Days ${CHOOSING_DAYS + 1}–${days.length} of the log`, verdictOn(played.slice(CHOOSING_DAYS), true))
  }
  for (const kind of ['ordinary', 'astray'] as const) {
    const played = JUDGING_SEEDS.flatMap((seed) =>
      playDays(
        newBranch(generatedLanes(), emptyLearned(), null, refreshEvery),
        generatedDays(DAYS_OF_SEED, seed, kind),
      ).map((day) => ofSeed(seed, day)),
    )
    tell(`${JUDGING_SEEDS.length} generated branches of ${DAYS_OF_SEED} days, ${kind}`, verdictOn(played, false))
  }
  return verdicts
}
