import { expect, test } from 'vitest'
import type { EpochMs, SteadyMs } from '#shared/domain/ids.ts'
import type { KeptRights } from '../store/agent-rights.ts'
import type { Store } from '../store/store.ts'
import { CONFIRMED_MS, createRights, RIGHTS_MS_MAX } from './rights.ts'

const DAY_MS = 24 * 3_600_000

function branchOf({ isManaged = true, kept = null as KeptRights | null } = {}) {
  const clock = { nowMs: 1_000 }
  const disk = { takes: true }
  const written: KeptRights[] = []
  const agentRights = { get: () => null, put: (rights: KeptRights) => void written.push(rights) }
  const rights = createRights({
    kept,
    isManaged: () => isManaged,
    readClock: () => ({ wallMs: clock.nowMs as EpochMs, steadyMs: clock.nowMs as SteadyMs }),
    write: (writes) => {
      if (disk.takes) writes({ agentRights } as unknown as Store)
      return Promise.resolve(disk.takes)
    },
  })
  return { rights, clock, disk, written }
}

test('what the disk did not take of head office’s word is written at the next', async () => {
  const { rights, clock, disk, written } = branchOf()
  disk.takes = false
  rights.heard()
  await Promise.resolve()
  disk.takes = true
  clock.nowMs += 1_000
  rights.heard()
  expect(written).toMatchObject([{ asOfMs: 2_000 }])
})

test('a branch that stands alone has rights that do not age', () => {
  const { rights, clock } = branchOf({ isManaged: false })
  clock.nowMs += 400 * DAY_MS
  expect(rights.isTooOld()).toBe(false)
  expect(rights.now()).toEqual({ asOfMs: null, ageMs: 0, leftMs: null })
})

test('agents sign in for thirty days without a word of head office, and no longer', () => {
  const { rights, clock } = branchOf()
  rights.heard()
  clock.nowMs += RIGHTS_MS_MAX - 1
  expect(rights.isTooOld()).toBe(false)
  expect(rights.now()).toMatchObject({ asOfMs: 1_000, ageMs: RIGHTS_MS_MAX - 1, leftMs: 1 })
  clock.nowMs += 1
  expect(rights.isTooOld()).toBe(true)
  rights.heard()
  expect(rights.isTooOld()).toBe(false)
})

test('a manager answers for a week at a time, and makes nothing younger by that', () => {
  const { rights, clock } = branchOf()
  rights.heard()
  clock.nowMs += RIGHTS_MS_MAX + DAY_MS
  rights.take(rights.confirmed())
  expect(rights.isTooOld()).toBe(false)
  expect(rights.now()).toMatchObject({ asOfMs: 1_000, leftMs: CONFIRMED_MS })
  clock.nowMs += CONFIRMED_MS
  expect(rights.isTooOld()).toBe(true)
})

test('head office is written down once an hour however often it is heard, and known after a start', () => {
  const { rights, clock, written } = branchOf()
  for (let minute = 0; minute < 90; minute += 1) {
    rights.heard()
    clock.nowMs += 60_000
  }
  expect(written).toHaveLength(2)
  const again = branchOf({ kept: written.at(-1) ?? null })
  again.clock.nowMs = clock.nowMs + RIGHTS_MS_MAX
  expect(again.rights.isTooOld()).toBe(true)
})
