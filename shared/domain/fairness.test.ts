import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Aging, Algorithm, Catalogue } from './catalogue.ts'
import type { Command } from './commands.ts'
import type { LogEvent } from './events.ts'
import type { CounterId, SkillId, TicketId } from './ids.ts'
import {
  amadou,
  bank,
  binta,
  cardLine,
  cards,
  cash,
  counter1,
  counter2,
  counter3,
  djeneba,
  privilege,
  senior,
  tellerLine,
  transfers,
  withQueue,
  withService,
} from './testing/bank.ts'
import { type BusyBranch, busyBranch } from './testing/busy-branch.ts'
import { MINUTE } from './testing/fake-clock.ts'
import { callerOrigin } from './testing/story.ts'

const GOLD = 'gold' as SkillId
type Called = LogEvent & { readonly type: 'TicketCalled' }

const tellers = (algorithm: Algorithm, aging: Aging | null, catalogue: Catalogue = bank): Catalogue =>
  withQueue(catalogue, tellerLine, { algorithm, aging })

/** Binta has not learned what transfers need. */
const skilled = (catalogue: Catalogue): Catalogue => ({
  ...withService(withService(catalogue, transfers, { skill: GOLD, slaSeconds: 60 }), cash, { slaSeconds: 300 }),
  agents: catalogue.agents.map((agent) => (agent.id === binta ? { ...agent, skills: [] } : agent)),
})

/** Somebody who waits, as the log alone tells. */
interface Waiter {
  readonly isTransfer: boolean
  readonly priorityValue: number
  readonly cameMs: number
  isFirst: boolean
  /** How often one who came later was called ahead, by a counter that may serve this one. */
  passed: number
}

/** Reads the log of the teller line; `onCall` is told who was called, and who waits on. */
function follow(
  log: readonly LogEvent[],
  onCall: (who: Waiter, call: Called, others: readonly Waiter[]) => void,
): void {
  const waiting = new Map<TicketId, Waiter>()
  const away = new Map<TicketId, Waiter>()
  for (const event of log) {
    if (event.type === 'TicketIssued')
      waiting.set(event.ticketId, {
        ...{ isTransfer: event.serviceId === transfers, priorityValue: event.priorityValue, isFirst: false, passed: 0 },
        cameMs: event.bookedSteadyMs ?? event.steadyMs,
      })
    const who = 'ticketId' in event ? (waiting.get(event.ticketId) ?? away.get(event.ticketId)) : undefined
    if (who === undefined) continue
    if (event.type === 'TicketCalled') {
      waiting.delete(event.ticketId)
      away.set(event.ticketId, who)
      onCall(who, event, [...waiting.values()])
    }
    if (event.type === 'TicketReturned') waiting.set(event.ticketId, { ...who, passed: 0 })
    if (event.type === 'TicketTransferred')
      waiting.set(event.ticketId, { ...who, passed: 0, isFirst: event.place === 'first', cameMs: event.steadyMs })
  }
}

const act = fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 1_000 }))
const acts = fc.array(act, { minLength: 20, maxLength: 120, size: 'max' })

/** A random day at the tellers: mostly people come and are called; some are returned, put first, or have booked. */
function live(branch: BusyBranch, [kind, choice]: readonly [number, number], hasStaffsWord = true): void {
  const { calls, clock, state, takes } = branch
  const service = choice % 3 === 0 ? transfers : cash
  if (kind < 5) takes(service, [null, senior, senior, privilege][choice % 4] ?? null)
  else if (kind < 9) calls(choice % 2 === 0 ? counter1 : counter2)
  else if (kind === 9) clock.pass((choice % 4) * MINUTE)
  else if (!hasStaffsWord) takes(service)
  else if (kind === 10) takes(service, null, ((choice % 20) - 8) * MINUTE)
  else {
    const at = state().openCounters.get(counter1)?.ticketId ?? null
    if (at === null) return
    const command: Command =
      choice % 2 === 0
        ? { type: 'ReturnTicket', ticketId: at }
        : { type: 'TransferTicket', ticketId: at, toQueueId: tellerLine, place: 'first' }
    branch.ask(command, callerOrigin(counter1))
  }
}

const isServedBy = (who: Waiter, counterId: CounterId): boolean => counterId === counter1 || !who.isTransfer
const twoTellers = [
  [counter1, amadou],
  [counter2, binta],
] as const

