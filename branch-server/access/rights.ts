import type { ClockReading } from '#shared/domain/clock.ts'
import type { RightsJson } from '#shared/wire/agents.ts'
import type { KeptRights } from '../store/agent-rights.ts'
import type { Store } from '../store/store.ts'

const DAY_MS = 24 * 3_600_000
/** So long agents sign in at a branch whose head office is not heard. */
export const RIGHTS_MS_MAX = 30 * DAY_MS
/** After that, so long on the word of a manager who is there. */
export const CONFIRMED_MS = 7 * DAY_MS
/** Head office is heard every minute; the disk need not know of each. */
const KEPT_EVERY_MS = 3_600_000

/**
 * How old what the branch knows of its people is. A branch that stands alone is its own head office: its rights do not
 * age. At one that head office keeps, agents sign in for 30 days without a word from there; then a manager says who
 * works here, for a week at a time. Managers sign in always: somebody must be able to say so.
 */
export interface Rights {
  now(): RightsJson
  /** Agents are not let in. */
  isTooOld(): boolean
  /** Head office has said that there is nothing newer. */
  heard(): void
  /** What is to be kept with the event of a manager who answers for it. */
  confirmed(): KeptRights
  /** It is kept. */
  take(rights: KeptRights): void
}

interface RightsParts {
  readonly kept: KeptRights | null
  readonly isManaged: () => boolean
  readonly readClock: () => ClockReading
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
}

export function createRights({ kept, isManaged, readClock, write }: RightsParts): Rights {
  let rights = kept
  let keptAtMs = kept?.asOfSteadyMs ?? null

  function hear(): KeptRights {
    const { wallMs: asOfMs, steadyMs } = readClock()
    rights = {
      asOfMs,
      asOfSteadyMs: steadyMs,
      goodUntilSteadyMs: Math.max(rights?.goodUntilSteadyMs ?? 0, steadyMs + RIGHTS_MS_MAX),
    }
    if (keptAtMs === null || steadyMs - keptAtMs >= KEPT_EVERY_MS) {
      const [heard, before] = [rights, keptAtMs]
      keptAtMs = steadyMs
      void write((store) => store.agentRights.put(heard)).then((isKept) => {
        // A disk that took nothing is asked again at the next word from head office.
        if (!isKept && keptAtMs === steadyMs) keptAtMs = before
      })
    }
    return rights
  }

  /** A branch that has just got a head office begins with what it has. */
  const known = (): KeptRights => rights ?? hear()
  const leftMs = (): number => known().goodUntilSteadyMs - readClock().steadyMs

  return {
    now() {
      if (!isManaged()) return { asOfMs: null, ageMs: 0, leftMs: null }
      const { asOfMs, asOfSteadyMs } = known()
      return { asOfMs, ageMs: Math.max(0, readClock().steadyMs - asOfSteadyMs), leftMs: Math.max(0, leftMs()) }
    },
    isTooOld: () => isManaged() && leftMs() <= 0,
    heard: () => void hear(),
    confirmed() {
      const before = known()
      return {
        ...before,
        goodUntilSteadyMs: Math.max(before.goodUntilSteadyMs, readClock().steadyMs + CONFIRMED_MS),
      }
    },
    take(confirmed) {
      rights = confirmed
    },
  }
}
