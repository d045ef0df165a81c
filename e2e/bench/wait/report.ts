import { HALF_WIDTH_MAX } from './cells.ts'
import type { Score } from './score.ts'
import { cellIsOff, ROLLING_MEAN, type Verdict } from './verdict.ts'

const HEADINGS = [
  'rule',
  'MSE ÷ rolling',
  'RMSE s',
  'MAE s',
  'bias s',
  'pinball s',
  'interval s',
  'inside %',
  'above %',
] as const

function row(name: string, score: Score, rollingSquaredError: number): readonly string[] {
  return [
    name,
    (score.squaredError / rollingSquaredError).toFixed(3),
    Math.sqrt(score.squaredError).toFixed(1),
    score.absoluteError.toFixed(1),
    score.bias.toFixed(1),
    score.pinball.toFixed(1),
    score.interval.toFixed(0),
    (score.inside * 100).toFixed(1),
    (score.above * 100).toFixed(1),
  ]
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

/** One set of days for people: the table of all rules, the cells that are off, each goal. */
export function reportOf(title: string, verdict: Verdict): string {
  const { ours, rivals, cells, doubted, later, goals, toldCount, silentCount } = verdict
  const rolling = rivals.find(({ rival }) => rival === ROLLING_MEAN)?.score.squaredError ?? Number.NaN
  const rows = [HEADINGS, row('ours', ours, rolling), ...rivals.map(({ rival, score }) => row(rival, score, rolling))]
  const off = cells.filter(cellIsOff)
  return [
    `\n${title}: ${toldCount + silentCount} stayed and found somebody waiting; ${silentCount} of them were told nothing.`,
    aligned(rows),
    'The ranges of the other rules are lent: ours, learned around their own middle from their own misses.',
    `${cells.filter(({ isWellFilled }) => isWellFilled).length} of ${cells.length} cells of hour × queue length are well filled: their coverage is known to ±${HALF_WIDTH_MAX * 100} points. One in twenty of those may lie outside 70–90 % by chance.`,
    ...off
      .filter(({ isWellFilled }) => isWellFilled)
      .map(
        ({ hour, length, inside, count, dayCount, halfWidth, bias }) =>
          `Outside 70–90 %: ${hour} h, ${length} waiting: ${(inside * 100).toFixed(1)} % ± ${(halfWidth * 100).toFixed(1)} of ${count} on ${dayCount} days, bias ${bias.toFixed(0)} s.`,
      ),
    ...(later.count === 0
      ? []
      : [
          `Told again while they waited: ${later.count}, bias ${later.bias.toFixed(1)} s, inside ${(later.inside * 100).toFixed(1)} %, above ${(later.above * 100).toFixed(1)} %.`,
        ]),
    ...(doubted.count === 0
      ? []
      : [
          `Joined while a counter left people waiting: ${doubted.count}, bias ${doubted.bias.toFixed(1)} s, inside ${(doubted.inside * 100).toFixed(1)} %, above ${(doubted.above * 100).toFixed(1)} %.`,
        ]),
    ...goals.map(({ what, figure, isReached }) => `${isReached ? 'PASS' : 'MISS'}  ${what}: ${figure}`),
  ].join('\n')
}