describe('F1: where a queue bounds it, call-next passes nobody more often', () => {
  for (const algorithm of ['fifo', 'priority', 'sla'] as const)
    test(`by ${algorithm}, with skills, appointments and people who are returned or put first`, () => {
      fc.assert(
        fc.property(acts, fc.integer({ min: 1, max: 4 }), (list, passedMax) => {
          const branch = busyBranch(skilled(tellers(algorithm, { minutesPerPoint: null, passedMax })), twoTellers)
          for (const it of list) live(branch, it)
          follow(branch.log, (who, call, others) => {
            if (who.isFirst) return
            // Before its time an appointment is passed by nobody, and has come by now at the latest.
            const cameMs = Math.min(who.cameMs, call.steadyMs)
            for (const other of others) {
              if (!isServedBy(other, call.counterId) || other.cameMs >= cameMs) continue
              other.passed += 1
              expect(other.passed).toBeLessThanOrEqual(passedMax)
            }
          })
        }),
        { numRuns: 60 },
      )
    })

  test('so a plain ticket is called after as many of an endless stream of seniors as the queue allows', () => {
    const branch = busyBranch(tellers('priority', { minutesPerPoint: null, passedMax: 5 }), twoTellers)
    const plain = branch.takes(cash)
    for (let count = 0; count < 5; count += 1) {
      branch.clock.pass(1)
      const elder = branch.takes(cash, senior)
      expect(branch.calls(counter1)?.ticketId).toBe(elder)
    }
    branch.clock.pass(1)
    const runnerUp = branch.takes(cash, senior)
    expect(branch.calls(counter1)).toMatchObject({ ticketId: plain, why: { rule: 'passed', runnerUp } })
  })

  test('and without a bound it waits as long as they come', () => {
    const branch = busyBranch(tellers('priority', null), twoTellers)
    const plain = branch.takes(cash)
    for (let count = 0; count < 60; count += 1) {
      branch.clock.pass(MINUTE)
      branch.takes(cash, senior)
      expect(branch.calls(counter1)?.ticketId).not.toBe(plain)
    }
  })

  test('nobody who comes after a call was passed by it, though the called one had booked for later', () => {
    const branch = busyBranch(tellers('priority', { minutesPerPoint: null, passedMax: 1 }), [
      [counter1, amadou],
      [counter2, binta],
    ])
    const gold = skilled(tellers('priority', { minutesPerPoint: null, passedMax: 1 }))
    branch.applies(gold)
    branch.takes(transfers)
    branch.clock.pass(MINUTE)
    const early = branch.takes(cash, null, 60 * MINUTE)
    expect(branch.calls(counter2)?.ticketId).toBe(early)
    branch.clock.pass(MINUTE)
    branch.takes(cash)
    const elder = branch.takes(cash, senior)
    expect(branch.calls(counter2)).toMatchObject({ ticketId: elder, why: { rule: 'priority' } })
  })
})

describe('F2: where a point of priority is worth some minutes, it buys no more', () => {
  test('nobody is passed by one who came later than the points between them are worth', () => {
    fc.assert(
      fc.property(acts, fc.constantFrom(0, 0.5, 1, 3), (list, minutesPerPoint) => {
        const aged = skilled(tellers('priority', { minutesPerPoint, passedMax: null }))
        const branch = busyBranch(aged, twoTellers)
        for (const it of list) live(branch, it, false)
        follow(branch.log, (who, { counterId }, others) => {
          for (const other of others.filter((it) => isServedBy(it, counterId))) {
            const points = Math.max(0, who.priorityValue - other.priorityValue)
            expect(who.cameMs - other.cameMs).toBeLessThanOrEqual(points * minutesPerPoint * MINUTE)
          }
        })
      }),
      { numRuns: 100 },
    )
  })

  test('so a plain ticket is called once the seniors of its head start are through', () => {
    const branch = busyBranch(tellers('priority', { minutesPerPoint: 1, passedMax: null }), twoTellers)
    const plain = branch.takes(cash)
    const called: (TicketId | undefined)[] = []
    for (let count = 0; count < 15; count += 1) {
      branch.clock.pass(MINUTE)
      branch.takes(cash, senior)
      called.push(branch.calls(counter1)?.ticketId)
    }
    // Ten points are ten minutes: the seniors who came within less go first.
    expect(called.indexOf(plain)).toBe(9)
  })
})

