import type { Sqlite } from '#shared/disk/open.ts'
import type { EpochMs } from '#shared/domain/ids.ts'

/** When head office was last heard, and until when that counts. */
export interface KeptRights {
  readonly asOfMs: EpochMs
  readonly asOfSteadyMs: number
  readonly goodUntilSteadyMs: number
}

export interface AgentRightsStore {
  /** null: this branch has never had a head office. */
  get(): KeptRights | null
  /** Inside the caller's transaction. */
  put(rights: KeptRights): void
}

export function createAgentRightsStore(db: Sqlite): AgentRightsStore {
  const get = db.prepare<[], KeptRights>(
    `select as_of_ms as asOfMs, as_of_steady_ms as asOfSteadyMs, good_until_steady_ms as goodUntilSteadyMs
     from agent_rights where only = 1`,
  )
  const set = db.prepare('insert or replace into agent_rights values (1, ?, ?, ?)')
  return {
    get: () => get.get() ?? null,
    put: ({ asOfMs, asOfSteadyMs, goodUntilSteadyMs }) => void set.run(asOfMs, asOfSteadyMs, goodUntilSteadyMs),
  }
}
