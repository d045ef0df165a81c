import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { amadou, counter1 } from '#shared/domain/testing/bank.ts'
import { hashPin } from '#shared/network/pin-hash.ts'
import { PIN } from '../testing/bank-catalogue.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import { isPin, pepperHash } from './pin-pepper.ts'

/** What a thief of the database, or of a backup, holds of her PIN. */
function keptOf(folder: string): string {
  const db = new Database(join(folder, 'branch.db'), { readonly: true })
  try {
    return String(db.prepare('select hash from agent_pin where agent_id = ?').pluck().get(amadou))
  } finally {
    db.close()
  }
}

test('a PIN can be tried out against what is kept only with the secret of the box', async () => {
  await using branch = await openTestBranch()
  const kept = keptOf(branch.folder)
  // Whoever knows the PIN and all but that secret cannot tell that it is right.
  const [, nonce = '', keyed] = kept.split('.')
  const plain = await hashPin(PIN, Buffer.from(nonce, 'base64url'))
  expect(plain.split('.')[1]).not.toBe(keyed)
  expect(await isPin('another secret', PIN, kept)).toBe(false)
})

test('PINs that a version before has kept are good, and are peppered with the next start', async () => {
  await using branch = await openTestBranch()
  const caller = await branch.pair('caller')
  await branch.running.close()
  const db = new Database(join(branch.folder, 'branch.db'))
  db.prepare('update agent_pin set hash = ?, sent_hash = null where agent_id = ?').run(await hashPin('271828'), amadou)
  db.close()
  await branch.start()
  expect(keptOf(branch.folder)).toMatch(/^p1\./)
  expect((await caller.open(counter1, amadou, '271828')).status).toBe(200)
})

test('what is peppered stays as it is', () => {
  const once = pepperHash('secret', 'salt.digest')
  expect(pepperHash('secret', once)).toBe(once)
  expect(pepperHash('other', 'salt.digest')).not.toBe(once)
})
