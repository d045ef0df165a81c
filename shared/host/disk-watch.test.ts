import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { diskFaultOf } from '../disk/disk-fault.ts'
import { DISKS_TOLD_MS } from '../wire/screens.ts'
import { watchDisk } from './disk-watch.ts'
import type { Pairing } from './pairing.ts'
import type { TellingHost } from './tell-branch.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const told: string[] = []
const host: TellingHost = {
  pairing: () => ({}) as Pairing,
  status: () => ({ link: 'up', sinceMs: 0 }),
  onNews: () => () => {},
  async ask({ body }) {
    told.push((JSON.parse(body ?? '') as { disk: string }).disk)
    return { status: 200, body: '{}' }
  },
}
const failing = (code: string) => Object.assign(new Error(code), { code })

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-disk-'))
  told.length = 0
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

test('staff hear that the disk of a running device took nothing, and once that it takes something again', async () => {
  const watch = watchDisk(host, folder, silent)
  await vi.advanceTimersByTimeAsync(2 * DISKS_TOLD_MS)
  expect(told).toEqual([])
  watch.failed(new TypeError('a bug of ours'))
  watch.failed(failing('SQLITE_FULL'))
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toEqual(['full'])
  await vi.advanceTimersByTimeAsync(3 * DISKS_TOLD_MS)
  expect(told).toEqual(['full', 'ok'])
  watch.close()
})

test.for([
  ['ENOSPC', 'full'],
  ['SQLITE_FULL', 'full'],
  ['EROFS', 'refuses'],
  ['SQLITE_IOERR_WRITE', 'refuses'],
  ['SQLITE_CORRUPT', null],
  ['EADDRINUSE', null],
] as const)('%s says of the disk: %s', ([code, fault]) => {
  expect(diskFaultOf(failing(code), folder)).toBe(fault)
})
