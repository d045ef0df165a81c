import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { isWalDamaged } from './wal.ts'

const FRAME_BYTES = 24 + 4096
const SECTOR_BYTES = 512
/** The header of this frame lies across two sectors, between the mark of a commit and the salts. */
const ACROSS_FRAME = 41
const folder = mkdtempSync(join(tmpdir(), 'wal-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (frame: number): number => 32 + frame * FRAME_BYTES

/** A log over an older one of many commits: its bytes before and after one commit of several pages about that frame. */
function twoTimes(): { before: Buffer; after: Buffer } {
  const file = join(folder, 'rows.db')
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('wal_autocheckpoint = 0')
  db.exec('create table row (id integer primary key, text text not null)')
  const insert = db.prepare('insert into row (text) values (?)')
  const log = (): Buffer => readFileSync(`${file}-wal`)
  const put = (): unknown => insert.run('x'.repeat(20))
  for (let count = 0; count < 80; count += 1) put()
  db.pragma('wal_checkpoint(RESTART)')
  put()
  const salts = log().subarray(16, 24)
  const frames = (): number => {
    const now = log()
    let count = 0
    while (now.subarray(at(count) + 8, at(count) + 16).equals(salts)) count += 1
    return count
  }
  while (frames() < ACROSS_FRAME - 2) put()
  const before = log()
  insert.run('x'.repeat(6 * 4096))
  const after = log()
  expect(frames()).toBeGreaterThan(ACROSS_FRAME + 3)
  db.close()
  return { before, after }
}

const { before, after } = twoTimes()

function damaged(log: Buffer): boolean {
  const file = join(folder, 'log')
  writeFileSync(file, log)
  return isWalDamaged(file)
}

test('whatever part of an unflushed commit a cut has left over an older log, nothing was lost', () => {
  const changed: number[] = []
  for (let sector = 0; sector < after.length; sector += SECTOR_BYTES)
    if (!after.subarray(sector, sector + SECTOR_BYTES).equals(before.subarray(sector, sector + SECTOR_BYTES)))
      changed.push(sector)
  const seam = changed.indexOf(at(ACROSS_FRAME) + 8)
  expect(seam).toBeGreaterThan(0)
  fc.assert(
    fc.property(fc.infiniteStream(fc.boolean()), (reached) => {
      const log = Buffer.from(before)
      // The worst of them, with any other: the new salts stand behind the old mark.
      for (const [nth, sector] of changed.entries())
        if (nth === seam || (nth !== seam - 1 && reached.next().value))
          after.copy(log, sector, sector, sector + SECTOR_BYTES)
      return !damaged(log)
    }),
    { numRuns: 300 },
  )
})

test('a bit that turned in any frame but those of the last commit is seen', () => {
  expect(damaged(after)).toBe(false)
  for (let frame = 0; frame < ACROSS_FRAME - 2; frame += 1) {
    const log = Buffer.from(after)
    log.writeUInt8(log.readUInt8(at(frame) + 24 + 100) ^ 1, at(frame) + 24 + 100)
    expect(damaged(log)).toBe(true)
  }
})
