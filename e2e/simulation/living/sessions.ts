import { readFileSync } from 'node:fs'
import { writeWhole } from '../../../shared/disk/write-whole.ts'
import type { AgentId, CounterId, SteadyMs } from '../../../shared/domain/ids.ts'

/** An agent of ours at a counter. A human who signs in under the same name has another beginning. */
export interface Session {
  readonly agentId: AgentId
  readonly sinceSteadyMs: SteadyMs
}

/** Which counters are ours, also after this program was ended: what is not in the file belongs to a human. */
export interface Sessions {
  get(counterId: CounterId): Session | null
  set(counterId: CounterId, session: Session | null): void
}

export function openSessions(file: string): Sessions {
  let kept: Record<string, Session | null> = {}
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Session | null>
  } catch {
    // The first start, or a file that was torn: then the counters are a human's until they are closed.
  }
  return {
    get: (counterId) => kept[counterId] ?? null,
    set(counterId, session) {
      kept[counterId] = session
      writeWhole(file, JSON.stringify(kept))
    },
  }
}
