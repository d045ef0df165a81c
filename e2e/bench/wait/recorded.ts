import type { SceneLane } from '../../../shared/wait/scene.ts'

/** One customer as a log remembers them; all times in milliseconds since midnight. */
export interface Visit {
  readonly id: string
  readonly serviceId: string
  readonly priority: string
  readonly joinedMs: number
  /** Called, or gone without having been called. */
  readonly endedWaitMs: number
  readonly isServed: boolean
  /** When the counter was free again; of those who were served. */
  readonly finishedMs: number
  /** Empty for those who gave up. */
  readonly counterId: string
}

/** When a counter was open, and when its agent was away. */
export interface Shift {
  readonly counterId: string
  readonly serviceIds: readonly string[]
  readonly opensMs: number
  readonly closesMs: number
  readonly breaks: readonly { readonly fromMs: number; readonly toMs: number }[]
}

export interface RecordedDay {
  readonly name: string
  readonly visits: readonly Visit[]
  /** null: the log does not tell; who is there is seen from who serves. */
  readonly shifts: readonly Shift[] | null
}

/** How much earlier than their arrival people of a priority are placed. */
export type PrivilegeMs = (priority: string) => number

export const laneIdOf = (serviceId: string, priority: string): string => `${serviceId} ${priority}`

/** Every lane that some visit of the days has needed. */
export function lanesOf(
  visits: readonly Pick<Visit, 'serviceId' | 'priority'>[],
  privilegeMs: PrivilegeMs,
): readonly SceneLane[] {
  const seen = new Map<string, SceneLane>()
  for (const { serviceId, priority } of visits) {
    const id = laneIdOf(serviceId, priority)
    if (!seen.has(id)) seen.set(id, { id, serviceId, isPaused: false, privilegeMs: privilegeMs(priority), tickets: [] })
  }
  return [...seen.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
