import type { Sqlite } from '#shared/disk/open.ts'
import type { Catalogue, Words } from '#shared/domain/catalogue.ts'
import type { CarriedRest } from '#shared/domain/state-json.ts'
import type { Dimension } from '#shared/project/figures.ts'

interface Named {
  readonly name: Words | string
  /** Its place in the catalogue; whatever is retired comes after what is in force. */
  readonly rank: number
  readonly isRetired: boolean
}

const RETIRED_RANK = 1_000_000

function listOf(catalogue: Catalogue, dimension: Dimension): readonly { id: string; name: Words | string }[] {
  switch (dimension) {
    case 'service':
      return catalogue.services
    case 'queue':
      return catalogue.queues
    case 'counter':
      return catalogue.counters
    case 'agent':
      return catalogue.agents
    case 'branch':
    case 'hour':
      return []
  }
}

/** The catalogue in force; null before the first. */
export function catalogueInForce(db: Sqlite): { version: number; body: Catalogue } | null {
  const rest = db.prepare('select rest from head where only = 1').pluck().get() as string | undefined
  const version = rest === undefined ? undefined : (JSON.parse(rest) as CarriedRest).catalogue?.version
  if (version === undefined) return null
  const body = db.prepare('select body from catalogue where version = ?').pluck().get(version) as string | undefined
  return body === undefined ? null : { version, body: JSON.parse(body) as Catalogue }
}

/** How each id was called last, also those that no catalogue holds any more. Older versions are read only where needed. */
export function namesOf(db: Sqlite, dimension: Dimension, ids: ReadonlySet<string>): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>()
  const current = catalogueInForce(db)?.version ?? 0
  const bodies = db.prepare('select body from catalogue where version <= ? order by version desc').pluck()
  let isInForce = true
  for (const body of bodies.iterate(current) as IterableIterator<string>) {
    for (const [index, { id, name }] of listOf(JSON.parse(body) as Catalogue, dimension).entries())
      if (ids.has(id) && !names.has(id))
        names.set(id, { name, rank: isInForce ? index : RETIRED_RANK + names.size, isRetired: !isInForce })
    isInForce = false
    if (names.size === ids.size) break
  }
  return names
}
