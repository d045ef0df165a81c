import type { Service } from '../domain/catalogue.ts'
import type { QueueId, ServiceId } from '../domain/ids.ts'

/** A wait that was reckoned: somebody is called between these two. */
export interface Estimate {
  readonly lowMs: number
  readonly highMs: number
}

/** A wait as people are told it, in whole minutes: never less than one, never more exact than it is. */
export type WaitRange =
  | { readonly form: 'under'; readonly minutes: number }
  | { readonly form: 'about'; readonly minutes: number }
  | { readonly form: 'between'; readonly lowMinutes: number; readonly highMinutes: number }

const MINUTE_MS = 60_000
/** Nobody is told fewer minutes than these: a call comes when it comes. */
const UNDER_MINUTES_MIN = 5

/**
 * Rounds a wait outward: the range that is told always holds the one that was reckoned.
 * @returns null when nothing was reckoned, or nothing that makes sense; then nothing is told at all
 */
export function waitRange(estimate: Estimate | null): WaitRange | null {
  if (estimate === null) return null
  const { lowMs, highMs } = estimate
  if (!Number.isFinite(lowMs) || !Number.isFinite(highMs) || highMs < lowMs || highMs < 0) return null
  const lowMinutes = Math.max(0, Math.floor(lowMs / MINUTE_MS))
  const highMinutes = Math.ceil(highMs / MINUTE_MS)
  if (highMinutes <= UNDER_MINUTES_MIN) return { form: 'under', minutes: UNDER_MINUTES_MIN }
  if (lowMinutes === 0) return { form: 'under', minutes: highMinutes }
  return lowMinutes === highMinutes
    ? { form: 'about', minutes: highMinutes }
    : { form: 'between', lowMinutes, highMinutes }
}

/**
 * What a queue as a whole can be told: from the shortest to the longest wait of the services that lead into it.
 * A queue is left out as soon as one of them has none, for the others do not speak for those who wait there.
 */
export function waitsByQueue(
  services: readonly Pick<Service, 'id' | 'queueId'>[],
  waitByService: ReadonlyMap<ServiceId, Estimate>,
): ReadonlyMap<QueueId, Estimate> {
  const known = new Map<QueueId, Estimate | null>()
  for (const { id, queueId } of services) {
    const wait = waitByService.get(id) ?? null
    const before = known.get(queueId)
    if (before === undefined || before === null || wait === null) known.set(queueId, before === undefined ? wait : null)
    else
      known.set(queueId, {
        lowMs: Math.min(before.lowMs, wait.lowMs),
        highMs: Math.max(before.highMs, wait.highMs),
      })
  }
  return new Map([...known].flatMap(([queueId, wait]) => (wait === null ? [] : [[queueId, wait] as const])))
}
