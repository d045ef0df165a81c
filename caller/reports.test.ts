import { expect, test } from 'vitest'
import { nextHour, nextTimeMs, quartersAhead, readLastLeaves, readToday, readToldError, readWhatIf } from './reports.ts'

const SUMMARY = { count: 2, meanMs: 60_000, medianMs: 50_000, p90Ms: 90_000 }
const ROW = { id: 'cash', name: { fr: 'Caisse' }, issuedCount: 3, wait: SUMMARY, slaCompliance: 0.5 }

test('the figures of the day are read, and a group that may not be seen is not there', () => {
  const today = readToday({ date: '2026-11-23', total: ROW, services: [ROW, 7], agents: null })
  expect(today?.groups.services).toMatchObject([{ id: 'cash', waitMeanMs: 60_000, onTargetShare: 0.5, breakMs: null }])
  expect(today?.groups.agents).toBeUndefined()
  expect(today?.total.issuedCount).toBe(3)
})

test('what is not as expected is nothing', () => {
  for (const json of [null, 7, 'x', [], {}, { date: null }, { date: '2026-11-23' }]) expect(readToday(json)).toBeNull()
  for (const json of [null, {}, { lastLeavesAtMs: null }]) expect(readLastLeaves(json)).toBeNull()
  for (const json of [null, {}, { error: null }, { count: 0 }]) expect(readToldError(json)).toBeNull()
  for (const json of [null, {}, { actual: {} }]) expect(readWhatIf(json)).toBeNull()
})

test('the end of the day, the replay and the error are read', () => {
  expect(readLastLeaves({ lastLeavesAtMs: { lowMs: 1, midMs: 2, highMs: 3 } })).toEqual({ midMs: 2, highMs: 3 })
  const error = { count: 4, biasMs: -5, absoluteErrorMs: 6, insideShare: 0.8, aboveShare: 0.1 }
  expect(readToldError({ error })).toMatchObject({ count: 4, biasMs: -5, meanAbsoluteErrorMs: 6, aboveShare: 0.1 })
  const waits = { meanWaitMs: 1, p90WaitMs: 2, slaShare: null, notCalledCount: 3 }
  expect(readWhatIf({ actual: waits, changed: waits })).toEqual({ actual: waits, changed: waits })
})

const at = (time: string): number => Date.parse(`2026-11-23T${time}:30Z`)

test('a time means the next time the branch’s clock shows it, and what is past means now', () => {
  const inZone = (time: string, now: string) => new Date(nextTimeMs(time, at(now), 'Asia/Kolkata')).toISOString()
  // 10:00 UTC is 15:30 there.
  expect(inZone('16:30', '10:00')).toBe('2026-11-23T11:00:00.000Z')
  expect(inZone('15:00', '10:00')).toBe('2026-11-23T10:00:00.000Z')
  expect(inZone('00:30', '18:00')).toBe('2026-11-23T19:00:00.000Z')
})

test('the question of the day’s end begins with the next full hour', () => {
  expect(nextHour(at('10:42'), 'Africa/Dakar')).toBe('11:00')
  expect(nextHour(at('23:59'), 'Africa/Dakar')).toBe('00:00')
})

test('only quarters that lie ahead are offered for the day’s end', () => {
  const quarters = quartersAhead(Date.UTC(2026, 10, 23, 15, 52), 'Africa/Dakar')
  expect(quarters.slice(0, 2)).toEqual(['16:00', '16:15'])
  expect(quarters.at(-1)).toBe('03:45')
})
