import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filesIn, traceSealed } from '#shared/disk/testing/trace-sealed.ts'
import type { BusinessDate, Epoch, Series, TicketId } from '#shared/domain/ids.ts'
import { PLAIN_SLIP, type SlipContent } from '#shared/slip/slip.ts'
import { type KioskStore, type OfflineTicket, openKioskStore } from './kiosk-store.ts'
import type { StoredJob } from './print-job.ts'

const MONDAY = '2026-11-23' as BusinessDate
const TUESDAY = '2026-11-24' as BusinessDate
const A = 'A' as Series
const HERE = 'the key of this branch'
const KIOSK_SIDE = [['sealed_details', 'details']] as const
const ELSEWHERE = 'the key of another'
const idOf = (ordinal: number): TicketId => `00000000-0000-7000-8000-${String(ordinal).padStart(12, '0')}` as TicketId

let folder = ''
let file = ''
let store: KioskStore
const said: string[] = []
const log = { info: () => {}, warn: () => {}, error: (_details: object, message: string) => void said.push(message) }

const open = (): KioskStore => openKioskStore(file, () => 1_000, log)
function openAgain(): void {
  store.close()
  store = open()
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-kiosk-'))
  file = join(folder, 'kiosk.db')
  said.length = 0
  store = open()
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

function ticket(ordinal: number, businessDate = MONDAY, branchKey = HERE): OfflineTicket {
  const number = `A1${String(ordinal).padStart(3, '0')}`
  const paper = {
    ticketId: idOf(ordinal),
    number,
    serviceId: 'cash',
    language: 'fr',
    priority: null,
    businessDate,
    lastContactSteadyMs: 0,
    sinceContactMs: ordinal,
    tapKey: `tap-${ordinal}`,
  } as const
  return { paper, branchKey, series: A, ordinal, arrivalSteadyMs: ordinal }
}

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
const job = (id: string, ticketId: TicketId, copy = 1): StoredJob => ({
  id,
  ticketId,
  number: 'A1001',
  state: 'queued',
  attempts: 0,
  copy,
  judgement: null,
  slip,
})

const keep = (ordinal: number): void =>
  store.keep(`tap-${ordinal}`, `{"answer":${ordinal}}`, ticket(ordinal), null, ordinal)

test('a tap, its ticket and its paper are there again after a restart', () => {
  store.keep('tap-1', '{"answer":1}', ticket(1), job('job-1', idOf(1)), 5)
  openAgain()
  expect(store.answerTo('tap-1')).toBe('{"answer":1}')
  expect(store.lastOrdinal(A, MONDAY)).toBe(1)
  expect(store.lastOrdinal(A, TUESDAY)).toBe(0)
  expect(store.notHandedOver([HERE], 9).map(({ number }) => number)).toEqual(['A1001'])
})

test('after a restart no job waits for ever: one on its way may be on paper, one in the queue is not', () => {
  store.keep('tap-1', '{}', ticket(1), job('sending', idOf(1)), 1)
  store.keep('tap-2', '{}', ticket(2), job('queued', idOf(2)), 2)
  store.setJob('sending', 'sending', 1, { address: 'tcp://a:9100', isBroken: true })
  openAgain()
  expect([store.isBroken('tcp://a:9100'), store.isBroken('tcp://b:9100')]).toEqual([true, false])
  expect(store.jobs().map(({ id, state }) => [id, state])).toEqual([
    ['queued', 'expired'],
    ['sending', 'uncertain'],
  ])
})

test('a slip that an older version kept can still be printed: it promises no wait and names no service to follow', () => {
  const { wait: _, thenNames: __, ...older } = slip
  store.keep('tap-1', '{}', ticket(1), { ...job('older', idOf(1)), slip: older as SlipContent }, 1)
  openAgain()
  expect(store.job('older')?.slip).toEqual(slip)
})

test('the copies of a ticket are counted however many others were printed since', () => {
  store.keep('tap-1', '{}', ticket(1), job('first', idOf(1)), 1)
  store.addJob(job('second', idOf(1), 2), 2)
  for (let count = 0; count < 120; count += 1) store.addJob(job(`other-${count}`, idOf(2)), 10 + count)
  expect(store.lastCopy(idOf(1))).toBe(2)
  expect(store.lastCopy(idOf(9))).toBe(0)
})

test('a number is taken once, and a tap is answered once', () => {
  keep(1)
  expect(() => store.keep('tap-1', '{}', null, null, 2)).toThrow(/UNIQUE/)
  expect(() => store.keep('tap-9', '{}', { ...ticket(1), ordinal: 1 }, null, 2)).toThrow(/UNIQUE/)
  expect(store.answerTo('tap-9')).toBeNull()
  expect(readdirSync(folder)).not.toContain('set-aside')
})

test('papers the branch had taken over are told again when it begins a new epoch, those of the day only', () => {
  store.meetBranch('first' as Epoch, MONDAY)
  store.keep('tap-1', '{}', ticket(1), null, 1)
  store.keep('tap-2', '{}', ticket(2, TUESDAY), null, 2)
  store.keep('tap-3', '{}', ticket(3, TUESDAY), null, 3)
  store.noteOutcome(idOf(1), 'adopted')
  store.noteOutcome(idOf(2), 'adopted')
  store.noteOutcome(idOf(3), 'ServiceUnknown')
  store.meetBranch('first' as Epoch, TUESDAY)
  expect(store.notHandedOver([HERE], 9)).toEqual([])
  store.meetBranch('second' as Epoch, TUESDAY)
  expect(store.notHandedOver([HERE], 9).map(({ number }) => number)).toEqual(['A1002'])
})

test('a number that was taken is asked for again on the next day of the branch', () => {
  store.meetBranch('first' as Epoch, MONDAY)
  store.keep('tap-1', '{}', ticket(1, TUESDAY), null, 1)
  store.noteOutcome(idOf(1), 'NumberTaken')
  store.meetBranch('first' as Epoch, MONDAY)
  expect(store.notHandedOver([HERE], 9)).toEqual([])
  store.meetBranch('first' as Epoch, TUESDAY)
  expect(store.notHandedOver([HERE], 9).length).toBe(1)
})

test('a number that was taken is asked for a day long, and then left', () => {
  store.meetBranch('first' as Epoch, MONDAY)
  keep(1)
  store.noteOutcome(idOf(1), 'NumberTaken')
  store.meetBranch('first' as Epoch, TUESDAY)
  expect(store.notHandedOver([HERE], 9).length).toBe(1)
  store.noteOutcome(idOf(1), 'NumberTaken')
  store.meetBranch('first' as Epoch, '2026-11-25' as BusinessDate)
  expect(store.notHandedOver([HERE], 9)).toEqual([])
})

test('a kiosk that moved to another branch hands over and counts only what it printed there', () => {
  store.keep('tap-7', '{}', ticket(7, MONDAY, ELSEWHERE), null, 7)
  keep(1)
  expect(store.notHandedOver([HERE], 9).map(({ number }) => number)).toEqual(['A1001'])
  expect(store.notHandedOver([ELSEWHERE], 9).map(({ number }) => number)).toEqual(['A1007'])
  expect([HERE, ELSEWHERE, 'a third'].map((branch) => store.lastArrivalSteadyMs(branch))).toEqual([1, 7, 0])
  expect(store.lastOrdinal(A, MONDAY)).toBe(7)
})

test('papers from before their branch was noted are those of the branch the kiosk is paired with', () => {
  keep(1)
  store.close()
  const db = new Database(file)
  db.exec('update offline_ticket set branch_key = null')
  db.close()
  store = open()
  expect(store.notHandedOver([HERE], 9).length).toBe(1)
  expect(store.lastArrivalSteadyMs(HERE)).toBe(1)
})

test('papers that were handed over are forgotten after two weeks, those that were not are kept', () => {
  for (const ordinal of [1, 2]) keep(ordinal)
  store.noteOutcome(idOf(2), 'adopted')
  store.keep('tap-3', '{}', ticket(3, '2026-12-07' as BusinessDate), null, 3)
  expect(store.lastOrdinal(A, MONDAY)).toBe(2)
  store.keep('tap-4', '{}', ticket(4, '2026-12-08' as BusinessDate), null, 4)
  expect(store.lastOrdinal(A, MONDAY)).toBe(1)
})

test('a file that is no database is set aside, and the kiosk knows that papers may be out', () => {
  for (let ordinal = 1; ordinal <= 30; ordinal += 1) keep(ordinal)
  store.close()
  rmSync(`${file}-wal`, { force: true })
  writeFileSync(file, 'x'.repeat(20_000))

  store = open()

  expect(said).toEqual(['the damaged memory of the kiosk was set aside'])
  expect(store.lostOn(MONDAY)).toBe(MONDAY)
  expect(store.lostOn(TUESDAY)).toBe(MONDAY)
  keep(81)
  expect(store.lastOrdinal(A, MONDAY)).toBe(81)
})

test('what can still be read of a damaged file is brought over: papers, answers to taps, the journal of paper', () => {
  for (let ordinal = 1; ordinal <= 400; ordinal += 1) {
    keep(ordinal)
    store.addJob(job(`job-${ordinal}`, idOf(ordinal)), ordinal)
    store.setJob(`job-${ordinal}`, ordinal % 2 === 0 ? 'sending' : 'uncertain', 1, null)
  }
  store.close()
  // The end of the file is gone, as when a disk loses sectors; its beginning still reads.
  truncateSync(file, Math.floor((readFileSync(file).length * 0.95) / 4096) * 4096)

  store = open()

  expect(said).toEqual(['the damaged memory of the kiosk was set aside'])
  const papers = store.notHandedOver([HERE], 500)
  expect(papers.length).toBeGreaterThan(0)
  for (const { ticketId, number } of papers) expect(number).toBe(`A1${ticketId.slice(-3)}`)
  const jobs = store.jobs()
  expect(jobs.length).toBeGreaterThan(0)
  // As after any start: nothing is on its way any more.
  for (const { state } of jobs) expect(state).toBe('uncertain')
  expect(store.lostOn(MONDAY)).toBe(MONDAY)
})

test('a person says once of an uncertain paper whether it came out, and of no other', () => {
  store.keep('tap-1', '{}', ticket(1), job('doubted', idOf(1)), 1)
  store.addJob(job('sure', idOf(2)), 2)
  store.setJob('doubted', 'uncertain', 1, null)
  store.setJob('sure', 'confirmed', 1, null)
  expect(store.judgeJob('doubted', 'missing', 'awa')).toBe(true)
  expect(store.judgeJob('doubted', 'came-out', 'awa')).toBe(false)
  expect(store.judgeJob('sure', 'missing', 'awa')).toBe(false)
  openAgain()
  expect([store.job('doubted')?.judgement, store.job('sure')?.judgement]).toEqual(['missing', null])
})

test('a file whose log lost commits in its middle opens, and the kiosk knows that papers may be out', () => {
  for (let ordinal = 1; ordinal <= 12; ordinal += 1) keep(ordinal)
  const log = readFileSync(`${file}-wal`)
  const database = readFileSync(file)
  store.close()
  log.writeUInt8(log.readUInt8(Math.floor(log.length / 2)) ^ 0xff, Math.floor(log.length / 2))
  writeFileSync(file, database)
  writeFileSync(`${file}-wal`, log)

  store = open()

  expect(store.lastOrdinal(A, MONDAY)).toBeLessThan(12)
  expect(store.lostOn(MONDAY)).toBe(MONDAY)
})

test('a whole file has lost nothing', () => {
  keep(1)
  openAgain()
  expect(store.lostOn(MONDAY)).toBeNull()
  expect(store.floor(A, MONDAY)).toBeNull()
})

test('what a customer said of herself is here until the branch has it, and then in no file of the kiosk', () => {
  const details = { name: 'Aïssatou Qanitzy', phone: '+221779913570', consent: { version: 2, language: 'fr' } } as const
  const alone = ticket(1)
  store.keep('tap-1', '{}', { ...alone, paper: { ...alone.paper, details } }, null, 1)
  keep(2)
  openAgain()
  expect(store.notHandedOver([HERE], 9).map((paper) => paper.details)).toEqual([details, undefined])
  const filesThatTell = traceSealed(file, KIOSK_SIDE, [details.phone])
  expect(filesThatTell()).not.toEqual([])
  store.noteOutcome(idOf(1), 'adopted')
  expect(filesThatTell()).toEqual([])
  // Told again to a branch that has lost everything, the paper comes without them.
  store.meetBranch('epoch-1' as Epoch, MONDAY)
  store.meetBranch('epoch-2' as Epoch, MONDAY)
  expect(store.notHandedOver([HERE], 9).map((paper) => paper.details)).toEqual([undefined, undefined])
})

const DETAILS = { name: 'Aïssatou Qanitzy', phone: '+221779913570', consent: { version: 2, language: 'fr' } } as const

function keepWithDetails(ordinal: number, businessDate = MONDAY): void {
  const alone = ticket(ordinal, businessDate)
  store.keep(`tap-${ordinal}`, '{}', { ...alone, paper: { ...alone.paper, details: DETAILS } }, null, ordinal)
}
const detailsHandedOver = () => store.notHandedOver([HERE], 9).map(({ number, details }) => [number, details])

test('a kiosk whose branch never answers keeps its papers, and what customers said no longer than the next day', () => {
  keepWithDetails(1)
  keepWithDetails(2, TUESDAY)
  const filesThatTell = traceSealed(file, KIOSK_SIDE, [DETAILS.phone])
  store.forgetDetails(MONDAY)
  expect(detailsHandedOver()).toEqual([
    ['A1001', DETAILS],
    ['A1002', DETAILS],
  ])
  store.forgetDetails(TUESDAY)
  expect(detailsHandedOver()).toEqual([
    ['A1001', undefined],
    ['A1002', DETAILS],
  ])
  store.forgetDetails('2026-11-25' as BusinessDate)
  expect(detailsHandedOver().map(([number]) => number)).toEqual(['A1001', 'A1002'])
  expect(filesThatTell()).toEqual([])
})

const inTheOpen = (text: string): readonly string[] =>
  filesIn(folder)
    .filter(({ bytes }) => bytes.includes(text))
    .map(({ name }) => name)

test('a kiosk that was carried away tells nothing of its customers, also where a version before kept it in the open', () => {
  keepWithDetails(1)
  expect(inTheOpen(DETAILS.phone)).toEqual([])
  expect(inTheOpen('A1001')).not.toEqual([])
  const db = new Database(file)
  const old = db.prepare('insert into customer_details (ticket_id, body) values (?, ?)')
  for (let ordinal = 2; ordinal < 60; ordinal += 1) {
    keep(ordinal)
    old.run(idOf(ordinal), JSON.stringify(DETAILS))
  }
  expect(inTheOpen(DETAILS.phone)).not.toEqual([])
  db.close()
  openAgain()
  expect(inTheOpen(DETAILS.phone)).toEqual([])
  expect(store.notHandedOver([HERE], 99).map(({ details }) => details)).toEqual(Array(59).fill(DETAILS))
})

test('what customers said is brought over from a damaged file with their papers, and has the same end', () => {
  keepWithDetails(1)
  for (let ordinal = 2; ordinal <= 400; ordinal += 1) {
    keep(ordinal)
    store.addJob(job(`job-${ordinal}`, idOf(ordinal)), ordinal)
  }
  store.close()
  truncateSync(file, Math.floor((readFileSync(file).length * 0.95) / 4096) * 4096)
  store = open()
  expect(said).toEqual(['the damaged memory of the kiosk was set aside'])
  expect(store.notHandedOver([HERE], 1)[0]?.details).toEqual(DETAILS)
  store.forgetDetails(TUESDAY)
  expect(store.notHandedOver([HERE], 1)[0]?.details).toBeUndefined()
})

test('staff are to know by number which papers the branch refused, and of which nobody knows whether they came out', () => {
  for (const ordinal of [1, 2, 3]) keep(ordinal)
  store.noteOutcome(idOf(1), 'NumberTaken')
  store.noteOutcome(idOf(2), 'adopted')
  const jobs = [
    { ...job('a', idOf(4)), number: 'A004', state: 'uncertain' },
    { ...job('b', idOf(5)), number: 'A005', state: 'expired' },
    { ...job('c', idOf(6)), number: 'A006', state: 'uncertain' },
    { ...job('d', idOf(6), 2), number: 'A006', state: 'confirmed' },
  ] as const
  for (const [index, it] of jobs.entries()) store.addJob(it, 100 + index)
  expect(store.paperTroubles(100)).toEqual([
    { number: 'A1001', trouble: 'refused' },
    { number: 'A005', trouble: 'expired' },
    { number: 'A004', trouble: 'uncertain' },
  ])
  store.judgeJob('a', 'came-out', 'awa')
  expect(store.paperTroubles(102)).toEqual([{ number: 'A1001', trouble: 'refused' }])
})
