import { type Cell, cellsOf } from './cells.ts'
import type { Judged, JudgedLater } from './play.ts'
import { RIVALS } from './rivals.ts'
import { type Said, type Score, scoreOf } from './score.ts'

/** One goal, and whether these days reached it. */
export interface Goal {
  readonly what: string
  readonly figure: string
  readonly isReached: boolean
}

export interface Verdict {
  readonly toldCount: number
  /** Found somebody waiting and stayed, but nothing was said to them. */
  readonly silentCount: number
  readonly ours: Score
  /** Each rule's score on the same people. */
  readonly rivals: readonly { readonly rival: string; readonly score: Score }[]
  readonly cells: readonly Cell[]
  /** Of those who joined while a counter left people waiting. */
  readonly doubted: Score
  readonly later: Score
  readonly goals: readonly Goal[]
}

export const ROLLING_MEAN = 'rolling mean, 60 min (branch)'
const RATIO_MAX = 0.7
const INSIDE = [0.78, 0.82] as const
const CELL_INSIDE = [0.7, 0.9] as const
const ABOVE = [0.08, 0.12] as const
const BIAS_MAX_S = 5

const isWithin = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

export const cellIsOff = ({ inside }: Cell): boolean => !isWithin(inside, CELL_INSIDE)

/** @param isLog - a real log has one goal more, the bias, and is compared with the rolling mean of the whole branch */
export function verdictOf(judged: readonly Judged[], later: readonly JudgedLater[], isLog: boolean): Verdict {
  const told = judged.flatMap(({ ours, ...one }) => (ours === null ? [] : [{ ...one, told: ours }]))
  const ours = scoreOf(told)
  const rivals = RIVALS.map((rival) => {
    const said = told.map((one): Said => ({ told: one.rivals[rival], waitMs: one.waitMs }))
    return { rival, score: scoreOf(said) }
  })
  const cells = cellsOf(told)
  return {
    toldCount: told.length,
    silentCount: judged.length - told.length,
    ours,
    rivals,
    cells,
    doubted: scoreOf(told.filter(({ isDoubted }) => isDoubted)),
    later: scoreOf(later.map(({ told: range, leftMs }) => ({ told: range, waitMs: leftMs }))),
    goals: goalsOf(ours, rivals, cells, isLog),
  }
}

function goalsOf(ours: Score, rivals: Verdict['rivals'], cells: readonly Cell[], isLog: boolean): readonly Goal[] {
  const rolling = rivals.filter(({ rival }) => (isLog ? rival === ROLLING_MEAN : rival.startsWith('rolling mean')))
  const strongest = Math.min(...rolling.map(({ score }) => score.squaredError))
  const ratio = ours.squaredError / strongest
  const best = Math.min(...rivals.map(({ score }) => score.squaredError))
  const full = cells.filter(({ isWellFilled }) => isWellFilled)
  const off = full.filter(cellIsOff)
  const goals: Goal[] = [
    {
      what: `squared error at most ${RATIO_MAX} of ${isLog ? 'the rolling mean' : 'the best rolling mean'}`,
      figure: ratio.toFixed(3),
      isReached: ratio <= RATIO_MAX,
    },
    {
      what: 'squared error under every other rule',
      figure: `${(ours.squaredError / best).toFixed(3)} of the best`,
      isReached: ours.squaredError < best,
    },
    { what: 'inside the range: 78–82 %', figure: percent(ours.inside), isReached: isWithin(ours.inside, INSIDE) },
    {
      what: 'inside the range in each well-filled cell: 70–90 %',
      figure: `${full.length - off.length} of ${full.length} cells`,
      isReached: off.length === 0,
    },
    {
      what: 'longer than the high figure: 8–12 %',
      figure: percent(ours.above),
      isReached: isWithin(ours.above, ABOVE),
    },
  ]
  if (isLog)
    goals.push({
      what: `bias within ±${BIAS_MAX_S} s`,
      figure: `${ours.bias.toFixed(1)} s`,
      isReached: Math.abs(ours.bias) <= BIAS_MAX_S,
    })
  return goals
}
