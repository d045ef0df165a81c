import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SLUG_PATTERN } from './slug.ts'

const MIGRATION = join(import.meta.dirname, '../../cloud-sync/store/migrations/0002-tenants.sql')

test('a short name is the same to whoever types it, to the routes and to the table', () => {
  const pattern = new RegExp(SLUG_PATTERN)
  expect(['bank', 'bank-of-sahel', 'a1', '7-b'].filter((it) => !pattern.test(it))).toEqual([])
  expect(['a', 'a--b', '-ab', 'ab-', 'Bank', 'bank of', ''].filter((it) => pattern.test(it))).toEqual([])
  expect(readFileSync(MIGRATION, 'utf8')).toContain(`slug ~ '${SLUG_PATTERN}'`)
})