describe('an appointment', () => {
  test('is called at its time before those who walked in, and not before', () => {
    const branch = busyBranch(tellers('fifo', null), twoTellers)
    const walkIns = [branch.takes(cash), branch.takes(cash), branch.takes(cash)]
    const booked = branch.takes(cash, null, 10 * MINUTE)
    branch.clock.pass(10 * MINUTE - 1)
    expect(branch.calls(counter1)?.ticketId).toBe(walkIns[0])
    branch.clock.pass(1)
    const runnerUp = walkIns[1] ?? null
    expect(branch.calls(counter1)).toMatchObject({ ticketId: booked, why: { rule: 'appointment', runnerUp } })
  })

  test('that the customer comes too late for waits like everybody', () => {
    const branch = busyBranch(tellers('fifo', null), twoTellers)
    const [walkIn] = [branch.takes(cash), branch.takes(cash, null, -15 * MINUTE - 1)]
    const justInTime = branch.takes(cash, null, -15 * MINUTE)
    expect([branch.calls(counter1)?.ticketId, branch.calls(counter1)?.ticketId]).toEqual([justInTime, walkIn])
  })
})

test('two counters that call in one millisecond never get the same ticket', () => {
  fc.assert(
    fc.property(acts, (list) => {
      const branch = busyBranch(skilled(tellers('priority', null)), [...twoTellers, [counter3, djeneba]])
      for (const it of list) {
        live(branch, it)
        const [one, other] = [branch.calls(counter1), branch.calls(counter2)]
        expect(one === null || one.ticketId !== other?.ticketId).toBe(true)
      }
    }),
    { numRuns: 25 },
  )
})

test('a counter that goes by relative wait calls whose wait is longest for its target', () => {
  const targets = withService(withService(bank, cards, { slaSeconds: 60 }), cash, { slaSeconds: 600 })
  const counters = targets.counters.map((it) => ({ ...it, choosing: 'relative-wait' as const }))
  fc.assert(
    fc.property(acts, (list) => {
      const branch = busyBranch(withQueue({ ...targets, counters }, cardLine, { maxCapacity: null }), twoTellers)
      for (const [kind, choice] of list) {
        if (kind < 5) branch.takes(choice % 2 === 0 ? cash : cards)
        else if (kind < 8) branch.clock.pass(choice * 100)
        else {
          const heads = [...branch.state().lines.entries()].map(([queueId, [lane]]) => {
            const targetMs = queueId === cardLine ? 60_000 : 600_000
            const share = (branch.clock.read().steadyMs - (lane?.entries[0]?.arrivalSteadyMs ?? 0)) / targetMs
            return { queueId, share }
          })
          const call = branch.calls(counter1)
          const longest = Math.max(...heads.map(({ share }) => share))
          if (call !== null) expect(heads.find(({ queueId }) => queueId === call.queueId)?.share).toBe(longest)
        }
      }
    }),
    { numRuns: 60 },
  )
})

describe('under a work profile, why names what really decided', () => {
  const rules = [{ queueIds: [cardLine], when: { queueId: cardLine, waitOverMinutes: null, waitingOver: 1 } }]
  const helped: Catalogue = {
    ...bank,
    workProfiles: [{ id: 'help' as never, name: { fr: 'Renfort' }, rules }],
    counters: bank.counters.map((it) => (it.id === counter1 ? { ...it, profileId: 'help' as never } : it)),
  }

  test('the profile, when without it somebody else had been called, whoever is second in the same queue', () => {
    const branch = busyBranch(helped, twoTellers)
    const [plain, card] = [branch.takes(cash), branch.takes(cards), branch.takes(cards)]
    expect(branch.calls(counter1)).toMatchObject({ ticketId: card, why: { rule: 'profile', runnerUp: plain } })
  })

  test("the queue's own rule, when the profile changed nothing", () => {
    const branch = busyBranch(helped, twoTellers)
    const [card, second] = [branch.takes(cards), branch.takes(cards)]
    expect(branch.calls(counter1)).toMatchObject({ ticketId: card, why: { rule: 'arrival', runnerUp: second } })
  })
})
