import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDurable, type Sqlite } from '#shared/disk/open.ts'
import { BACKUPS_KEPT, type BackupTask, backup, type Pace } from './backup.ts'

let root = ''
let live: Sqlite
let task: BackupTask
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backup-'))
  const file = join(root, 'branch.db')
  live = openDurable(file)
  live.exec(
    'create table row (id integer primary key, twin integer, body text) strict; create index twins on row (twin)',
  )
  const insert = live.prepare('insert into row (id, twin, body) values (?, ?, ?)')
  live.transaction(() => {
    for (let id = 1; id <= 1_000; id += 1) insert.run(id, 0, 'b'.repeat(2_000))
  })()
  task = { kind: 'backup', file, folder: join(root, 'backups'), name: 'copy.db' }
})
afterEach(() => {
  live.close()
  rmSync(root, { recursive: true, force: true })
})

/** Time that is as long as it is told: what a rest lasts is noted, not waited for. */
function paceOf(stepped: (remainingPages: number) => void): { pace: Pace; rests: number[] } {
  const rests: number[] = []
  let nowMs = 0
  return { rests, pace: { monotonicMs: () => (nowMs += 2), rest: (ms) => rests.push(ms), stepped } }
}

test('a copy is of one moment, whatever is committed and carried over while it is made', async () => {
  const change = live.prepare('update row set twin = twin + 1 where id = ? or id = ?')
  const add = live.prepare("insert into row (twin, body) values (0, 'new')")
  let steps = 0
  const { pace } = paceOf(() => {
    steps += 1
    // At both ends of the file, so that a copy that mixes moments has halves that differ.
    live.transaction(() => {
      change.run(steps, 1_001 - steps)
      add.run()
    })()
    live.pragma('wal_checkpoint(PASSIVE)')
  })
  const { file } = await backup(task, pace)
  expect(steps).toBeGreaterThan(5)
  const copy = new Database(file, { readonly: true })
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(copy.prepare('select count(*), sum(twin) from row').raw().get()).toEqual([1_000, 0])
  copy.close()
  expect(live.prepare('select count(*) from row').pluck().get()).toBe(1_000 + steps)
})

test('it rests for longer than it works, until the log of what is committed meanwhile grows too long', async () => {
  const { pace, rests } = paceOf(() => {})
  await backup(task, pace)
  expect(rests.length).toBeGreaterThan(5)
  expect(Math.min(...rests)).toBeGreaterThanOrEqual(6)
})

test('nothing has its name before it is whole, and a copy that fails leaves the ones before', async () => {
  await backup({ ...task, name: 'before.db' }, paceOf(() => {}).pace)
  const seen: boolean[] = []
  const { pace } = paceOf(() => {
    seen.push(existsSync(join(task.folder, task.name)))
    if (seen.length === 3) throw new Error('the disk is full')
  })
  await expect(backup(task, pace)).rejects.toThrow('the disk is full')
  expect(seen).toEqual([false, false, false])
  expect(readdirSync(task.folder).filter((name) => name.endsWith('.db'))).toEqual(['before.db'])
  // What the failed one has left behind does not stand in the way of the next.
  await backup(task, paceOf(() => {}).pace)
  expect(readdirSync(task.folder).toSorted()).toEqual(['before.db', 'copy.db'])
})

test('a copy that was cut short takes no room for ever, whatever its name was', async () => {
  mkdirSync(task.folder)
  for (const end of ['', '-journal']) writeFileSync(join(task.folder, `cut-by-the-power.db.new${end}`), 'half')
  await backup(task, paceOf(() => {}).pace)
  expect(readdirSync(task.folder)).toEqual(['copy.db'])
  const full = paceOf(() => {
    throw new Error('the disk is full')
  })
  await expect(backup({ ...task, name: 'another.db' }, full.pace)).rejects.toThrow('the disk is full')
  expect(readdirSync(task.folder)).toEqual(['copy.db'])
})

test('only the latest copies are kept', async () => {
  for (let index = 0; index < BACKUPS_KEPT + 2; index += 1)
    await backup({ ...task, name: `copy-${String(index).padStart(2, '0')}.db` }, paceOf(() => {}).pace)
  const kept = readdirSync(task.folder).toSorted()
  expect(kept).toHaveLength(BACKUPS_KEPT)
  expect(kept[0]).toBe('copy-02.db')
})
