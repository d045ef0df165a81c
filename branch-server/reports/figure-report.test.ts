import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TicketId } from '#shared/domain/ids.ts'
import { bank, callerAt } from '#shared/domain/testing/bank.ts'
import { DAY, HOUR, MINUTE } from '#shared/domain/testing/fake-clock.ts'
import { createCells } from '#shared/project/cells.ts'
import { REPORT_BYS, type ReportBy } from '#shared/project/figure-report.ts'
import { type Figures, figuresOf } from '#shared/project/figures.ts'
import { BUCKET_ERROR_MAX, bucketGrain, type Grain, type Summary } from '#shared/project/spread.ts'
import { rawCells } from '../store/figure-rows.ts'
import { openBankStory, type StoredStory } from '../testing/stored-story.ts'
import { figureReport } from './figure-report.ts'

const START = Date.UTC(2026, 8, 28, 9)
const DAYS = 70

/** Ten weeks of a small bank, from the end of September to the beginning of December. */
function tenWeeks(): StoredStory {
  const story = openBankStory(START)
  for (let day = 0; day < DAYS; day += 1) {
    for (let index = 0; index < 3 + (day % 4); index += 1) {
      const service = bank.services[(day + index) % bank.services.length]
      const counter = bank.counters[index % bank.counters.length]
      if (service === undefined || counter === undefined) continue
      const about = {
        ticketId: `t${day}-${index}` as TicketId,
        channel: 'kiosk',
        priority: null,
        language: null,
      } as const
      const origin = { kind: 'caller', deviceId: callerAt(counter.id) } as const
      story.ask(
        { type: 'IssueTicket', ...about, serviceId: service.id },
        { kind: 'kiosk', deviceId: 'kiosk-1' as never },
      )
      story.clock.pass((1 + ((day * 7 + index * 3) % 23)) * MINUTE)
      story.ask({ type: 'CallNext', counterId: counter.id }, origin)
      const called = story.state.openCounters.get(counter.id)?.ticketId
      if (called === null || called === undefined) continue
      story.ask({ type: 'StartService', ticketId: called }, origin)
      story.clock.pass((2 + (index % 5)) * MINUTE)
      story.ask({ type: 'CompleteTicket', ticketId: called, outcome: null }, origin)
    }
    story.commit()
    if (day < DAYS - 1) story.clock.pass(DAY - (story.clock.read().wallMs % DAY) + 9 * HOUR)
  }
  // What still goes on at a counter would be counted up to now, and is in no row yet.
  for (const { id } of bank.counters)
    story.ask({ type: 'CloseCounter', counterId: id }, { kind: 'caller', deviceId: callerAt(id) })
  story.commit()
  return story
}

let story: StoredStory
beforeAll(() => {
  story = tenWeeks()
})
afterAll(() => story[Symbol.dispose]())

/** What the rows alone say, added up without any sums. */
function fromRows(from: string, to: string, by: ReportBy, grain: Grain): ReadonlyMap<string, Figures> {
  const sums = createCells(grain)
  for (const cell of story.read((db) => [...rawCells(db, from, to, grain).all()])) {
    const isAsked = by === 'date' ? cell.dimension === 'branch' : cell.dimension === by
    if (isAsked) sums.addTally({ ...cell, period: '', id: by === 'date' ? cell.period : cell.id })
  }
  return new Map([...sums.all()].map(({ id, tally }) => [id, figuresOf(tally, grain)]))
}

const SPANS = [
  ['2026-09-01', '2026-12-31'],
  ['2026-10-01', '2026-11-30'],
  ['2026-10-02', '2026-11-29'],
  ['2026-10-15', '2026-10-31'],
  ['2026-11-05', '2026-11-20'],
  ['2000-01-01', '2026-10-31'],
  ['0001-01-01', '9999-12-31'],
] as const

for (const [from, to] of SPANS)
  test(`a report from ${from} to ${to} says what the rows say, by whatever it is asked`, () => {
    for (const by of REPORT_BYS) {
      const { tables } = story.read((db) => figureReport(db, { from, to, bys: [by], steadyMs: 0 }))
      const lines = tables[0]?.lines ?? []
      const told = new Map(lines.map(({ id, name: _, isRetired: __, ...figures }) => [id, figures]))
      const rows = fromRows(from, to, by, bucketGrain)
      expect([...told.keys()].toSorted()).toEqual([...rows.keys()].toSorted())
      for (const [id, figures] of rows) expect(told.get(id), `${by} ${id}`).toEqual(figures)
    }
  })

test('a week is exact, and a month as near as it says', () => {
  const ask = (from: string, to: string) =>
    story.read((db) => figureReport(db, { from, to, bys: ['service'], steadyMs: 0 }))
  expect(ask('2026-10-05', '2026-10-11').medianErrorMax).toBe(0)
  const month = ask('2026-10-01', '2026-10-31')
  const exact = fromRows('2026-10-01', '2026-10-31', 'date', { keyOf: (ms) => ms, msOf: (key) => key })
  expect(month.medianErrorMax).toBe(BUCKET_ERROR_MAX)
  expect(exact.size).toBe(31)
  const near = (told: Summary, true_: Summary): void => {
    expect([told.count, told.meanMs]).toEqual([true_.count, true_.meanMs])
    const [ours = 0, theirs = 0] = [told.medianMs ?? 0, true_.medianMs ?? 0]
    expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(theirs * BUCKET_ERROR_MAX)
  }
  const services = fromRows('2026-10-01', '2026-10-31', 'service', { keyOf: (ms) => ms, msOf: (key) => key })
  for (const line of month.tables[0]?.lines ?? []) {
    const true_ = services.get(line.id)
    if (true_ === undefined) throw new Error(`No ${line.id}`)
    near(line.wait, true_.wait)
    near(line.serviceTime, true_.serviceTime)
  }
})
