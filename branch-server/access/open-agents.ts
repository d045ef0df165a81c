import type { ClockReading } from '#shared/domain/clock.ts'
import type { Log } from '../log.ts'
import type { Parts } from '../parts.ts'
import type { Store } from '../store/store.ts'
import type { Waist } from '../waist/execute.ts'
import type { BranchKeys } from './keys.ts'
import { pepperHash } from './pin-pepper.ts'
import { createPinTries } from './pin-tries.ts'
import { createRights } from './rights.ts'

interface AgentsParts {
  readonly waist: Waist
  readonly keys: Pick<BranchKeys, 'pinPepper'>
  readonly readClock: () => ClockReading
  readonly isManaged: () => boolean
  /** Rows in a commit of their own. @returns whether they were committed */
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  readonly log: Log
}

/** What the branch keeps of its people beside the log. PINs that the version before has kept are peppered now. */
export async function openAgents(parts: AgentsParts): Promise<Pick<Parts, 'pinTries' | 'rights'>> {
  const { waist, keys, readClock, isManaged, write, log } = parts
  const { store } = waist.branch()
  const pepper = (hash: string): string => pepperHash(keys.pinPepper, hash)
  if (store.catalogues.pins().some(([, hash]) => pepper(hash) !== hash))
    await write(({ catalogues }) => catalogues.mapPins(pepper))
  return {
    pinTries: createPinTries({ kept: store.pinTries.all(), nowMs: () => readClock().steadyMs, write, log }),
    rights: createRights({ kept: store.agentRights.get(), isManaged, readClock, write }),
  }
}
