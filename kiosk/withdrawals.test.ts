import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Pairing } from '#shared/host/pairing.ts'
import type { TellingHost } from '#shared/host/tell-always.ts'
import { tellLog } from '#shared/host/testing/told-log.ts'
import { type KioskStore, openKioskStore } from './kiosk-store.ts'
import { type Withdrawals, withdrawAlways } from './withdrawals.ts'

const HERE = 'the key of this branch'
const log = { info: () => {}, warn: () => {}, error: () => {} }

let folder = ''
let store: KioskStore
let withdrawals: Withdrawals | null = null
const told: string[][] = []
let status = 200

const open = (): KioskStore => openKioskStore(join(folder, 'kiosk.db'), () => 1_000, log)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-withdrawals-'))
  store = open()
  told.length = 0
  status = 200
})
afterEach(() => {
  withdrawals?.close()
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

function branch(): TellingHost {
  const { snapshot, state } = tellLog()
  const seen = { state: state(), bookmark: { epoch: snapshot.epoch, seq: snapshot.seq, headHash: snapshot.headHash } }
  return {
    store: { seen: () => seen },
    pairing: () => ({ branchKey: HERE }) as Pairing,
    branchKeys: () => [HERE],
    status: () => ({ link: 'up', sinceMs: 0 }),
    onNews: () => () => {},
    async ask({ body }) {
      told.push((JSON.parse(body ?? '') as { keys: string[] }).keys)
      return { status, body: JSON.stringify({ withdrawn: [] }) }
    },
  }
}

/** A kiosk that is switched on. @param tryMsMax - how long a page may still try a tap from before */
function boot(tryMsMax = 60_000): Withdrawals {
  withdrawals?.close()
  store.close()
  store = open()
  withdrawals = withdrawAlways(branch(), store, log, tryMsMax)
  return withdrawals
}

test('a tap whose kiosk was killed before its answer came is withdrawn once no page tries it any more', async () => {
  const first = boot()
  for (const key of ['answered', 'refused', 'killed', 'tried again']) first.asking(key)
  store.keep('answered', '{}', null, null, 1)
  first.settled('refused')

  const next = boot(50)
  expect(next.isGivenUp('killed')).toBe(false)
  next.asking('tried again')
  store.keep('tried again', '{}', null, null, 1)

  await expect.poll(() => told).toEqual([['killed']])
  expect(store.doubts().open()).toEqual([])
})

test('a tap that was given up is told until the branch has heard it, also by the next start', async () => {
  status = 503
  boot().giveUp('tap')
  await expect.poll(() => told.length).toBeGreaterThan(0)
  status = 200
  const next = boot()
  expect(next.isGivenUp('tap')).toBe(true)
  told.length = 0
  next.giveUp('another')
  await expect.poll(() => told).toEqual([['another', 'tap']])
  await expect.poll(() => next.isGivenUp('tap')).toBe(false)
})

test('a disk that takes nothing keeps no kiosk from withdrawing', async () => {
  const full = { ...store, doubts: () => ({ ...store.doubts(), giveUp: refuse, ask: refuse }) }
  function refuse(): never {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  }
  withdrawals = withdrawAlways(branch(), full, log)
  withdrawals.asking('tap')
  withdrawals.giveUp('tap')
  expect(withdrawals.isGivenUp('tap')).toBe(true)
  await expect.poll(() => told).toEqual([['tap']])
})
