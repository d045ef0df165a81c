/**
 * What the replay looks at: who waits, in lanes, and which counter can take whom. Made from the branch's state
 * (`branch-scene.ts`), from a recorded day or from a log of another system; all times are on one steady clock.
 */
export interface Scene {
  readonly nowMs: number
  /** Since midnight in the branch's zone: the hour decides how busy it will be. */
  readonly dayMs: number
  readonly lanes: readonly SceneLane[]
  readonly counters: readonly SceneCounter[]
}

/** Waiting tickets that differ in nothing but when they came; the first of them is always called before the others. */
export interface SceneLane {
  readonly id: string
  readonly serviceId: string
  /** Nobody is called from it at present. */
  readonly isPaused: boolean
  /** How much earlier than their arrival those who join it are placed. */
  readonly privilegeMs: number
  /** In the order in which they will be called. */
  readonly tickets: readonly SceneTicket[]
}

export interface SceneTicket {
  readonly id: string
  readonly joinedMs: number
  /** What the lane is ordered by: the arrival, the booked time, or the arrival moved forward by a privilege. */
  readonly orderMs: number
}

export interface SceneCounter {
  readonly id: string
  /** Places in `Scene.lanes`, in the counter's own order. */
  readonly lanes: readonly number[]
  /** Whom it serves, and since when; null when it is free. */
  readonly busy: { readonly serviceId: string; readonly sinceMs: number } | null
  /** On a break since then; null when it calls. */
  readonly breakSinceMs: number | null
}

/** The heads of all lanes at one instant of the replay, by the lane's place. */
export interface Heads {
  /** Infinity: nobody waits in this lane. */
  readonly orderMs: Float64Array
  readonly joinedMs: Float64Array
  readonly waitingCounts: Int32Array
}

/** The live rules: from which lane a counter calls now; -1 when nobody waits for it. */
export type Rules = (counter: SceneCounter, heads: Heads, nowMs: number) => number

/** The simplest rules: of all whom a counter may serve, the one who comes first by the lanes' order. */
export const firstInOrder: Rules = ({ lanes }, { orderMs }) => {
  let best = -1
  let bestMs = Number.POSITIVE_INFINITY
  for (const lane of lanes) {
    const candidateMs = orderMs[lane] ?? Number.POSITIVE_INFINITY
    if (candidateMs < bestMs) {
      best = lane
      bestMs = candidateMs
    }
  }
  return best
}

/** A place in line to be estimated: that of a ticket that waits, or of somebody who would join now. */
export interface Place {
  readonly lane: number
  /** null: somebody who would join now. */
  readonly ticketId: string | null
  readonly joinedMs: number
  readonly orderMs: number
}
