import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EpochMs, SteadyMs } from '#shared/domain/ids.ts'
import { tellLog } from '#shared/host/testing/told-log.ts'
import { forgetDetailsInTime } from './forget-details.ts'

const DAY_MS = 24 * 3_600_000
const log = { info: () => {}, warn: () => {}, error: vi.fn() }

let folder = ''
beforeEach(() => {
  vi.useFakeTimers()
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-forget-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

/** A kiosk that hears nothing of its branch any more. */
function alone(forgetDetails: (before: string) => void) {
  const told = tellLog()
  const state = told.state()
  const startedMs = told.snapshot.now.atMs
  let atMs: number = startedMs
  const parts = {
    host: {
      now: () => ({ atMs: atMs as EpochMs, steadyMs: 0 as SteadyMs }),
      store: { seen: () => ({ state, bookmark: {} }) as never },
    },
    store: { forgetDetails },
    ...{ folder, wallMs: () => atMs, log },
  }
  const forgetting = forgetDetailsInTime(parts)
  return {
    startedMs,
    pass(ms: number) {
      atMs += ms
      vi.advanceTimersByTime(60_000)
    },
    close: forgetting.close,
  }
}

test('at the start of each business day what was said before the day that has ended is erased, branch or no branch', () => {
  const befores: string[] = []
  const kiosk = alone((before) => void befores.push(before))
  kiosk.pass(60_000)
  for (let day = 0; day < 2; day += 1) kiosk.pass(DAY_MS)
  kiosk.close()
  kiosk.pass(DAY_MS)
  expect(befores).toEqual(['2026-11-22', '2026-11-23', '2026-11-24'])
})

test('a disk that refuses is asked again', () => {
  let askedCount = 0
  const kiosk = alone(() => {
    askedCount += 1
    if (askedCount === 1) throw new Error('disk full')
  })
  kiosk.pass(60_000)
  kiosk.pass(60_000)
  kiosk.close()
  expect([askedCount, log.error.mock.calls.length]).toEqual([2, 1])
})

test('a damaged memory that was set aside is gone when what customers said in it is due', () => {
  const befores: string[] = []
  const kiosk = alone((before) => void befores.push(before))
  const aside = join(folder, 'set-aside', String(kiosk.startedMs))
  mkdirSync(aside, { recursive: true })
  const files = ['kiosk.db', 'kiosk.db-wal', 'feed.db'].map((name) => join(aside, name))
  for (const file of files) writeFileSync(file, 'x')
  kiosk.pass(DAY_MS)
  expect(files.map(existsSync)).toEqual([true, true, true])
  kiosk.pass(DAY_MS)
  kiosk.close()
  // What was set aside of the branch's log names nobody.
  expect(files.map(existsSync)).toEqual([false, false, true])
})
