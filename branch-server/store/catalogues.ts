import type { Sqlite } from '#shared/disk/open.ts'
import type { Catalogue, CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { AgentId, Sha256 } from '#shared/domain/ids.ts'
import type { KeptPin } from './settings-copy.ts'

/** Bodies kept parsed in memory; a branch rarely speaks of more than two, and what is staged must stay. */
const PARSED_MAX = 64
/** PINs kept of agents who left last: as many as a catalogue may hold. */
const RETIRED_PINS_MAX = 200

/** PINs that come with a catalogue, as they are kept. */
export interface SentPins {
  /**
   * `cloud` sends those it knows with each catalogue: one that has not changed there takes back none that was given here
   * since. `site`, also where nothing is said: typed just now.
   */
  readonly from: 'cloud' | 'site'
  readonly hashes: ReadonlyMap<AgentId, string>
}

export interface CatalogueStore {
  readonly shelf: CatalogueShelf
  /** Lays a body onto the shelf ahead of its commit, for deciding on a draft; `put` makes it last. */
  stage(version: number, catalogue: Catalogue): void
  /** Inside the caller's transaction. An agent sent without a PIN keeps the one there is, also one who comes back. */
  put(version: number, hash: Sha256, body: string, pinHashes: SentPins['hashes'], from?: SentPins['from']): void
  /** Inside the caller's transaction: another PIN for somebody who is there. */
  setPin(agentId: AgentId, pinHash: string): void
  /** Inside the caller's transaction: each hash of a PIN as it is to be from now on. */
  mapPins(change: (pinHash: string) => string): void
  /** Also counts what is staged; 0 before the first. */
  latestVersion(): number
  text(version: number): string | null
  pinHash(agentId: AgentId): string | null
  pins(): readonly KeptPin[]
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
  const set = db.prepare(
    `insert into agent_pin (agent_id, hash) values (?, ?) on conflict (agent_id) do update set hash = excluded.hash`,
  )
  const send = db.prepare(
    `insert into agent_pin (agent_id, hash, sent_hash) values ($agentId, $hash, $hash)
     on conflict (agent_id) do update set sent_hash = $hash, hash = iif(sent_hash is $hash, hash, $hash)`,
  )
  const all = db.prepare('select agent_id, hash, sent_hash from agent_pin').raw()
  const change = db.prepare('update agent_pin set hash = ?, sent_hash = ? where agent_id = ?')
  return {
    /** Of those in the catalogue. */
    get: db.prepare('select hash from agent_pin where agent_id = ? and left_version is null').pluck(),
    all: db.prepare('select agent_id, hash, sent_hash from agent_pin where left_version is null').raw(),
    /** The body has just taken its place as this version. */
    follow(version: number, body: string, hashes: SentPins['hashes'], from: SentPins['from']): void {
      leave.run({ version, body })
      forgetOthers.run({ body })
      comeBack.run({ body })
      prune.run()
      for (const [agentId, hash] of hashes)
        if (from === 'cloud') send.run({ agentId, hash })
        else set.run(agentId, hash)
    },
    set: (agentId: AgentId, pinHash: string): void => void set.run(agentId, pinHash),
    map(by: (pinHash: string) => string): void {
      for (const [agentId, hash, sent] of all.all() as [AgentId, string, string | null][])
        change.run(by(hash), sent === null ? null : by(sent), agentId)
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
    put(version, hash, body, pinHashes, from = 'site') {
      insert.run(version, hash, body)
      pinTable.follow(version, body, pinHashes, from)
    },
    setPin: pinTable.set,
    mapPins: pinTable.map,
    latestVersion: () => Math.max((latest.get() as number | null) ?? 0, ...parsed.keys()),
    text: (version) => (find.get(version) as string | undefined) ?? null,
    pins: () => pinTable.all.all() as KeptPin[],
    pinHash: (agentId) => (pinTable.get.get(agentId) as string | undefined) ?? null,
  }
}
