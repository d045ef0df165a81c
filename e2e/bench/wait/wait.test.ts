import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { emptyLearned } from '../../../shared/wait/learned.ts'
import { generatedDays, playDays } from './days.ts'
import { generatedLanes } from './generate.ts'
import { newBranch, PLANTS, type Plant, type PlayedDay } from './play.ts'
import { logPrivilegeMs, readLog } from './read-log.ts'
import type { RecordedDay } from './recorded.ts'
import { verdictOf } from './verdict.ts'

const DAYS = 24
const SEED = 1
const CUT_MS = 13 * 3_600_000

const { PLANT } = process.env
const planted: Plant = PLANTS.find((name) => name === PLANT) ?? null

const play = (days: readonly RecordedDay[], plant: Plant) =>
  playDays(newBranch(generatedLanes(), emptyLearned(), plant, 0), days)

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

test('on generated days the range is better than every simple rule, and holds eight in ten', () => {
  const judged = play(generatedDays(DAYS, SEED), planted).flatMap((day) => day.judged)
  const verdict = verdictOf(judged, [], false)
  expect(verdict.toldCount).toBeGreaterThan(5_000)
  expect(verdict.silentCount / judged.length).toBeLessThan(0.02)
  for (const { rival, score } of verdict.rivals)
    expect(verdict.ours.squaredError / score.squaredError, rival).toBeLessThan(0.6)
  expect(verdict.ours.inside).toBeGreaterThan(0.78)
  expect(verdict.ours.inside).toBeLessThan(0.82)
  expect(verdict.ours.above).toBeGreaterThan(0.08)
  expect(verdict.ours.above).toBeLessThan(0.12)
})

/** The same days, but the last one ends at lunch: nobody comes, is called or gives up after it. */
function untilTheCut(days: readonly RecordedDay[]): readonly RecordedDay[] {
  return days.map((day, at) => {
    if (at < days.length - 1) return day
    const visits = day.visits
      .filter(({ joinedMs }) => joinedMs < CUT_MS)
      .map((visit) => ({
        ...visit,
        endedWaitMs: visit.endedWaitMs < CUT_MS ? visit.endedWaitMs : 2 * CUT_MS,
        finishedMs: visit.finishedMs < CUT_MS ? visit.finishedMs : 2 * CUT_MS,
      }))
    return { ...day, visits }
  })
}

/** What was told in the last day until then, in the order of joining. */
function toldBeforeTheCut(days: readonly RecordedDay[], plant: Plant): PlayedDay['told'] {
  const joinedCount = days.at(-1)?.visits.filter(({ joinedMs }) => joinedMs < CUT_MS).length ?? 0
  return play(days, plant).at(-1)?.told.slice(0, joinedCount) ?? []
}

const isBlindToTheAfternoon = (plant: Plant): boolean => {
  const days = generatedDays(3, SEED)
  return JSON.stringify(toldBeforeTheCut(days, plant)) === JSON.stringify(toldBeforeTheCut(untilTheCut(days), plant))
}

test('what is said until one o’clock does not depend on the afternoon', () => {
  expect(isBlindToTheAfternoon(planted)).toBe(true)
})

test('a learner that peeks at what is to come is found out', () => {
  expect(isBlindToTheAfternoon('peek')).toBe(false)
})

test('a branch that takes an agent on a break for a free one does worse', () => {
  const days = generatedDays(DAYS / 2, SEED)
  const errorOf = (plant: Plant): number =>
    verdictOf(
      play(days, plant).flatMap((day) => day.judged),
      [],
      false,
    ).ours.squaredError
  expect(errorOf('no breaks') / errorOf(planted)).toBeGreaterThan(1.02)
})

test('who joins while an agent leaves people waiting is told the truth, and would not be if the agent were taken to call at once', () => {
  const days = generatedDays(DAYS, SEED, 'astray')
  const doubtedOf = (plant: Plant) =>
    verdictOf(
      play(days, plant).flatMap((day) => day.judged),
      [],
      false,
    ).doubted
  const [ours, hopeful] = [doubtedOf(planted), doubtedOf('prompt')]
  expect(ours.count).toBeGreaterThan(200)
  expect(ours.inside).toBeGreaterThan(0.7)
  expect(ours.above).toBeLessThan(0.18)
  expect(hopeful.inside).toBeLessThan(ours.inside)
  expect(hopeful.above).toBeGreaterThan(0.22)
})

test('the same seed gives the same days, another seed others', () => {
  expect(generatedDays(2, 5)).toEqual(generatedDays(2, 5))
  expect(generatedDays(1, 5)).not.toEqual(generatedDays(1, 6))
})

const LOG = `day,joined_s,outcome,started_or_left_s,ended_s,service,priority,agent
2,30000,served,30060,30100,PS,2,S01
1,25066,served,25066,25072,TT,1,S18
1,25101,left,25117,,PS,0,
`

test('a log is read plain or gzipped, its days in order, its columns by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-log-'))
  folders.push(folder)
  const [plain, gzipped] = [join(folder, 'log.csv'), join(folder, 'log.csv.gz')]
  writeFileSync(plain, LOG)
  writeFileSync(gzipped, gzipSync(LOG))
  const days = readLog(gzipped)
  expect(readLog(plain).map(({ name }) => name)).toEqual(['1', '2'])
  expect(days[0]?.visits).toMatchObject([
    { serviceId: 'TT', isServed: true, joinedMs: 25_066_000, finishedMs: 25_072_000, counterId: 'S18' },
    { serviceId: 'PS', isServed: false, endedWaitMs: 25_117_000 },
  ])
  expect(days[1]?.visits).toMatchObject([{ priority: '2', endedWaitMs: 30_060_000 }])
  expect([logPrivilegeMs('0'), logPrivilegeMs('2')]).toEqual([0, 90_000])
})

test('a log without a column it needs, or with a time that is none, is refused in a sentence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-log-'))
  folders.push(folder)
  const path = join(folder, 'log.csv')
  writeFileSync(path, LOG.replace('service', 'what'))
  expect(() => readLog(path)).toThrow('has no column service')
  writeFileSync(path, LOG.replace('25117', 'soon'))
  expect(() => readLog(path)).toThrow('started_or_left_s is no time in line 4')
})
