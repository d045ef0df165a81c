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
  keepPaper(1)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

const idOf = (ordinal: number): string => `00000000-0000-7000-8000-${String(ordinal).padStart(12, '0')}`

function keepPaper(ordinal: number): void {
  const paper = {
    ticketId: idOf(ordinal),
    number: `A1${String(ordinal).padStart(3, '0')}`,
    serviceId: 'cash',
    language: 'fr',
    priority: null,
    businessDate: '2026-11-23',
    lastContactSteadyMs: 0,
    sinceContactMs: ordinal,
    tapKey: `tap-${ordinal}`,
  } as const
  const place = { branchKey: HERE, series: 'A' as Series, ordinal, arrivalSteadyMs: ordinal }
  store.keep(paper.tapKey, '{}', { paper, ...place }, null, 1)
}

/** A branch that answers each hand-over with what it is given here, the last one for ever. */
function pretendBranch(
  ...refused: readonly (readonly object[])[]
): TellingHost & { readonly askedCount: () => number } {
  return branchThat((_, count) => ({ status: 200, refused: refused[Math.min(count, refused.length) - 1] ?? [] }))
}

type Answering = (ticketIds: readonly string[], count: number) => { status: number; refused: readonly object[] }

function branchThat(answer: Answering): TellingHost & { readonly askedCount: () => number } {
  const { snapshot, state } = tellLog()
  const seen = { state: state(), bookmark: { epoch: snapshot.epoch, seq: snapshot.seq, headHash: snapshot.headHash } }
  let askedCount = 0
  return {
    store: { seen: () => seen },
    pairing: () => ({ branchKey: HERE }) as Pairing,
    branchKeys: () => [HERE],
    status: () => ({ link: 'up', sinceMs: 0 }),
    onNews: () => () => {},
    async ask({ body }) {
      askedCount += 1
      const { tickets } = JSON.parse(body ?? '') as { tickets: readonly { ticketId: string }[] }
      const { status, refused } = answer(
        tickets.map((it) => it.ticketId),
        askedCount,
      )
      return { status, body: JSON.stringify({ adopted: [], refused }) }
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

test('a paper that the branch never manages to take does not keep the others from it, is told to staff and tried again', async () => {
  const last = 40
  for (let ordinal = 2; ordinal <= last; ordinal += 1) keepPaper(ordinal)
  const bad = idOf(13)
  let isBetter = false
  const branch = branchThat((ids) => ({ status: ids.includes(bad) && !isBetter ? 500 : 200, refused: [] }))
  const handOver = handOverAlways(branch, store, log)
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) {
      handOver.tryNow()
      await pause(10)
    }
  }
  await turns(20)
  expect(store.notHandedOver([HERE], last).map((paper) => paper.ticketId)).toEqual([bad])
  expect(said.filter((text) => text.includes('tell staff')).length).toBe(1)
  const asked = branch.askedCount()
  await turns(3)
  // One question a turn: a branch in trouble is not made busier.
  expect(branch.askedCount()).toBe(asked + 3)
  isBetter = true
  await turns(1)
  handOver.close()
  expect(store.notHandedOver([HERE], last)).toEqual([])
})
