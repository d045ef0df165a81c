import { expect, test } from 'vitest'
import { chooseNext } from './choose-next.ts'
import type { PriorityClassId, SteadyMs, TicketId, TicketNumber } from './ids.ts'
import type { LineEntry } from './line.ts'
import { type BranchState, positionOf } from './state.ts'
import { carryState, restoreState } from './state-json.ts'
import { amadou, bank, cash, counter1, loans, senior, tellerLine, transfers, withQueue } from './testing/bank.ts'
import { openBranch } from './testing/story.ts'
import type { Ticket } from './ticket.ts'

/** A bank at which this many wait, of two services and two classes, drawn up anew from what was carried. */
function crowded(count: number): { state: BranchState; restoreMs: number } {
  const story = openBranch(withQueue(bank, tellerLine, { algorithm: 'sla' }), [[counter1, amadou]])
  const models = [cash, transfers, loans].flatMap((service) =>
    [null, senior as PriorityClassId].map((priority) => story.ticket(story.takes(service, priority))),
  )
  const tickets = Array.from({ length: count }, (_, index): Ticket => {
    const { facts, phase } = models[index % models.length] as Ticket
    const ticketId = `waiting-${(index * 7_919) % count}` as TicketId
    const place = { ...facts.place, tie: index, arrivalSteadyMs: (facts.arrivedSteadyMs + index) as SteadyMs }
    return { phase, facts: { ...facts, ticketId, number: `X${index}` as TicketNumber, place } }
  })
  const carried = { ...carryState(story.state()), tickets }
  const startMs = performance.now()
  const state = { ...restoreState(carried, story.shelf), now: story.state().now }
  return { state, restoreMs: performance.now() - startMs }
}

/** The same state, whose lines count how many entries are looked at. */
function watched(state: BranchState): { state: BranchState; looks: () => number } {
  let looks = 0
  const watch = (entries: readonly LineEntry[]): readonly LineEntry[] =>
    new Proxy(entries, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1
        return Reflect.get(target, key) as unknown
      },
    })
  const lines = state.lines.map((line) => line.map((lane) => ({ ...lane, entries: watch(lane.entries) })))
  return { state: { ...state, lines }, looks: () => looks }
}

test('who is called next is found by as many looks among ten thousand as among ten', () => {
  const looks = [12, 1_000, 10_000].map((count) => {
    const seen = watched(crowded(count).state)
    expect(chooseNext(seen.state, counter1, 60_000).ok).toBe(true)
    return seen.looks()
  })
  expect(new Set(looks).size).toBe(1)
  expect(looks[0]).toBeLessThan(50)
})

test('a place among ten thousand is found without looking at all of them', () => {
  const seen = watched(crowded(10_000).state)
  const ticket = seen.state.tickets.last()
  expect(ticket === undefined ? null : positionOf(seen.state, ticket)).toBeGreaterThan(0)
  expect(seen.looks()).toBeLessThan(200)
})

test('the lines of ten thousand who wait are drawn up within a second', () => {
  const { state, restoreMs } = crowded(10_000)
  expect(state.lines.size).toBe(2)
  expect(restoreMs).toBeLessThan(1_000)
})
