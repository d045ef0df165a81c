import type { Courier } from '../notify/courier.ts'
import type { Database } from '../store/database.ts'
import { MESSAGE_CHANNEL } from '../store/messages.ts'
import type { Wake, Work } from './open-jobs.ts'

/** What is known to be due is woken for; this finds what a cloud that died knew of. */
const EVERY_SECONDS = 30
/** Tenants that are remembered for later; of more the next turn knows. */
const LATER_MAX = 10_000
const LATER_MS_MAX = EVERY_SECONDS * 1_000

interface MessageWorkParts {
  readonly database: Database
  readonly courier: Courier
  readonly nowMs: () => number
}

/** Messages to customers go out as soon as they are written down, or may be tried again. */
export function messageWork({ database, courier, nowMs }: MessageWorkParts): Work {
  const timers = new Map<string, NodeJS.Timeout>()
  let wakeNow: Wake | null = null

  function later(tenantId: string, atMs: number): void {
    const afterMs = Math.max(0, atMs - nowMs())
    if (afterMs > LATER_MS_MAX || (timers.size >= LATER_MAX && !timers.has(tenantId))) return
    clearTimeout(timers.get(tenantId))
    const timer = setTimeout(() => {
      timers.delete(tenantId)
      void wakeNow?.(tenantId)
    }, afterMs)
    timers.set(tenantId, timer)
  }

  return {
    everySeconds: EVERY_SECONDS,
    async doFor(tenantId) {
      const dueAtMs = await courier.work(tenantId)
      if (dueAtMs !== null) later(tenantId, dueAtMs)
    },
    hurry(wake) {
      wakeNow = wake
      const notices = database.listen(MESSAGE_CHANNEL, {
        heard: (tenantId) => void wake(tenantId),
        // What was written down while nobody listened is found by the next turn.
        listening: () => {},
      })
      return () => {
        wakeNow = null
        for (const timer of timers.values()) clearTimeout(timer)
        timers.clear()
        void notices.close()
      }
    },
  }
}
