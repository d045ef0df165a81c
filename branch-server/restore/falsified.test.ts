// Somebody changed a backup or a device's copy of the log. A drill says so; a restore goes on only when told to.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFeedStore } from '#shared/host/feed-store.ts'
import { snapshotOf } from '../routes/views.ts'
import { openTestBranch } from '../testing/test-branch.ts'
import { drillBackup } from './drill-backup.ts'
import { restoreBranch } from './restore-branch.ts'

const clocks = { wallMs: () => Date.UTC(2026, 10, 23, 12), monotonicMs: () => 0 }
const silent = { info: () => {}, warn: () => {}, error: () => {} }

let root = ''
let backup = ''
let kiosk = ''
/** A branch that gave six numbers, its file, and a device that followed. */
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'smartqueue-falsified-'))
  backup = join(root, 'branch-1.db')
  kiosk = join(root, 'kiosk.db')
  await using branch = await openTestBranch()
  const device = await branch.pair('kiosk')
  const store = openFeedStore(kiosk, { wallMs: () => 0 }, silent, { keepsLog: true })
  store.begin(snapshotOf(branch.running.waist.branch()))
  branch.running.waist.onCommit((frames) => {
    for (const { body } of frames) store.append(body)
  })
  for (let count = 0; count < 6; count += 1) await device.issue('cash')
  store.close()
  await branch.running.close()
  cpSync(join(branch.folder, 'branch.db'), backup)
  await branch.start()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function falsify(file: string, ...sentences: readonly string[]): void {
  const db = new Database(file)
  for (const sentence of sentences) db.exec(sentence)
  db.close()
}
const restore = (place: string, takesWhole = false) =>
  restoreBranch({ folder: join(root, 'new'), places: [place], clocks, takesWhole })
const numberSwap = (table: string): string => `update ${table} set body = replace(body, '"A003"', '"A777"')`

test('a backup as it was written passes a drill', () => {
  expect(drillBackup(root, backup, clocks)).toMatch(/makes a whole branch again/)
})

test('a backup with another number in its log fails a drill, which names the event', () => {
  falsify(backup, numberSwap('event'))
  expect(() => drillBackup(root, backup, clocks)).toThrow(/event \d+ of \d+ is not the one that was written/)
  expect(() => restore(backup)).toThrow(/--take-what-is-whole/)
  const { place, ticketCount } = restore(backup, true)
  expect(place.fault?.fromSeq).toBe(place.head.seq + 1)
  expect(ticketCount).toBe(2)
})

test('a backup whose rows say something else than its log fails a drill', () => {
  falsify(backup, `update ticket set status = 'completed' where number = 'A002'`)
  expect(() => drillBackup(root, backup, clocks)).toThrow(/the row of ticket A002 is not what the log tells of it/)
  expect(() => restore(backup)).toThrow(/A002/)
  expect(restore(backup, true)).toMatchObject({ livingCount: 6, ticketCount: 6 })
})

test.each(['in the middle', 'at the end'])(
  'a device’s log that was changed %s is not restored from without a word',
  (where) => {
    const number = where === 'at the end' ? 'A006' : 'A003'
    falsify(kiosk, ...['event', 'kept_event'].map((table) => numberSwap(table).replace('A003', number)))
    expect(() => restore(kiosk)).toThrow(/event \d+ of \d+ is not the one that was sent.*--take-what-is-whole/)
    const { place, livingCount } = restore(kiosk, true)
    expect(place.fault?.fromSeq).toBe(place.head.seq + 1)
    expect(livingCount).toBe(where === 'at the end' ? 5 : 2)
  },
)

test('a device’s log whose end was taken away is not restored from without a word', () => {
  falsify(kiosk, 'delete from event where seq = (select max(seq) from event)')
  expect(() => restore(kiosk)).toThrow(/--take-what-is-whole/)
})
