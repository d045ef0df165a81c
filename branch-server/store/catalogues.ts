import type { CatalogueShelf } from '#shared/domain/apply-catalogue.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { AgentId, Sha256 } from '#shared/domain/ids.ts'
import type { Sqlite } from '#shared/sqlite/open.ts'

/** Bodies kept parsed in memory; a branch rarely speaks of more than two. */
const PARSED_MAX = 8

export interface CatalogueStore {
  readonly shelf: CatalogueShelf
  /** Inside the caller's transaction. PINs of agents that are not named stay. */
  put(version: number, hash: Sha256, body: string, pinHashes: ReadonlyMap<AgentId, string>): void
  /** 0 before the first. */
  latestVersion(): number
  text(version: number): string | null
  pinHash(agentId: AgentId): string | null
}

export function createCatalogueStore(db: Sqlite): CatalogueStore {
  const find = db.prepare('select body from catalogue where version = ?').pluck()
  const insert = db.prepare('insert or replace into catalogue (version, hash, body) values (?, ?, ?)')
  const latest = db.prepare('select max(version) from catalogue').pluck()
  const setPin = db.prepare('insert or replace into agent_pin (agent_id, hash) values (?, ?)')
  const getPin = db.prepare('select hash from agent_pin where agent_id = ?').pluck()
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
    put(version, hash, body, pinHashes) {
      insert.run(version, hash, body)
      parsed.delete(version)
      for (const [agentId, pinHash] of pinHashes) setPin.run(agentId, pinHash)
    },
    latestVersion: () => (latest.get() as number | null) ?? 0,
    text: (version) => (find.get(version) as string | undefined) ?? null,
    pinHash: (agentId) => (getPin.get(agentId) as string | undefined) ?? null,
  }
}
