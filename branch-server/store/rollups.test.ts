import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command } from '#shared/domain/commands.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import { callerAt } from '#shared/domain/testing/bank.ts'
import { AGENT_IDS, COUNTER_IDS, SERVICE_IDS } from '#shared/domain/testing/simulation/catalogue-edits.ts'
import type { Cast } from '#shared/domain/testing/simulation/random-parts.ts'
import { isLiving } from '#shared/domain/ticket.ts'
import { openBankStory, type StoredStory } from '../testing/stored-story.ts'
import { wrongPeriods } from './check-rollups.ts'
import { readCells } from './rollup-cells.ts'

const SEED = 20_261_126
const RUNS = Number(process.env['ROLLUP_RUNS'] ?? 60)
/** The shortest story that shows a bug takes minutes to find, and is of no use where the bug is planted. */
const IS_PLANTED = process.env['PLANTED'] !== undefined

const number = fc.noBias(fc.nat({ max: 1_000_000 }))
const stories: fc.Arbitrary<Cast[]> = fc.array(fc.tuple(number, number, number, number), {
  minLength: 20,
  maxLength: 120,
  size: 'max',
})

/** What nobody can misread: tickets by date and state, their waits and services, from the tickets alone. */
function plainly(story: StoredStory): readonly string[] {
  const today = story.state.day?.date ?? ''
  const sums = new Map<string, number[]>()
  const ghosts = new Set(
    story.events.flatMap((event) =>
      event.type === 'TicketCancelled' && event.reason === 'superseded' ? [event.ticketId] : [],
    ),
  )
  for (const { facts, phase } of story.tickets.values()) {
    if (ghosts.has(facts.ticketId) || facts.isTraining || facts.businessDate >= today) continue
    const sum = sums.get(facts.businessDate) ?? [0, 0, 0, 0, 0, 0]
    const servedMs = [...facts.legs, facts].reduce((total, { serviceMs }) => total + serviceMs, 0)
    const parts = [
      1,
      ...['completed', 'no_show', 'cancelled'].map((it) => (it === phase.status ? 1 : 0)),
      facts.waitMs ?? 0,
      isLiving({ facts, phase }) ? 0 : servedMs,
    ]
    sums.set(
      facts.businessDate,
      sum.map((value, index) => value + (parts[index] ?? 0)),
    )
  }
  return [...sums]
    .filter(([, [issued]]) => issued !== 0)
    .map(([key, sum]) => `${key} ${sum.join(' ')}`)
    .toSorted()
}

function rolledUp(story: StoredStory): readonly string[] {
  return story
    .read((db) => readCells(db, { from: '0', to: '9' }).filter(({ dimension }) => dimension === 'branch'))
    .filter(({ tally }) => tally.counts.issued > 0)
    .map(({ period, tally: { counts, spreads } }) => {
      const { issued, completed, noShow, cancelled } = counts
      return `${period} ${issued} ${completed} ${noShow} ${cancelled} ${spreads.wait.sumMs} ${spreads.service.sumMs}`
    })
    .toSorted()
}

const anyOf = <Value>(list: readonly Value[], choice: number): Value => list[choice % list.length] as Value

/** What makes a ticket's way long and a counter's time broken: visits of several services, breaks, learners. */
function longWay(story: StoredStory, [, a, b, c]: Cast, name: string): void {
  const counterId = anyOf(COUNTER_IDS, a)
  const origin = { kind: 'caller', deviceId: callerAt(counterId) } as const
  const about = { ticketId: name as TicketId, priority: null, language: null } as const
  const waiting = [...story.state.tickets.values()].filter(isLiving)
  const commands: readonly (() => Command)[] = [
    () => ({
      ...{ type: 'IssueTicket', ...about, channel: 'kiosk', serviceId: anyOf(SERVICE_IDS, b) },
      plan: [anyOf(SERVICE_IDS, c), anyOf(SERVICE_IDS, c >> 3)],
    }),
    () => ({ type: 'ServeNow', counterId, ...about, serviceId: anyOf(SERVICE_IDS, b) }),
    () => ({ type: 'StartBreak', counterId, reason: null }),
    () => ({ type: 'EndBreak', counterId }),
    () => ({ type: 'OpenCounter', counterId, agentId: anyOf(AGENT_IDS, b), isTraining: c % 2 === 0 }),
    () => ({
      ...{ type: 'ReserveTicket', ticketId: anyOf(waiting, b)?.facts.ticketId ?? about.ticketId },
      ...{ reserveFor: { kind: 'counter', counterId: anyOf(COUNTER_IDS, c) }, place: 'last' },
    }),
  ]
  story.ask(anyOf(commands, b >> 4)(), origin)
}

function tell(casts: readonly Cast[], batch: number): StoredStory {
  const story = openBankStory()
  for (const [index, cast] of casts.entries()) {
    if (cast[0] % 4 === 3) longWay(story, cast, `way-${index}`)
    else story.play(story.turn(cast))
    if (index % batch === 0) story.commit()
  }
  story.commit()
  return story
}

test('whatever happens, the sums are those of the raw rows, day by day and month by month', () => {
  let cellCount = 0
  const met = new Set<string>()
  fc.assert(
    fc.property(stories, fc.integer({ min: 1, max: 9 }), (casts, batch) => {
      using story = tell(casts, batch)
      expect(story.read(wrongPeriods)).toEqual([])
      expect(rolledUp(story)).toEqual(plainly(story))
      cellCount += rolledUp(story).length
      for (const { type } of story.events) met.add(type)
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: IS_PLANTED },
  )
  expect(cellCount).toBeGreaterThan(RUNS / 2)
  expect([...met]).toEqual(
    expect.arrayContaining(['LegCompleted', 'BreakEnded', 'ReservationLapsed', 'TicketReinstated', 'EpochStarted']),
  )
})
