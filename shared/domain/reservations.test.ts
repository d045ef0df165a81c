import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TicketId } from './ids.ts'
import type { Reservation } from './line.ts'
import {
  amadou,
  bank,
  binta,
  callerAt,
  cards,
  cash,
  chloe,
  counter1,
  counter2,
  counter3,
  djeneba,
  without,
} from './testing/bank.ts'
import { type BusyBranch, busyBranch } from './testing/busy-branch.ts'
import { callerOrigin, installer } from './testing/story.ts'

const acts = fc.array(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 1_000 })), {
  minLength: 20,
  maxLength: 120,
  size: 'max',
})
const twoTellers = [
  [counter1, amadou],
  [counter2, binta],
] as const

describe('F3: what is kept for somebody', () => {
  const holders: readonly Reservation[] = [
    { kind: 'counter', counterId: counter1 },
    { kind: 'counter', counterId: counter2 },
    { kind: 'agent', agentId: amadou },
    { kind: 'agent', agentId: binta },
  ]
  const seats = [
    [counter1, amadou],
    [counter1, chloe],
    [counter2, binta],
    [counter2, amadou],
    [counter3, djeneba],
  ] as const

  /** A day on which people are kept for others while counters open, close, move and retire. */
  function change(branch: BusyBranch, [kind, choice]: readonly [number, number]): void {
    const some = [...branch.state().tickets.values()].filter(({ phase }) => phase.status === 'waiting')
    const ticketId = some[choice % Math.max(1, some.length)]?.facts.ticketId
    const [counterId, agentId] = seats[choice % seats.length] ?? [counter1, amadou]
    if (kind < 3) branch.takes(cash)
    else if (kind < 6 && ticketId !== undefined) {
      const reserveFor = holders[(choice >> 2) % holders.length] ?? { kind: 'agent', agentId: amadou }
      branch.ask({ type: 'ReserveTicket', ticketId, reserveFor, place: 'arrival' })
    } else if (kind < 8) branch.calls(choice % 2 === 0 ? counter1 : counter2)
    else if (kind === 8) branch.opens(counterId, agentId)
    else if (kind === 9) branch.ask({ type: 'CloseCounter', counterId })
    else if (kind === 10) branch.ask({ type: 'RemoveDevice', deviceId: callerAt(counterId) }, installer)
    else
      branch.applies(
        [bank, without(bank, 'agents', amadou), without(bank, 'counters', counter1), bank][choice % 4] ?? bank,
      )
  }

  test('is called by nobody else, and never stays behind', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const branch = busyBranch(bank, twoTellers)
        for (const it of list) change(branch, it)
        const keptFor = new Map<TicketId, Reservation>()
        for (const event of branch.log) {
          if (event.type === 'TicketTransferred' && event.reservedFor !== null)
            keptFor.set(event.ticketId, event.reservedFor)
          if (event.type === 'ReservationLapsed') keptFor.delete(event.ticketId)
          const holder = event.type === 'TicketCalled' ? keptFor.get(event.ticketId) : undefined
          if (event.type === 'TicketCalled' && holder !== undefined)
            expect(holder.kind === 'counter' ? holder.counterId : holder.agentId).toBe(
              holder.kind === 'counter' ? event.counterId : event.agentId,
            )
        }
        for (const counterId of [counter1, counter2, counter3]) branch.ask({ type: 'CloseCounter', counterId })
        for (const { facts, phase } of branch.state().tickets.values())
          if (phase.status === 'waiting') expect(facts.place.reservedFor).toBeNull()
      }),
      { numRuns: 150 },
    )
  })

  const keep = (reserveFor: Reservation): { branch: BusyBranch; kept: TicketId } => {
    const branch = busyBranch(bank, twoTellers)
    branch.takes(cash)
    const kept = branch.takes(cash)
    branch.ask({ type: 'ReserveTicket', ticketId: kept, reserveFor, place: 'arrival' }, callerOrigin(counter2))
    expect(branch.state().tickets.get(kept)?.facts.place.reservedFor).toEqual(reserveFor)
    return { branch, kept }
  }
  const forAmadou: Reservation = { kind: 'agent', agentId: amadou }
  const forCounter1: Reservation = { kind: 'counter', counterId: counter1 }
  const isKept = (branch: BusyBranch, ticketId: TicketId): boolean =>
    branch.state().tickets.get(ticketId)?.facts.place.reservedFor !== null

  test('goes before those who came earlier, at its counter alone', () => {
    const { branch, kept } = keep(forCounter1)
    expect(branch.calls(counter2)?.ticketId).not.toBe(kept)
    branch.takes(cash)
    expect(branch.calls(counter1)).toMatchObject({ ticketId: kept, why: { rule: 'reserved' } })
  })

  const ends: { readonly [name: string]: (branch: BusyBranch) => void } = {
    'the agent closes the counter': ({ ask }) => {
      ask({ type: 'CloseCounter', counterId: counter1 }, callerOrigin(counter1))
    },
    'the device is removed': ({ ask }) => {
      ask({ type: 'RemoveDevice', deviceId: callerAt(counter1) }, installer)
    },
    'another agent signs in at its device': ({ ask }) => {
      ask({ type: 'OpenCounter', counterId: counter3, agentId: chloe }, callerOrigin(counter1))
    },
    'the counter is retired': ({ applies }) => applies(without(bank, 'counters', counter1)),
    'the agent is retired': ({ applies }) => applies(without(bank, 'agents', amadou)),
    'the agent goes on to learn': ({ ask }) => {
      const open = { type: 'OpenCounter', counterId: counter1, agentId: amadou, isTraining: true } as const
      ask(open, callerOrigin(counter1))
    },
  }
  for (const [name, end] of Object.entries(ends))
    test(`lapses when ${name}`, () => {
      for (const reserveFor of [forAmadou, forCounter1]) {
        const { branch, kept } = keep(reserveFor)
        end(branch)
        expect(isKept(branch, kept)).toBe(false)
        branch.calls(counter2)
        expect(branch.calls(counter2)?.ticketId).toBe(kept)
      }
    })

  test('is taken along by an agent who moves, but what is kept for her counter is not', () => {
    const move = { type: 'OpenCounter', counterId: counter3, agentId: amadou } as const
    const [hers, its] = [keep(forAmadou), keep(forCounter1)]
    hers.branch.ask(move, callerOrigin(counter1))
    its.branch.ask(move, callerOrigin(counter1))
    expect([isKept(hers.branch, hers.kept), isKept(its.branch, its.kept)]).toEqual([true, false])
    const { events } = hers.branch.ask({ type: 'CallNext', counterId: counter3 }, callerOrigin(counter1))
    expect(events).toMatchObject([{ type: 'TicketCalled', ticketId: hers.kept }])
  })

  test('lapses when its counter, taken out while it serves, closes; and whoever writes it down is told', () => {
    const { branch, kept } = keep(forCounter1)
    const other = branch.takes(cards)
    branch.ask({ type: 'CallTicket', counterId: counter1, ticketId: other }, callerOrigin(counter1))
    branch.applies(without(bank, 'counters', counter1))
    expect(isKept(branch, kept)).toBe(true)
    const done = branch.ask({ type: 'CompleteTicket', ticketId: other, outcome: null }, callerOrigin(counter1))
    expect(done.tickets.get(kept)?.facts.place.reservedFor).toBeNull()
  })
})
