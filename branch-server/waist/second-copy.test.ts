import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BusinessDate, EpochMs, Series, SteadyMs } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import { readSettings } from '../store/settings-copy.ts'
import type { CommitListener, Waist } from './execute.ts'
import { createSecondCopy, type SecondCopy } from './second-copy.ts'

const DATE = '2026-11-27' as BusinessDate
const SERIES = 'A' as Series
const log = { info() {}, warn() {}, error() {} }

let folder = ''
let file = ''
let copy: SecondCopy
let commit: (ordinal: number) => void
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'second-copy-'))
  file = join(folder, 'settings.json')
  let state: BranchState = {
    ...emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs }),
    day: { date: DATE, endsAtMs: 1 as EpochMs, isClosed: false },
  }
  const store = { catalogues: { pins: () => [] }, devices: { all: () => [] } }
  let wake: CommitListener = () => {}
  const waist = {
    branch: () => ({ store, state }),
    onCommit(listener: CommitListener) {
      wake = listener
      return () => {}
    },
  }
  copy = createSecondCopy(waist as unknown as Waist, file, log as never)
  commit = (ordinal) => {
    state = { ...state, lastOrdinal: state.lastOrdinal.set(SERIES, ordinal) }
    wake([], [])
  }
})
afterEach(async () => {
  await copy.close()
  rmSync(folder, { recursive: true, force: true })
})

/** How far the numbers have come, as a salvage would read it. */
const kept = (): number => readSettings(file)?.seen?.lastOrdinals[0]?.[1] ?? 0

test('half of what it may be behind, it is written while the branch goes on', async () => {
  commit(19)
  await copy.close()
  expect(kept()).toBe(0)
  commit(20)
  // Nobody has waited for it.
  expect(kept()).toBe(0)
  await copy.close()
  expect(kept()).toBe(20)
})

test('no answer goes out while it is further behind than an epoch jumps', () => {
  for (let ordinal = 1; ordinal <= 300; ordinal += 1) {
    commit(ordinal)
    expect(ordinal - kept()).toBeLessThan(40)
  }
})

test('what was begun earlier does not take the place of what was written since', async () => {
  commit(20)
  commit(45)
  expect(kept()).toBe(45)
  await copy.close()
  expect(kept()).toBe(45)
  commit(65)
  await copy.close()
  expect(kept()).toBe(65)
})

test('a disk that did not take it in the background is asked again with the next commit', async () => {
  rmSync(folder, { recursive: true })
  commit(20)
  await copy.close()
  expect(existsSync(file)).toBe(false)
  mkdirSync(folder)
  commit(21)
  expect(kept()).toBe(21)
})
