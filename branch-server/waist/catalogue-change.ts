import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { CatalogueFault } from '#shared/domain/catalogue-faults.ts'
import type { Command } from '#shared/domain/commands.ts'
import type { Sha256 } from '#shared/domain/ids.ts'
import { type BranchState, findMessage } from '#shared/domain/state.ts'
import type { AuditDetail } from '../plugins/audit.ts'
import type { SentPins } from '../store/catalogues.ts'
import { hashOf } from '../store/event-log.ts'
import type { Ask } from './settle.ts'

export interface CatalogueChange extends Required<Pick<Ask, 'command' | 'writes'>> {
  /** Known once it was decided. */
  readonly version: () => number
  /** What the audit is to know; once it was decided. @param before - in force until then */
  readonly audit: (before: BranchState['catalogue']) => AuditDetail
}

/**
 * How a catalogue becomes that of the branch, whoever brings it.
 * @param make - free of faults; out of the state it is applied to
 * @param pins - as they are kept
 * @param commandOf - left out: the catalogue alone
 */
export function catalogueChange(
  make: (state: BranchState) => Catalogue,
  pins: SentPins,
  commandOf: (version: number, hash: Sha256) => Command = (version, hash) => ({
    type: 'ApplyCatalogue',
    version,
    hash,
  }),
): CatalogueChange {
  let made = { version: 0, hash: '' as Sha256, text: '' }
  return {
    version: () => made.version,
    audit: (before) => ({
      before: before === null ? null : { version: before.version, hash: before.hash },
      after: { version: made.version, hash: made.hash, count: pins.hashes.size },
    }),
    // The body goes onto the shelf before the event that speaks of it is folded; the same commit keeps both or none.
    command({ store, state }) {
      const catalogue = make(state)
      const text = JSON.stringify(catalogue)
      made = { version: store.catalogues.latestVersion() + 1, hash: hashOf(text), text }
      store.catalogues.stage(made.version, catalogue)
      return commandOf(made.version, made.hash)
    },
    writes: (store) => store.catalogues.put(made.version, made.hash, made.text, pins.hashes, pins.from),
  }
}

/** An emergency stands until somebody ends it: without its words, every screen would fall silent. */
export function silencedEmergency(state: BranchState, { messages }: Catalogue): readonly CatalogueFault[] {
  const shown = state.message === null ? undefined : findMessage(state, state.message.messageId)
  if (shown?.kind !== 'emergency' || messages.some(({ id }) => id === shown.id)) return []
  const message = `${shown.id} stands on the screens as an emergency, end it first`
  return [{ path: '/messages', rule: 'EmergencyStands', message }]
}
