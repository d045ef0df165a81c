import { vi } from 'vitest'

/** Time that goes by as soon as everybody waits for it. */
export interface VirtualTime {
  nowMs(): number
  /** Ends early, and well, when the signal says so. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  /** While it is under way, time stands still. */
  during<Result>(work: () => Promise<Result>): Promise<Result>
  /** Lets time go by until something is so. @returns whether it ever was */
  until(isSo: () => boolean, ms: number): Promise<boolean>
  end(): void
}

/** Turns of the machine in which whoever can go on does. */
const TURNS = 8

/** @param startMs - the date that the process has from now on, until `end` */
export function openVirtualTime(startMs: number): VirtualTime {
  vi.useFakeTimers({ toFake: ['Date'], now: startMs })
  let nowMs = startMs
  let busy = 0
  const sleepers = new Map<() => void, number>()

  async function turn(): Promise<void> {
    for (let count = 0; count < TURNS; count += 1) await new Promise((resolve) => setImmediate(resolve))
    if (busy > 0) return
    const next = [...sleepers].toSorted(([, a], [, b]) => a - b)[0]
    if (next === undefined) return
    nowMs = Math.max(nowMs, next[1])
    vi.setSystemTime(nowMs)
    next[0]()
  }

  return {
    nowMs: () => nowMs,
    pause: (ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(wake)
          resolve()
        }
        sleepers.set(wake, Math.ceil(nowMs + ms))
        signal.addEventListener('abort', wake, { once: true })
        if (signal.aborted) wake()
      }),
    async during(work) {
      busy += 1
      try {
        return await work()
      } finally {
        busy -= 1
      }
    },
    async until(isSo, ms) {
      const endMs = nowMs + ms
      while (nowMs < endMs) {
        if (isSo()) return true
        await turn()
      }
      return isSo()
    },
    end: () => vi.useRealTimers(),
  }
}
