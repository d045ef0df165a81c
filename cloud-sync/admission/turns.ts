/** So many work at once, the others in the order in which they came. Pure. */
export interface Turns {
  /** Settles when it is one's turn. */
  take(): Promise<void>
  /** Only where it is one's turn now. @returns whether it was */
  takeNow(): boolean
  /** Whoever is next may begin. */
  give(): void
}

/** @param atOnceMax - who else waits is bounded by whoever lets them come this far */
export function createTurns(atOnceMax: number): Turns {
  let working = 0
  const waiting: (() => void)[] = []
  function takeNow(): boolean {
    if (working >= atOnceMax) return false
    working += 1
    return true
  }
  return {
    takeNow,
    take: () => (takeNow() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    give() {
      const next = waiting.shift()
      if (next === undefined) working -= 1
      else next()
    },
  }
}
