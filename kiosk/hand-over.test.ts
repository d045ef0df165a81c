import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Series } from '#shared/domain/ids.ts'
import type { Pairing } from '#shared/host/pairing.ts'
import type { TellingHost } from '#shared/host/tell-always.ts'
import { tellLog } from '#shared/host/testing/told-log.ts'
import { handOverAlways } from './hand-over.ts'
import { type KioskStore, openKioskStore } from './kiosk-store.ts'

const HERE = 'the key of this branch'
const ticketId = '00000000-0000-7000-8000-000000000001'
const said: string[] = []
const note = (_details: object, message: string): void => void said.push(message)
const log = { info: () => {}, warn: note, error: note }

let folder = ''
let store: KioskStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-hand-over-'))
  store = openKioskStore(join(folder, 'kiosk.db'), () => 1_000, log)
  said.length = 0
  const paper = {
    ticketId,
    number: 'A1001',
    serviceId: 'cash',
    language: 'fr',
    priority: null,
    businessDate: '2026-11-23',
    lastContactSteadyMs: 0,
    sinceContactMs: 1,
    tapKey: 'tap-1',
  } as const
  store.keep('tap-1', '{}', { paper, branchKey: HERE, series: 'A' as Series, ordinal: 1, arrivalSteadyMs: 1 }, null, 1)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A branch that answers each hand-over with what it is given here, the last one for ever. */
function pretendBranch(
  ...refused: readonly (readonly object[])[]
): TellingHost & { readonly askedCount: () => number } {
  const { snapshot, state } = tellLog()
  const seen = { state: state(), bookmark: { epoch: snapshot.epoch, seq: snapshot.seq, headHash: snapshot.headHash } }
  let askedCount = 0
  return {
    store: { seen: () => seen },
    pairing: () => ({ branchKey: HERE }) as Pairing,
    branchKeys: () => [HERE],
    status: () => ({ link: 'up', sinceMs: 0 }),
    onNews: () => () => {},
    async ask() {
      askedCount += 1
      const body = { adopted: [], refused: refused[Math.min(askedCount, refused.length) - 1] }
      return { status: 200, body: JSON.stringify(body) }
    },
    askedCount: () => askedCount,
  }
}

test('a branch whose catalogue is still on its way is told of the papers again', async () => {
  const missing = { ticketId, number: 'A1001', code: 'CatalogueMissing' }
  const branch = pretendBranch([missing], [])
  const handOver = handOverAlways(branch, store, log)
  handOver.tryNow()
  await pause(50)
  expect(branch.askedCount()).toBe(1)
  expect(store.notHandedOver([HERE], 9).length).toBe(1)
  expect(said).toEqual([])

  handOver.tryNow()
  await pause(50)
  handOver.close()

  expect(store.notHandedOver([HERE], 9)).toEqual([])
})

test('a paper that the branch refuses for good is told to staff once, and not handed over again', async () => {
  const branch = pretendBranch([{ ticketId, number: 'A1001', code: 'NumberNotOffline' }])
  const handOver = handOverAlways(branch, store, log)
  handOver.tryNow()
  await pause(50)
  handOver.tryNow()
  await pause(50)
  handOver.close()
  expect(said).toEqual(['the branch refused a paper; tell staff'])
  expect(branch.askedCount()).toBe(1)
})
