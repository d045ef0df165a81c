import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { zoneExists } from '#shared/domain/business-day.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import { readSentCatalogue } from '#shared/wire/sent-catalogue.ts'
import { openTestStore, type TestStore } from '../testing/test-database.ts'
import { addBranch, addTenant } from './branches.ts'
import { putCatalogue } from './catalogue-rows.ts'
import { editableCatalogue, publishCatalogue } from './down.ts'
import type { BranchIdentity } from './inbox.ts'

const bank = JSON.parse(readFileSync(join(import.meta.dirname, '../../tools/demo/bank.json'), 'utf8')) as CatalogueBody

let store: TestStore
let of: BranchIdentity
beforeAll(async () => {
  store = await openTestStore(process.env['TEST_DATABASE_URL'])
  const tenantId = (await addTenant(store.database, 'bank', { fr: 'Banque' })) ?? ''
  of = { tenantId, branchId: await addBranch(store.database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
}, 120_000)
afterAll(() => store?.close())

const editable = () => store.database.asTenant(of.tenantId, (db) => editableCatalogue(db, of))

test('what a branch had when it joined can be read, changed and published, and is what was published from then on', async () => {
  expect(await editable()).toBeNull()
  const { catalogue } = readSentCatalogue(bank, zoneExists)
  for (const [version, name] of [
    [2, 'as it joined'],
    [1, 'of before'],
  ] as const)
    await store.database.asTenant(of.tenantId, (db) =>
      putCatalogue(db, of, { version, body: JSON.stringify({ ...catalogue, name: { fr: name } }) }),
    )
  const own = await editable()
  expect(own).toMatchObject({ version: 0, publishedAtMs: null, body: { name: { fr: 'as it joined' } } })
  // Whatever the branch filled in stands every test of a catalogue that is sent.
  expect(readSentCatalogue(own?.body as CatalogueBody, zoneExists).faults).toEqual([])
  await store.database.asTenant(of.tenantId, (db) =>
    publishCatalogue(db, of, own?.body as CatalogueBody, new Map(), 1_800_000_000_000),
  )
  expect(await editable()).toMatchObject({ version: 1, publishedAtMs: 1_800_000_000_000, body: own?.body })
})
