/** So many work at once, the others in the order in which they came. Pure. */
export interface Turns {
  /** Settles when it is one's turn. */
  take(): Promise<void>
  /** Whoever is next may begin. */
  give(): void
}

/** @param atOnceMax - who else waits is bounded by whoever lets them come this far */
export function createTurns(atOnceMax: number): Turns {
  let working = 0
  const waiting: (() => void)[] = []
  return {
    take() {
      if (working < atOnceMax) {
        working += 1
        return Promise.resolve()
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    give() {
      const next = waiting.shift()
      if (next === undefined) working -= 1
      else next()
    },
  }
}
