import type { CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { Epoch, EpochMs, Sha256, SteadyMs } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import { hashOf } from './event-log.ts'

/** What the events of one epoch tell; `fault` says where they stop to follow one another. */
export interface FoldedEpoch {
  readonly state: BranchState
  readonly seq: number
  readonly fault: string | null
}

/**
 * Folds the stored bytes of one epoch from its first event, and checks on the way that each names the one before it.
 * @throws when an event cannot be parsed or folded
 */
export function foldEpoch(epoch: Epoch, bodies: Iterable<string>, shelf: CatalogueShelf): FoldedEpoch {
  let state = emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs })
  let prev: Sha256 | null = null
  let seq = 0
  for (const body of bodies) {
    const event = JSON.parse(body) as StoredEvent
    if (event.epoch !== epoch) return { state, seq, fault: `event ${seq + 1} is of another epoch` }
    if (event.seq !== seq + 1) return { state, seq, fault: `after event ${seq} comes event ${event.seq}` }
    if (prev !== null && event.prev !== prev) return { state, seq, fault: `event ${event.seq} does not follow ${seq}` }
    state = evolve(state, event, shelf)
    prev = hashOf(body)
    seq = event.seq
  }
  return { state, seq, fault: null }
}
