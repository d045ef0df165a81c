import type { Learned } from './learned.ts'
import type { Place, Rules, Scene } from './scene.ts'

/** Everything a replay needs; nothing in it is changed. */
export interface ReplayWorld {
  readonly scene: Scene
  readonly learned: Learned
  readonly rules: Rules
  readonly places: readonly Place[]
  readonly askedById: ReadonlyMap<string, number>
  /** Arrivals by lane and half hour, found when first asked for. */
  readonly rates: Map<number, number>
  /** Nobody joins later; Infinity: people come as they do. */
  readonly joinsUntilMs: number
  /** Whether counters come and go with the hour as on earlier days. */
  readonly followsStaffing: boolean
  /** By lane and lane: whether some counter takes from both. */
  readonly shares: readonly (readonly boolean[])[]
}
