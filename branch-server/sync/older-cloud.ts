import type { Log } from '../log.ts'
import type { ShapeName } from '../store/cloud.ts'

/** Sees a cloud that tells of less than was done here. */
export interface OlderCloud {
  /** Everything is told anew. */
  reset(): void
  /** This place of the shape was told. */
  note(place: number): void
  /** All there is was told. */
  settle(): void
}

export function createOlderCloud(log: Log, shape: ShapeName, done: () => number): OlderCloud {
  let highest = 0
  let complainedOf = 0
  return {
    reset() {
      highest = 0
    },
    note(place) {
      highest = Math.max(highest, place)
    },
    settle() {
      if (highest === 0 || highest >= done() || highest === complainedOf) return
      complainedOf = highest
      log.error(
        { shape, told: highest, done: done() },
        'the cloud tells of less than was done here: it was put back to an older copy, and head office must send again what is missing',
      )
    },
  }
}
