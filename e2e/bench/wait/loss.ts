import { emptyLearned } from '../../../shared/wait/learned.ts'
import { generatedDays, playDays } from './days.ts'
import { generatedLanes } from './generate.ts'
import { newBranch, type PlayedDay } from './play.ts'
import { logPrivilegeMs, readLog } from './read-log.ts'
import { lanesOf } from './recorded.ts'
import { ROLLING_MEAN, type Verdict, verdictOf } from './verdict.ts'

/** Days 1–10 of a log, and these seeds, may be looked at while constants are chosen; no other days. */
export const CHOOSING_DAYS = 10
const CHOOSING_SEEDS = Array.from({ length: 20 }, (_, at) => 100 + at)
const DAYS_OF_SEED = 8

const verdictOn = (played: readonly PlayedDay[], isLog: boolean): Verdict =>
  verdictOf(
    played.flatMap(({ judged }) => judged),
    [],
    isLog,
  )

/** How far off the coverage of well-filled cells lies from 80 %: the root of the mean square. */
function cellError({ cells }: Verdict): number {
  const full = cells.filter(({ isWellFilled }) => isWellFilled)
  return Math.sqrt(full.reduce((sum, { inside }) => sum + (inside - 0.8) ** 2, 0) / Math.max(1, full.length))
}

/** The three figures' pinball loss against the rolling mean's, made worse by uneven coverage. */
function lossOf(verdict: Verdict): number {
  const rolling = verdict.rivals.find(({ rival }) => rival === ROLLING_MEAN)?.score.pinball ?? Number.NaN
  return (verdict.ours.pinball / rolling) * (1 + cellError(verdict))
}

/** What constants are chosen by: the smaller, the better. @param log - its first ten days are played, no further one */
function choosingLoss(log: string): { readonly log: number; readonly generated: number; readonly loss: number } {
  const days = readLog(log).slice(0, CHOOSING_DAYS)
  const lanes = lanesOf(
    days.flatMap(({ visits }) => visits),
    logPrivilegeMs,
  )
  const ofLog = lossOf(verdictOn(playDays(newBranch(lanes, emptyLearned(), null, 0), days), true))
  const played = CHOOSING_SEEDS.flatMap((seed) =>
    playDays(
      newBranch(generatedLanes(), emptyLearned(), null, 0),
      generatedDays(DAYS_OF_SEED, seed, seed % 4 === 0 ? 'astray' : 'ordinary'),
    ).map((day) => ({ ...day, judged: day.judged.map((one) => ({ ...one, day: `${seed} ${one.day}` })) })),
  )
  const ofGenerated = lossOf(verdictOn(played, false))
  return { log: ofLog, generated: ofGenerated, loss: Math.sqrt(ofLog * ofGenerated) }
}

if (import.meta.main) console.log(JSON.stringify(choosingLoss(process.argv[2] ?? '')))
