import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TicketId } from '#shared/domain/ids.ts'
import { profileNamed } from '#shared/slip/profile.ts'
import { PLAIN_SLIP, type SlipContent } from '#shared/slip/slip.ts'
import type { ListContent } from '#shared/slip/waiting-list.ts'
import { pretendPrinter } from './devices/pretend.ts'
import type { PrintOutcome, TicketPrinter } from './devices/printer.ts'
import { type KioskStore, openKioskStore } from './kiosk-store.ts'
import { createPrintQueue, type PrintQueue } from './print-queue.ts'

const PROFILE = profileNamed('paper-80')
const slip: SlipContent = {
  branchName: 'Dakar',
  serviceName: 'Caisse',
  number: 'A1001',
  language: 'fr',
  issuedAtMs: 0,
  timezone: 'Africa/Dakar',
  aheadCount: null,
  wait: null,
  thenNames: [],
  offline: true,
  copyNumber: 1,
  qrData: 'x',
  ...PLAIN_SLIP,
}
const ticketId = '00000000-0000-7000-8000-000000000001' as TicketId

let folder = ''
let store: KioskStore
let queue: PrintQueue
const said: string[] = []
let nowMs = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-print-'))
  said.length = 0
  const note = (_details: object, message: string): void => void said.push(message)
  const log = { info: () => {}, warn: note, error: note }
  store = openKioskStore(join(folder, 'kiosk.db'), () => 1_000, log)
  nowMs = 0
  const printer = pretendPrinter({ folder: join(folder, 'paper'), profile: PROFILE })
  queue = createPrintQueue({
    printers: [{ address: 'pretend:paper', printer, profile: PROFILE }],
    store,
    log,
    monotonicMs: () => nowMs,
    logo: () => null,
  })
})
afterEach(async () => {
  await queue.close()
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a copy is marked as such and counted, however often it is asked for', async () => {
  const first = queue.draft(ticketId, slip)
  store.addJob(first, 1)
  queue.start(first)
  const copies = [2, 3, 4].map((atMs) => queue.reprint(first.id, atMs)?.copy)
  await queue.close()
  expect(copies).toEqual([2, 3, 4])
  expect(store.jobs().map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'confirmed', 'confirmed'])
  expect(queue.reprint('no-such-job', 5)).toBeNull()
})

test('no paper comes that could not be written down before, and the next ticket is none the worse for it', async () => {
  const jobs = [queue.draft(ticketId, slip), queue.draft(ticketId, slip)]
  for (const job of jobs) store.addJob(job, 1)
  const setJob = store.setJob
  let refusedCount = 0
  Object.assign(store, {
    setJob: (...noted: Parameters<typeof setJob>) => {
      if (noted[0] === jobs[0]?.id && refusedCount++ === 0) throw new Error('disk full')
      setJob(...noted)
    },
  })
  for (const job of jobs) queue.start(job)
  await queue.close()
  expect(said).toContain('the state of a print job could not be written down')
  expect(readdirSync(join(folder, 'paper')).filter((file) => file.endsWith('.bin'))).toEqual(['0001.bin'])
  expect(jobs.map((job) => store.job(job.id)?.state)).toEqual(['queued', 'confirmed'])
})

test('a receipt that comes late lifts the doubt, and no other state', async () => {
  const late: (() => void)[] = []
  const outcomes: PrintOutcome[] = ['uncertain', 'failed']
  const printer: TicketPrinter = {
    ...pretendPrinter({ folder: join(folder, 'paper'), profile: PROFILE }),
    print: (_bytes, how) => {
      late.push(how?.onLateReceipt ?? (() => {}))
      return Promise.resolve(outcomes.shift() ?? 'failed')
    },
  }
  await queue.use([{ address: 'test:late', printer, profile: PROFILE }])
  const jobs = [queue.draft(ticketId, slip), queue.draft(ticketId, slip)]
  for (const job of jobs) store.addJob(job, 1)
  for (const job of jobs) queue.start(job)
  await queue.close()
  expect(jobs.map((job) => store.job(job.id)?.state)).toEqual(['uncertain', 'failed'])
  for (const call of late) call()
  expect(jobs.map((job) => store.job(job.id)?.state)).toEqual(['confirmed', 'failed'])
  // Whoever printed on it meanwhile knows how it stands.
  expect(store.isBroken('test:late')).toBe(true)
})

