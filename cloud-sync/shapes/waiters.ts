/** Who waits for news of a shape, woken by whoever hears of it. Pure but for its timers. */
export interface Waiters {
  /** Waits for news of a shape of a branch. @returns null when too many wait already */
  wait(topic: string, ms: number): Waiting | null
  /** There is news of it. */
  wake(topic: string): void
  /** There may be news of anything: what was said meanwhile was not heard. */
  wakeAll(): void
  /** Everybody goes with what there is, and nobody waits any more. */
  close(): void
  readonly count: () => number
}

export interface Waiting {
  /** Why it is over; `news` also when that came before anybody asked. */
  readonly over: Promise<'news' | 'time' | 'closing'>
  end(): void
}

/** Of all branches together. */
const WAITERS_MAX = 9_000
/** Of one shape of one branch: its box and, for a while, the connection that it believes to be lost. */
const TOPIC_WAITERS_MAX = 3

export function createWaiters(waitersMax = WAITERS_MAX): Waiters {
  const byTopic = new Map<string, Set<(why: 'news' | 'closing') => void>>()
  let count = 0
  let isClosed = false

  const endAll = (topic: string, why: 'news' | 'closing'): void => {
    for (const end of [...(byTopic.get(topic) ?? [])]) end(why)
  }

  return {
    wait(topic, ms) {
      const waiting = byTopic.get(topic) ?? new Set()
      if (count >= waitersMax || waiting.size >= TOPIC_WAITERS_MAX) return null
      const { promise, resolve } = Promise.withResolvers<'news' | 'time' | 'closing'>()
      let isOver = false
      const end = (why: 'news' | 'time' | 'closing'): void => {
        if (isOver) return
        isOver = true
        clearTimeout(timer)
        count -= 1
        waiting.delete(end)
        if (waiting.size === 0) byTopic.delete(topic)
        resolve(why)
      }
      const timer = setTimeout(() => end('time'), ms)
      count += 1
      byTopic.set(topic, waiting.add(end))
      if (isClosed) end('closing')
      return { over: promise, end: () => end('time') }
    },
    wake: (topic) => endAll(topic, 'news'),
    wakeAll() {
      for (const topic of [...byTopic.keys()]) endAll(topic, 'news')
    },
    close() {
      isClosed = true
      for (const topic of [...byTopic.keys()]) endAll(topic, 'closing')
    },
    count: () => count,
  }
}
