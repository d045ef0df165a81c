import type { Pause } from '../../../branch-server/sync/within.ts'

/**
 * The time of many branches at once. It is simulated, and stands still until all that it set going has come to rest; from
 * `goOn` on it is our own.
 */
export interface ManyClock {
  /** Since the cloud was lost. */
  nowMs(): number
  readonly pause: Pause
  /**
   * Lets so much time go by.
   * @param grainMs - what is due within so much of each other happens at once
   * @param rest - settles when nothing is under way any more
   */
  pass(ms: number, grainMs: number, rest: () => Promise<void>): Promise<void>
  goOn(): void
}

interface Due {
  readonly atMs: number
  readonly end: () => void
  isOver: boolean
}

export function openManyClock(): ManyClock {
  let simulatedMs = 0
  let goesOnSinceMs: number | null = null
  const waiting = new Set<Due>()
  /** Those of `waiting` that are due in the time that goes by now, by the grain. */
  let slots = new Map<number, Due[]>()
  let grain = Number.POSITIVE_INFINITY
  const nowMs = (): number => (goesOnSinceMs === null ? simulatedMs : simulatedMs + performance.now() - goesOnSinceMs)

  function sortIn(due: Due): void {
    const slot = Math.max(Math.ceil(due.atMs / grain), Math.floor(simulatedMs / grain))
    const others = slots.get(slot)
    if (others === undefined) slots.set(slot, [due])
    else others.push(due)
  }

  return {
    nowMs,
    pause: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        let timer: NodeJS.Timeout | undefined
        const due: Due = {
          atMs: nowMs() + ms,
          isOver: false,
          end() {
            if (due.isOver) return
            due.isOver = true
            waiting.delete(due)
            clearTimeout(timer)
            signal.removeEventListener('abort', due.end)
            resolve()
          },
        }
        signal.addEventListener('abort', due.end)
        if (goesOnSinceMs !== null) timer = setTimeout(due.end, ms)
        else {
          waiting.add(due)
          if (grain < Number.POSITIVE_INFINITY) sortIn(due)
        }
      }),
    async pass(ms, grainMs, rest) {
      const untilMs = simulatedMs + ms
      ;[grain, slots] = [grainMs, new Map()]
      for (const due of waiting) sortIn(due)
      for (let slot = Math.floor(simulatedMs / grain); slot * grain <= untilMs; slot += 1) {
        simulatedMs = Math.max(simulatedMs, slot * grain)
        for (let due = slots.get(slot); due !== undefined; due = slots.get(slot)) {
          slots.delete(slot)
          for (const { end } of due) end()
          await rest()
        }
      }
      simulatedMs = untilMs
      grain = Number.POSITIVE_INFINITY
    },
    goOn() {
      goesOnSinceMs = performance.now()
      for (const due of waiting) setTimeout(due.end, Math.max(0, due.atMs - simulatedMs))
    },
  }
}