test('another printer takes the tickets from the moment it is chosen, and the first is let go', async () => {
  const other = pretendPrinter({ folder: join(folder, 'other'), profile: PROFILE })
  const jobs = [queue.draft(ticketId, slip), queue.draft(ticketId, slip)]
  for (const job of jobs) store.addJob(job, 1)
  for (const [index, job] of jobs.entries()) {
    queue.start(job)
    if (index === 0) void queue.use([{ address: 'pretend:other', printer: other, profile: PROFILE }])
  }
  await queue.close()
  const papers = (name: string) => readdirSync(join(folder, name)).filter((file) => file.endsWith('.bin'))
  expect([papers('paper'), papers('other')]).toEqual([['0001.bin'], ['0001.bin']])
})

test('paper that nobody waits for any more is not printed', async () => {
  const jobs = [queue.draft(ticketId, slip), queue.draft(ticketId, slip)]
  for (const job of jobs) store.addJob(job, 1)
  const setJob = store.setJob
  Object.assign(store, {
    setJob: (...noted: Parameters<typeof setJob>) => {
      setJob(...noted)
      nowMs += 15_000
    },
  })
  for (const job of jobs) queue.start(job)
  await queue.close()
  expect(jobs.map((job) => store.job(job.id)?.state)).toEqual(['confirmed', 'expired'])
})

const sheet = (page: number): ListContent => ({
  ...{ kind: 'waiting-list', branchName: 'Dakar', language: 'fr', timezone: 'Africa/Dakar', atMs: 0 },
  ...{ page, pageCount: 8, lines: [], count: 0, leftOut: 0, copyNumber: 1 },
})

/** Each paper takes so long. */
function printerTakes(ms: number): void {
  const { setJob } = store
  Object.assign(store, {
    setJob: (...noted: Parameters<typeof setJob>) => {
      setJob(...noted)
      if (noted[1] !== 'sending') nowMs += ms
    },
  })
}

test('the later sheets of a list wait for their turn, however slow the printer is', async () => {
  printerTakes(15_000)
  for (let page = 1; page <= 8; page += 1) queue.printSheet(ticketId, sheet(page), page)
  await queue.close()
  expect(store.jobs().map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'confirmed'))
})

test('but not for ever', async () => {
  printerTakes(400_000)
  for (let page = 1; page <= 3; page += 1) queue.printSheet(ticketId, sheet(page), page)
  await queue.close()
  expect(store.jobs().map(({ number, state }) => [number, state])).toEqual([
    ['3/8', 'expired'],
    ['2/8', 'confirmed'],
    ['1/8', 'confirmed'],
  ])
})

test('a printer that cannot be let go of stops neither the change to another nor the tickets after it', async () => {
  const pretend = pretendPrinter({ folder: join(folder, 'stubborn'), profile: PROFILE })
  let askedCount = 0
  const stubborn: TicketPrinter = {
    ...pretend,
    status() {
      askedCount += 1
      return pretend.status()
    },
    close: () => Promise.reject(new Error('busy')),
  }
  const other = pretendPrinter({ folder: join(folder, 'other'), profile: PROFILE })
  await queue.use([{ address: 'test:stubborn', printer: stubborn, profile: PROFILE }])
  await queue.status()
  const before = askedCount
  await expect(queue.aside(async () => 'done')).resolves.toBe('done')
  // It is looked after again.
  await expect.poll(() => askedCount).toBeGreaterThan(before)
  await queue.use([{ address: 'pretend:other', printer: other, profile: PROFILE }])
  const job = queue.draft(ticketId, slip)
  store.addJob(job, 1)
  queue.start(job)
  await queue.close()
  expect(store.job(job.id)?.state).toBe('confirmed')
  expect(said).toEqual(['a printer was not let go of', 'a printer was not let go of'])
})
