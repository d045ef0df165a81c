import { expect, test } from 'vitest'
import type { DeviceId, EpochMs, SteadyMs } from '#shared/domain/ids.ts'
import { ABSENCE_UNSURE_MS, believedMs } from '#shared/domain/told-time.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'
import { createAbsenceBook } from './absence-book.ts'

const MINUTE_MS = 60_000
const caller = 'a-caller' as DeviceId

/** A book of its own over a branch's store, with one device whose line the test holds. */
async function openBook(branch: TestBranch, kind: 'caller' | 'kiosk' = 'caller') {
  const { deviceId } = await branch.pair(kind)
  const line = { isThere: true }
  const begin = () => {
    const { waist } = branch.running
    return createAbsenceBook({
      waist,
      roster: { devices: () => [{ deviceId, kind }] as never },
      readClock: () => ({ wallMs: branch.clock.wallMs() as EpochMs, steadyMs: branch.clock.monotonicMs() as SteadyMs }),
    })
  }
  let book = begin()
  const look = (): void => {
    if (line.isThere) book.heard(deviceId as DeviceId)
    book.look((writes) => writes(branch.running.waist.branch().store))
  }
  return {
    line,
    pass(minutes: number) {
      for (let count = 0; count < minutes; count += 1) {
        branch.clock.pass(MINUTE_MS)
        look()
      }
    },
    look,
    heard: () => book.heard(deviceId as DeviceId),
    answered: (isWell: boolean) => book.answered(deviceId as DeviceId, isWell),
    restart: () => {
      book = begin()
    },
    /** Of the device alone, in minutes since the first look. */
    absences: (fromMs: number) =>
      book
        .of(deviceId as DeviceId)
        .filter(({ toSteadyMs }) => toSteadyMs > fromMs)
        .map((it) => [it.fromSteadyMs, it.toSteadyMs].map((ms) => Math.round((ms - fromMs) / MINUTE_MS))),
  }
}

test('a caller whose line was cut is known to have been away, and from when to when, also after a restart', async () => {
  await using branch = await openTestBranch()
  const { line, look, pass, absences, restart } = await openBook(branch)
  look()
  const fromMs = branch.clock.monotonicMs()
  pass(5)
  expect(absences(fromMs)).toEqual([])
  line.isThere = false
  pass(10)
  expect(absences(fromMs)).toEqual([[5, 15]])
  restart()
  pass(5)
  expect(absences(fromMs)).toContainEqual([5, 20])
  line.isThere = true
  pass(10)
  expect(absences(fromMs)).toContainEqual([5, 21])
})

test('a line that breaks for some seconds is no absence, and of many the latest are kept', async () => {
  await using branch = await openTestBranch()
  const { line, look, pass, absences } = await openBook(branch)
  look()
  const fromMs = branch.clock.monotonicMs()
  for (let count = 0; count < 5; count += 1) {
    line.isThere = count % 2 === 1
    branch.clock.pass(MINUTE_MS / 4)
    look()
  }
  line.isThere = true
  look()
  expect(absences(fromMs)).toEqual([])
  for (let count = 0; count < 20; count += 1) {
    line.isThere = false
    pass(3)
    line.isThere = true
    pass(1)
  }
  expect(absences(fromMs)).toHaveLength(16)
  expect(branch.running.waist.branch().store.absences.of(caller, 0 as SteadyMs).length).toBeLessThan(3)
})

test('the server’s own absence reaches from the last thing that happened to its start', async () => {
  await using branch = await openTestBranch()
  const kiosk = await branch.pair('kiosk')
  await kiosk.issue('cash')
  const { steadyMs } = branch.running.waist.branch().state.now
  await branch.running.close()
  branch.clock.pass(45 * MINUTE_MS)
  await branch.start()
  const { waist } = branch.running
  const reading = { wallMs: branch.clock.wallMs() as EpochMs, steadyMs: (steadyMs + 45 * MINUTE_MS) as SteadyMs }
  const book = createAbsenceBook({ roster: { devices: () => [] }, waist, readClock: () => reading })
  expect(book.of(caller)).toEqual([{ fromSteadyMs: steadyMs, toSteadyMs: steadyMs + 45 * MINUTE_MS }])
})

test('a start whose clock stands before the last thing that happened ends an absence all the same, of unknown length', async () => {
  await using branch = await openTestBranch()
  await branch.pair('kiosk')
  const { waist } = branch.running
  const { atMs, steadyMs } = waist.branch().state.now
  // The battery of its clock is dead, as in many branches: it says 1970. That the server was off is certain all the same,
  // for this is a start; were it not known, what staff noted in those hours would be refused for want of an absence.
  const reading = { wallMs: 0 as EpochMs, steadyMs: (steadyMs + 1_000) as SteadyMs }
  const book = createAbsenceBook({ waist, roster: { devices: () => [] as never }, readClock: () => reading })
  const absences = book.of(caller)
  expect(absences).toContainEqual({ fromSteadyMs: steadyMs, toSteadyMs: reading.steadyMs })
  // It believes nobody more than that: no time after now, and nobody who was in contact since.
  const now = { atMs, steadyMs: (steadyMs + 30 * MINUTE_MS) as SteadyMs }
  const noted = (lastContactSteadyMs: number, sinceContactMs: number) =>
    believedMs({ lastContactSteadyMs: lastContactSteadyMs as SteadyMs, sinceContactMs }, absences, now)
  expect(noted(steadyMs, 300 * MINUTE_MS)).toBe(now.steadyMs)
  expect(noted(steadyMs, 5 * MINUTE_MS)).toBe(steadyMs + 5 * MINUTE_MS)
  expect(noted(steadyMs + 10 * MINUTE_MS, 0)).toBe(now.steadyMs - ABSENCE_UNSURE_MS)
})

test('a kiosk that was cut off is known to have been away, also when it is back before anybody looked', async () => {
  await using branch = await openTestBranch()
  const { look, heard, absences, restart } = await openBook(branch, 'kiosk')
  look()
  const fromMs = branch.clock.monotonicMs()
  branch.clock.pass(10 * MINUTE_MS)
  heard()
  expect(absences(fromMs)).toContainEqual([0, 10])
  look()
  restart()
  expect(absences(fromMs)).toContainEqual([0, 10])
})

test('a kiosk that was told of trouble could not hand anything over, from the first time to the last', async () => {
  await using branch = await openTestBranch()
  const { pass, look, absences, answered } = await openBook(branch, 'kiosk')
  look()
  const fromMs = branch.clock.monotonicMs()
  for (const isWell of [true, false, false]) {
    answered(isWell)
    pass(3)
  }
  expect(absences(fromMs)).toEqual([[3, 9]])
  answered(true)
  branch.clock.pass(MINUTE_MS / 2)
  look()
  answered(false)
  branch.clock.pass(MINUTE_MS / 2)
  look()
  answered(true)
  expect(absences(fromMs)).toEqual([[3, 10]])
  pass(5)
  answered(true)
  expect(absences(fromMs)).toEqual([[3, 10]])
})
