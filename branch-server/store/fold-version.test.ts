import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openTestBranch } from '../testing/test-branch.ts'

test('what an earlier version folded is folded anew at the start, and is not taken for damage', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  const { body: ticket } = await kiosk.issue('cash')
  const { head } = branch.running.waist.branch()
  await branch.running.close()
  const db = new Database(join(branch.folder, 'branch.db'))
  db.exec(`update meta set value = '0' where key = 'fold_version';
    update ticket set body = json_remove(body, '$.facts.waitMs'), retained = 1`)
  db.close()

  await branch.start()
  expect(branch.running.waist.branch().head).toEqual(head)
  expect((await branch.installer.post('/api/v1/checks')).body).toMatchObject({ fault: null })
  expect((await kiosk.get(`/api/v1/tickets/${ticket.ticketId}`)).body).toEqual(ticket)
})
