import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backup } from './backup.ts'
import { BackupPlaceError, checkBackupPlace } from './backup-place.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smartqueue-place-'))
  for (const name of ['data', 'stick', 'other']) mkdirSync(join(root, name))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A disk for each folder; those not named here are on the branch's own. */
const disks =
  (away: Readonly<Record<string, number>>) =>
  (path: string): number =>
    away[path] ?? 1

test('a stick that was there and is not mounted is no place for a backup, and another stick is', () => {
  const [data, stick] = [join(root, 'data'), join(root, 'stick')]
  expect(checkBackupPlace(data, stick, disks({ [stick]: 2 }))).toBe(true)
  expect(() => checkBackupPlace(data, stick, disks({}))).toThrow(BackupPlaceError)
  expect(() => checkBackupPlace(data, stick, disks({}))).toThrow(/not mounted/)
  expect(checkBackupPlace(data, stick, disks({ [stick]: 3 }))).toBe(true)
})

test('a plain folder is told to be on the same disk, and may become a disk of its own', () => {
  const [data, stick, other] = [join(root, 'data'), join(root, 'stick'), join(root, 'other')]
  expect(checkBackupPlace(data, stick, disks({}))).toBe(false)
  expect(checkBackupPlace(data, stick, disks({ [stick]: 2 }))).toBe(true)
  // Another folder was named: nothing is known of that one.
  expect(checkBackupPlace(data, other, disks({}))).toBe(false)
})

test('no copy is laid into the folder that a stick has left behind', async () => {
  const [data, mount, away] = [join(root, 'data'), join(root, 'mount'), mkdtempSync('/dev/shm/smartqueue-stick-')]
  new Database(join(data, 'branch.db')).exec('create table ticket (number text)').close()
  const task = { kind: 'backup', file: join(data, 'branch.db'), folder: mount, isGiven: true } as const
  const pace = { monotonicMs: () => 0, rest: () => {} }
  try {
    symlinkSync(away, mount)
    await backup({ ...task, name: 'branch-1.db' }, pace)
    unlinkSync(mount)
    mkdirSync(mount)
    await expect(backup({ ...task, name: 'branch-2.db' }, pace)).rejects.toThrow(/not mounted/)
    expect(readdirSync(mount)).toEqual([])
    expect(readdirSync(away)).toEqual(['branch-1.db'])
  } finally {
    rmSync(away, { recursive: true, force: true })
  }
})
