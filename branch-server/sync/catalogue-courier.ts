import type { CarriedRest } from '#shared/domain/state-json.ts'
import { versionsIn } from '#shared/domain/state-json.ts'
import type { CloudDoor } from './cloud-door.ts'
import type { TurnedAway } from './turned-away.ts'

const PATH = '/api/v1/sync/catalogues'
/** Versions that are known to be there; a branch that forgets one sends it again. */
const SENT_MAX = 256
/** It was not looked at: who asks, when, or what else is under way was in the way. */
const AGAIN: ReadonlySet<number> = new Set([401, 403, 408, 409, 425, 429])

/** Brings the catalogues that events speak of, ahead of them: the log names their versions alone. */
export interface CatalogueCourier {
  /** @returns null: all are there; else all of it is tried again @throws Error when the cloud cannot be reached */
  bring(bodies: readonly string[]): Promise<'away' | TurnedAway | null>
  /** The cloud holds less than it did: it may lack catalogues, too. */
  forget(): void
}

/** Versions that the events of an upload speak of. */
function versionsOf(bodies: readonly string[]): readonly number[] {
  return bodies.flatMap((body) => {
    // Most events are neither; they are not read for it.
    if (!body.includes('"CatalogueApplied"') && !body.includes('"EpochStarted"')) return []
    const event = JSON.parse(body) as { type: string; version: number; carried?: CarriedRest }
    if (event.type === 'CatalogueApplied') return [event.version]
    return event.type === 'EpochStarted' && event.carried !== undefined ? versionsIn(event.carried) : []
  })
}

/** @param textOf - a catalogue's body as it is stored; null: it was lost */
export function createCatalogueCourier(door: CloudDoor, textOf: (version: number) => string | null): CatalogueCourier {
  const sent = new Set<number>()
  return {
    async bring(bodies) {
      for (const version of versionsOf(bodies)) {
        const body = sent.has(version) ? null : textOf(version)
        if (body === null) continue
        const { status, turnedAway } = await door.post(PATH, { version, body })
        // A cloud that has no use for it (an older one), or that finds it wrong, takes the events without.
        if (status >= 500 || AGAIN.has(status)) return turnedAway ?? 'away'
        if (sent.size >= SENT_MAX) sent.clear()
        sent.add(version)
      }
      return null
    },
    forget: () => sent.clear(),
  }
}
