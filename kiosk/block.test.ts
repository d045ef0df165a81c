import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BusinessDate, Series, TicketId, TicketNumber } from '#shared/domain/ids.ts'
import { amadou, bank, cash, counter1 } from '#shared/domain/testing/bank.ts'
import { callerOrigin, mark, openBranch, paper, type Story } from '#shared/domain/testing/story.ts'
import { nextInBlock } from './block.ts'
import { type KioskStore, openKioskStore } from './kiosk-store.ts'

const MONDAY = '2026-11-23' as BusinessDate
const A = 'A' as Series

let folder = ''
let kept: KioskStore
let story: Story

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-block-'))
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  kept = openKioskStore(join(folder, 'kiosk.db'), () => 1_000, log)
  story = openBranch(bank, [[counter1, amadou]])
})
afterEach(() => {
  kept.close()
  rmSync(folder, { recursive: true, force: true })
})

const next = (series = A): number | null =>
  nextInBlock({ kept, noted: { meta: () => null }, state: story.state(), slot: 1 }, series, MONDAY)

function types(number: string): void {
  const ticketId = `typed-${number}` as TicketId
  const typed = { type: 'AdoptNumber', counterId: counter1, ticketId, number: number as TicketNumber } as const
  story.does({ ...typed, isNumberTaken: false, isConfirmed: true }, callerOrigin(counter1))
  story.acts('StartService', counter1, ticketId)
  story.completes(counter1, ticketId)
}

test('a number that somebody typed uses up no block, however high it is', () => {
  types('A1999')
  expect(next()).toBe(1)
  const typed = mark('completed', { ticketId: null, number: 'A1998' as TicketNumber, isConfirmed: true })
  story.does({ type: 'RecordTicket', mark: typed }, callerOrigin(counter1))
  expect(next()).toBe(1)
})

test('a number that somebody typed is on no second paper of that day: it alone is left out', () => {
  types('A1001')
  types('A1003')
  expect(next()).toBe(2)
  story.adopts([paper('p2', 'A1002', cash)])
  expect(next()).toBe(4)
})

test('a kiosk on a new disk goes on above the papers that the branch has from it', () => {
  story.adopts([paper('p7', 'A1007', cash)])
  expect(next()).toBe(8)
  expect(next('B' as Series)).toBe(1)
})
