import type { Sqlite } from '#shared/disk/open.ts'
import type { Catalogue, CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { AgentId, Sha256 } from '#shared/domain/ids.ts'

/** Bodies kept parsed in memory; a branch rarely speaks of more than two, and what is staged must stay. */
const PARSED_MAX = 64
/** PINs kept of agents who left last: as many as a catalogue may hold. */
const RETIRED_PINS_MAX = 200

export interface CatalogueStore {
  readonly shelf: CatalogueShelf
  /** Lays a body onto the shelf ahead of its commit, for deciding on a draft; `put` makes it last. */
  stage(version: number, catalogue: Catalogue): void
  /** Inside the caller's transaction. An agent sent without a PIN keeps the one there is, also one who comes back. */
  put(version: number, hash: Sha256, body: string, pinHashes: ReadonlyMap<AgentId, string>): void
  /** Also counts what is staged; 0 before the first. */
  latestVersion(): number
  text(version: number): string | null
  pinHash(agentId: AgentId): string | null
  pins(): readonly (readonly [AgentId, string])[]
}

const IN_BODY = "(select json_extract(value, '$.id') from json_each($body, '$.agents'))"

function createPinTable(db: Sqlite) {
  const leave = db.prepare(
    `update agent_pin set left_version = $version, left_name =
       (select json_extract(agent.value, '$.name') from catalogue, json_each(catalogue.body, '$.agents') as agent
        where catalogue.version = (select max(version) from catalogue where version < $version)
          and json_extract(agent.value, '$.id') = agent_id)
     where left_version is null and agent_id not in ${IN_BODY}`,
  )
  // Somebody else who comes later under the same id must not find the PIN of the one before.
  const forgetOthers = db.prepare(
    `delete from agent_pin where left_version is not null and exists
       (select 1 from json_each($body, '$.agents')
        where json_extract(value, '$.id') = agent_id and json_extract(value, '$.name') is not left_name)`,
  )
  const comeBack = db.prepare(
    `update agent_pin set left_version = null, left_name = null
     where left_version is not null and agent_id in ${IN_BODY}`,
  )
  const prune = db.prepare(
    `delete from agent_pin where left_version is not null and agent_id not in
       (select agent_id from agent_pin where left_version is not null
        order by left_version desc, agent_id limit ${RETIRED_PINS_MAX})`,
  )
  const set = db.prepare('insert or replace into agent_pin (agent_id, hash) values (?, ?)')
  return {
    /** Of those in the catalogue. */
    get: db.prepare('select hash from agent_pin where agent_id = ? and left_version is null').pluck(),
    all: db.prepare('select agent_id, hash from agent_pin where left_version is null').raw(),
    /** The body has just taken its place as this version. */
    follow(version: number, body: string, hashes: ReadonlyMap<AgentId, string>): void {
      leave.run({ version, body })
      forgetOthers.run({ body })
      comeBack.run({ body })
      prune.run()
      for (const [agentId, pinHash] of hashes) set.run(agentId, pinHash)
    },
  }
}

export function createCatalogueStore(db: Sqlite): CatalogueStore {
  const find = db.prepare('select body from catalogue where version = ?').pluck()
  const insert = db.prepare('insert or replace into catalogue (version, hash, body) values (?, ?, ?)')
  const latest = db.prepare('select max(version) from catalogue').pluck()
  const pinTable = createPinTable(db)
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
      pinTable.follow(version, body, pinHashes)
    },
    latestVersion: () => Math.max((latest.get() as number | null) ?? 0, ...parsed.keys()),
    text: (version) => (find.get(version) as string | undefined) ?? null,
    pins: () => pinTable.all.all() as [AgentId, string][],
    pinHash: (agentId) => (pinTable.get.get(agentId) as string | undefined) ?? null,
  }
}
