/**
 * A line through what was seen, corrected with each new outcome: recursive least squares. It holds the coefficients
 * and the inverse of the (fading) sum of squares, a square of as many rows; it never grows.
 */
export interface Line {
  readonly coefficients: number[]
  /** Row by row. */
  readonly inverse: number[]
  count: number
}

/** How much of the past each outcome keeps: about the last 1 / (1 − KEPT) outcomes speak. */
const KEPT = 0.9998
/** The first guess counts as much as one outcome of this weight in each feature. */
const FIRST_GUESS_WEIGHT = 10

/** @param firstGuess - the coefficients to begin with, one for each feature */
export function newLine(firstGuess: readonly number[]): Line {
  const size = firstGuess.length
  const inverse = Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 / FIRST_GUESS_WEIGHT : 0))
  return { coefficients: [...firstGuess], inverse, count: 0 }
}

export function valueAt({ coefficients }: Line, features: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < coefficients.length; at++) sum += (coefficients[at] ?? 0) * (features[at] ?? 0)
  return sum
}

/**
 * Corrects the line by one outcome.
 * @param weight - above 0 and at most 1: less for outcomes that scatter more
 * @param errorMax - a larger miss counts as this, so that one strange hour cannot bend the line
 */
export function correct(line: Line, features: readonly number[], outcome: number, weight: number, errorMax: number) {
  const size = line.coefficients.length
  const { inverse, coefficients } = line
  const turned = new Float64Array(size)
  let spread = 0
  for (let row = 0; row < size; row++) {
    let sum = 0
    for (let column = 0; column < size; column++) sum += (inverse[row * size + column] ?? 0) * (features[column] ?? 0)
    turned[row] = sum
    spread += sum * (features[row] ?? 0)
  }
  const scale = KEPT / weight + spread
  const error = Math.min(errorMax, Math.max(-errorMax, outcome - valueAt(line, features)))
  for (let row = 0; row < size; row++) {
    const gain = (turned[row] ?? 0) / scale
    coefficients[row] = (coefficients[row] ?? 0) + gain * error
    for (let column = 0; column < size; column++) {
      const at = row * size + column
      inverse[at] = ((inverse[at] ?? 0) - gain * (turned[column] ?? 0)) / KEPT
    }
  }
  // What is never seen again must not fade for ever: the diagonal would overflow in some months.
  for (let at = 0; at < size * size; at += size + 1)
    if ((inverse[at] ?? 0) > INVERSE_MAX) resetRow(line, at / (size + 1))
  line.count += 1
}

const INVERSE_MAX = 10

function resetRow({ inverse, coefficients: { length: size } }: Line, row: number): void {
  for (let other = 0; other < size; other++) {
    inverse[row * size + other] = 0
    inverse[other * size + row] = 0
  }
  inverse[row * size + row] = 1 / FIRST_GUESS_WEIGHT
}
