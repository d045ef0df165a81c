import { emptyLearned } from '../../../shared/wait/learned.ts'
import { measuredError } from '../../../shared/wait/measured.ts'
import { generatedDays, playDays } from './days.ts'
import { type DayKind, generatedLanes } from './generate.ts'
import { judge } from './judge.ts'
import { newBranch, PLANTS, type Plant, type PlayedDay } from './play.ts'
import { logPrivilegeMs, readLog } from './read-log.ts'
import { lanesOf, type RecordedDay } from './recorded.ts'
import { refreshCost } from './refresh-cost.ts'
import { reportOf } from './report.ts'
import { type Verdict, verdictOf } from './verdict.ts'

const USAGE =
  'usage: npm run bench -- wait [--log FILE] [--days N] [--seed S] [--astray] [--strict]\n   or: npm run bench -- wait --judge [--log FILE] [--strict]'
const DAYS = 60
const SEED = 1
/** While days are played, all who wait are told again whenever so many more have joined. */
const REFRESH_EVERY = 20

interface Asked {
  readonly log: string | null
  readonly days: number
  readonly seed: number
  /** Agents go astray on the generated days. */
  readonly kind: DayKind
  /** On days that no constant was chosen on. */
  readonly isJudging: boolean
  readonly isStrict: boolean
  readonly plant: Plant
}

/** @throws Error that says what was not understood */
function read(words: readonly string[], plantName: string | undefined): Asked {
  const known = ['--log', '--days', '--seed']
  const values = new Map<string, string>()
  for (let at = 0; at < words.length; at++) {
    const [name = '', value] = [words[at], words[at + 1]]
    if (['--strict', '--astray', '--judge'].includes(name)) continue
    if (!known.includes(name) || value === undefined) throw new Error(`"${name}" was not understood. ${USAGE}`)
    values.set(name, value)
    at += 1
  }
  const count = (name: string, otherwise: number): number => {
    const value = Number(values.get(name) ?? otherwise)
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} takes a whole number from 1 on. ${USAGE}`)
    return value
  }
  const plant = PLANTS.find((name) => name === plantName) ?? null
  return {
    log: values.get('--log') ?? null,
    days: count('--days', DAYS),
    seed: count('--seed', SEED),
    kind: words.includes('--astray') ? 'astray' : 'ordinary',
    isJudging: words.includes('--judge'),
    isStrict: words.includes('--strict'),
    plant,
  }
}

const exitCodeOf = (verdicts: readonly Verdict[], isStrict: boolean): number =>
  isStrict && verdicts.some(({ goals }) => goals.some(({ isReached }) => !isReached)) ? 1 : 0

const verdictOn = (played: readonly PlayedDay[], isLog: boolean): Verdict =>
  verdictOf(
    played.flatMap(({ judged }) => judged),
    played.flatMap(({ later }) => later),
    isLog,
  )

/**
 * The bench of the waiting range: generated days, or a real log, and what each rule would have said.
 * @returns 0, or 1 when `--strict` was asked for and a goal is missed, or 2 when the words were not understood
 */
export function runWait(words: readonly string[], plantName: string | undefined): number {
  let asked: Asked
  let days: readonly RecordedDay[]
  try {
    asked = read(words, plantName)
    if (asked.isJudging) return exitCodeOf(judge(asked.log, REFRESH_EVERY), asked.isStrict)
    days = asked.log === null ? generatedDays(asked.days, asked.seed, asked.kind) : readLog(asked.log)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 2
  }
  const isLog = asked.log !== null
  const lanes = isLog
    ? lanesOf(
        days.flatMap(({ visits }) => visits),
        logPrivilegeMs,
      )
    : generatedLanes()
  const learned = emptyLearned()
  const played = playDays(newBranch(lanes, learned, asked.plant, REFRESH_EVERY), days)
  const half = Math.ceil(days.length / 2)
  const whole = verdictOn(played, isLog)
  if (days.length > 1) {
    console.log(reportOf(`Days 1–${half}`, verdictOn(played.slice(0, half), isLog)))
    console.log(reportOf(`Days ${half + 1}–${days.length}`, verdictOn(played.slice(half), isLog)))
  }
  console.log(reportOf(`All ${days.length} days, from an empty memory on`, whole))
  const own = measuredError(learned.measured)
  if (own !== null)
    console.log(
      `\nThe branch's own count, over all it told: ${own.count}, bias ${(own.biasMs / 1_000).toFixed(1)} s, inside ${(own.insideShare * 100).toFixed(1)} %, above ${(own.aboveShare * 100).toFixed(1)} %.`,
    )
  console.log(`What it has learned is ${Math.round(JSON.stringify(learned).length / 1_024)} KiB of JSON.`)
  console.log(refreshCost())
  return exitCodeOf([whole], asked.isStrict)
}
