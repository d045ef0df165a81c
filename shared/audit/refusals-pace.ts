/** Refusals of one kind that are written in a minute; whoever tries doors all day must not fill the book. */
const NOTED_MAX = 60
/** Of these from one address, so that it alone cannot hide what others try at the same door. */
const NOTED_OF_ADDRESS_MAX = 20
const WINDOW_MS = 60_000
/** Beyond these all others are counted as one kind. */
const KINDS_MAX = 200
const ALL_OTHERS = ''

interface Kind {
  noted: number
  /** Left out since one was written. */
  skipped: number
  readonly ofAddress: Map<string, number>
}

export interface RefusalsPace {
  /**
   * @param kind - its code, and whose book it is for where there are several: one kind never hides another
   * @returns null: this one is not written, only counted; else how many of its kind were left out before it
   */
  next(kind: string, address: string): number | null
}

/** @param nowMs - where it is set back, a new minute begins */
export function createRefusalsPace(nowMs: () => number): RefusalsPace {
  const kinds = new Map<string, Kind>()
  let windowStartsMs = Number.NEGATIVE_INFINITY

  /** What was left out is still to be told with the next of its kind. */
  function beginWindow(): void {
    windowStartsMs = nowMs()
    for (const [name, kind] of kinds) {
      if (kind.skipped === 0) kinds.delete(name)
      kind.noted = 0
      kind.ofAddress.clear()
    }
  }

  function kindOf(name: string): Kind {
    const key = kinds.has(name) || kinds.size < KINDS_MAX ? name : ALL_OTHERS
    const kind = kinds.get(key) ?? { noted: 0, skipped: 0, ofAddress: new Map() }
    kinds.set(key, kind)
    return kind
  }

  return {
    next(name, address) {
      const sinceMs = nowMs() - windowStartsMs
      if (sinceMs >= WINDOW_MS || sinceMs < 0) beginWindow()
      const kind = kindOf(name)
      const ofAddress = kind.ofAddress.get(address) ?? 0
      if (kind.noted >= NOTED_MAX || ofAddress >= NOTED_OF_ADDRESS_MAX) {
        kind.skipped += 1
        return null
      }
      kind.noted += 1
      kind.ofAddress.set(address, ofAddress + 1)
      const before = kind.skipped
      kind.skipped = 0
      return before
    },
  }
}
