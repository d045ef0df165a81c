import type { Sqlite } from '#shared/disk/open.ts'
import type { Catalogue, CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { AgentId, Sha256 } from '#shared/domain/ids.ts'

/** Bodies kept parsed in memory; a branch rarely speaks of more than two, and what is staged must stay. */
const PARSED_MAX = 64

export interface CatalogueStore {
  readonly shelf: CatalogueShelf
  /** Lays a body onto the shelf ahead of its commit, for deciding on a draft; `put` makes it last. */
  stage(version: number, catalogue: Catalogue): void
  /** Inside the caller's transaction. An agent sent without a PIN keeps the one there is; one who is gone loses it. */
  put(version: number, hash: Sha256, body: string, pinHashes: ReadonlyMap<AgentId, string>): void
  /** Also counts what is staged; 0 before the first. */
  latestVersion(): number
  text(version: number): string | null
  pinHash(agentId: AgentId): string | null
  pins(): readonly (readonly [AgentId, string])[]
}

export function createCatalogueStore(db: Sqlite): CatalogueStore {
  const find = db.prepare('select body from catalogue where version = ?').pluck()
  const insert = db.prepare('insert or replace into catalogue (version, hash, body) values (?, ?, ?)')
  const latest = db.prepare('select max(version) from catalogue').pluck()
  const dropPins = db.prepare(
    "delete from agent_pin where agent_id not in (select json_extract(value, '$.id') from json_each(?, '$.agents'))",
  )
  const setPin = db.prepare('insert or replace into agent_pin (agent_id, hash) values (?, ?)')
  const getPin = db.prepare('select hash from agent_pin where agent_id = ?').pluck()
  const allPins = db.prepare('select agent_id, hash from agent_pin').raw()
  const parsed = new Map<number, Catalogue>()

  return {
    shelf(version) {
      const known = parsed.get(version)
      if (known !== undefined) return known
      const body = find.get(version) as string | undefined
      if (body === undefined) throw new Error(`There is no catalogue ${version}`)
      const catalogue = JSON.parse(body) as Catalogue
      if (parsed.size >= PARSED_MAX) parsed.clear()
      parsed.set(version, catalogue)
      return catalogue
    },
    stage(version, catalogue) {
      parsed.set(version, catalogue)
    },
    put(version, hash, body, pinHashes) {
      insert.run(version, hash, body)
      // Somebody who comes later under the same id must not find the PIN of the one before.
      dropPins.run(body)
      for (const [agentId, pinHash] of pinHashes) setPin.run(agentId, pinHash)
    },
    latestVersion: () => Math.max((latest.get() as number | null) ?? 0, ...parsed.keys()),
    text: (version) => (find.get(version) as string | undefined) ?? null,
    pins: () => allPins.all() as [AgentId, string][],
    pinHash: (agentId) => (getPin.get(agentId) as string | undefined) ?? null,
  }
}
