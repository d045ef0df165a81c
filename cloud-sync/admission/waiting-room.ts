/** Those who were turned away, and when they are to come again. Pure. */
export interface WaitingRoom {
  /** Whoever it is waits from now on. @returns in how many seconds it is to ask again */
  turnAway(who: string, nowMs: number): number
  /** It was let in. */
  letIn(who: string): void
  /** How many wait. */
  count(nowMs: number): number
}

export interface WaitingRoomLimits {
  /** As many of them as may ask again in a second: the more wait, the later each is told to come. */
  readonly againPerSecond: number
  readonly againSecondsMin: number
  readonly againSecondsMax: number
}

/** More than one cloud has branches; whoever is beyond is told the longest wait, and remembered by nobody. */
const WAITING_MAX = 20_000
/** Whoever has not come again by then, twice as late as it was told, does not wait any more. */
const LATE = 2

export function createWaitingRoom({
  againPerSecond,
  againSecondsMin,
  againSecondsMax,
}: WaitingRoomLimits): WaitingRoom {
  /** Since when; whoever asked longest ago is first. */
  const waiting = new Map<string, number>()

  const againSeconds = (): number =>
    Math.min(againSecondsMax, Math.max(againSecondsMin, Math.ceil(waiting.size / againPerSecond)))

  function forgetLost(nowMs: number): void {
    const lostBeforeMs = nowMs - LATE * againSecondsMax * 1_000
    for (const [who, atMs] of waiting) {
      if (atMs >= lostBeforeMs) break
      waiting.delete(who)
    }
  }

  return {
    turnAway(who, nowMs) {
      forgetLost(nowMs)
      waiting.delete(who)
      if (waiting.size >= WAITING_MAX) return againSecondsMax
      waiting.set(who, nowMs)
      return againSeconds()
    },
    letIn: (who) => void waiting.delete(who),
    count(nowMs) {
      forgetLost(nowMs)
      return waiting.size
    },
  }
}
