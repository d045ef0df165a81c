/** An epoch of a branch's log as it is held. */
export interface HeldEpoch {
  readonly epoch: string
  readonly parentEpoch: string | null
  readonly parentSeq: number | null
  readonly ackedSeq: number
}

/** A stretch of one epoch from its first event: `upTo` is the last of it. */
export interface Stretch {
  readonly epoch: string
  readonly upTo: number
}

/**
 * The events that make up a branch's history, as far as they are held. The newest epoch that nobody goes on from is the
 * branch as it is; what an epoch before it has beyond the place it was left at, a restored branch knows nothing of: that
 * is kept, and is no part of its history. Whatever order the uploads came in, the line is the same once they are here.
 * @param epochs - in the order in which they were first heard of
 */
export function lineOf(epochs: readonly HeldEpoch[]): readonly Stretch[] {
  const byName = new Map(epochs.map((held) => [held.epoch, held]))
  const goneOnFrom = new Set(epochs.map(({ parentEpoch }) => parentEpoch))
  let held = epochs.findLast(({ epoch }) => !goneOnFrom.has(epoch)) ?? epochs.at(-1)
  const line: Stretch[] = []
  const seen = new Set<string>()
  let upTo = held?.ackedSeq ?? 0
  while (held !== undefined && !seen.has(held.epoch)) {
    seen.add(held.epoch)
    line.unshift({ epoch: held.epoch, upTo })
    const { parentEpoch, parentSeq } = held
    held = parentEpoch === null ? undefined : byName.get(parentEpoch)
    upTo = Math.min(held?.ackedSeq ?? 0, parentSeq ?? 0)
  }
  return line.filter((stretch) => stretch.upTo > 0)
}

/** How much of what was read is the beginning of the line still. */
export function sharedPart(read: readonly Stretch[], line: readonly Stretch[]): readonly Stretch[] {
  const shared: Stretch[] = []
  for (const [index, { epoch, upTo }] of read.entries()) {
    const there = line[index]
    if (there?.epoch !== epoch) break
    const both = Math.min(upTo, there.upTo)
    shared.push({ epoch, upTo: both })
    // Read beyond, or left before the place where the line leaves it.
    if (both < upTo || (both < there.upTo && index < read.length - 1)) break
  }
  return shared
}

export const lengthOf = (line: readonly Stretch[]): number => line.reduce((sum, { upTo }) => sum + upTo, 0)

/** What comes next of the line, in stretches of one epoch each: after `from`, up to `to`. */
export function restOf(
  read: readonly Stretch[],
  line: readonly Stretch[],
): readonly { readonly epoch: string; readonly from: number; readonly to: number }[] {
  return line
    .map(({ epoch, upTo }, index) => ({ epoch, from: read[index]?.upTo ?? 0, to: upTo }))
    .filter(({ from, to }) => from < to)
}
