import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '#shared/disk/migrate.ts'
import { openDurable, type Sqlite } from '#shared/disk/open.ts'
import type { AgentId, Sha256 } from '#shared/domain/ids.ts'
import { createCatalogueStore } from './catalogues.ts'

const folder = mkdtempSync(join(tmpdir(), 'smartqueue-pins-'))
let db: Sqlite
beforeAll(() => {
  db = openDurable(join(folder, 'branch.db'))
  migrate(db, new URL('./migrations', import.meta.url).pathname)
})
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('of those who left the PINs of the latest two hundred are kept, and nobody who is there loses hers', () => {
  const catalogues = createCatalogueStore(db)
  const people = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `a${from + index}` as AgentId, name: 'A' }))
  const put = (version: number, agents: ReturnType<typeof people>, hash: string | null = null): void => {
    const hashes = new Map(hash === null ? [] : agents.map(({ id }) => [id, hash]))
    catalogues.put(version, '0'.repeat(64) as Sha256, JSON.stringify({ agents }), hashes)
  }
  const [first, second] = [people(1_000, 150), people(2_000, 150)]
  put(1, first, 'of the first')
  put(2, second, 'of the second')
  put(3, [])
  expect(catalogues.pins()).toEqual([])
  put(4, [...first, ...second])
  const found = new Map(catalogues.pins().map(([agentId, hash]) => [agentId, hash]))
  expect(second.filter(({ id }) => found.get(id) === 'of the second')).toHaveLength(150)
  expect(first.filter(({ id }) => found.get(id) === 'of the first')).toHaveLength(50)
})
