import { foldVersionOf, mendedOf, type Reading } from './fold-step.ts'
import type { Trouble } from './folded.ts'
import { lengthOf, type Stretch, sharedPart } from './line.ts'

/** How far a branch's log was read, by which reading, and what was in the way. */
export interface Read {
  readonly reading: string
  readonly ord: number
  readonly line: readonly Stretch[]
  readonly trouble: Trouble
}

/**
 * Whether this reading, or what has come meanwhile, can make more of what was passed over. What is poison stays it: going
 * back for it at each release would take a branch's figures away and bring the same again.
 */
function canReadMore({ reading: name, trouble }: Read, reading: Reading, hasNewCatalogue: boolean): boolean {
  if (hasNewCatalogue && trouble.catalogues.length > 0) return true
  if (name === reading.name) return false
  return mendedOf(name) !== mendedOf(reading.name) || Object.keys(trouble.types).length > 0
}

/** Where what was read before is no longer so, or can be read better: back to there. @returns `ord`: it goes on from here */
export function placeToBegin(read: Read, line: readonly Stretch[], reading: Reading, hasNewCatalogue: boolean): number {
  const { trouble, ord } = read
  if (foldVersionOf(read.reading) < foldVersionOf(reading.name)) return 0
  const troubleOrd = trouble.ord !== null && canReadMore(read, reading, hasNewCatalogue) ? trouble.ord - 1 : ord
  return Math.min(ord, lengthOf(sharedPart(read.line, line)), troubleOrd)
}
