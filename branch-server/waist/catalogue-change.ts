import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { CatalogueFault } from '#shared/domain/catalogue-faults.ts'
import type { AgentId } from '#shared/domain/ids.ts'
import { type BranchState, findMessage } from '#shared/domain/state.ts'
import { hashOf } from '../store/event-log.ts'
import type { Ask } from './settle.ts'

export interface CatalogueChange extends Required<Pick<Ask, 'command' | 'writes'>> {
  /** Known once it was decided. */
  readonly version: () => number
}

/**
 * How a catalogue becomes that of the branch, whoever brings it.
 * @param catalogue - free of faults
 */
export function catalogueChange(catalogue: Catalogue, pinHashes: ReadonlyMap<AgentId, string>): CatalogueChange {
  const text = JSON.stringify(catalogue)
  const hash = hashOf(text)
  let version = 0
  return {
    version: () => version,
    // The body goes onto the shelf before the event that speaks of it is folded; the same commit keeps both or none.
    command({ store }) {
      version = store.catalogues.latestVersion() + 1
      store.catalogues.stage(version, catalogue)
      return { type: 'ApplyCatalogue', version, hash }
    },
    writes: (store) => store.catalogues.put(version, hash, text, pinHashes),
  }
}

/** An emergency stands until somebody ends it: without its words, every screen would fall silent. */
export function silencedEmergency(state: BranchState, { messages }: Catalogue): readonly CatalogueFault[] {
  const shown = state.message === null ? undefined : findMessage(state, state.message.messageId)
  if (shown?.kind !== 'emergency' || messages.some(({ id }) => id === shown.id)) return []
  return [{ path: '/messages', message: `${shown.id} stands on the screens as an emergency, end it first` }]
}
