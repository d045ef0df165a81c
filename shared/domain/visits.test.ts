import { describe, expect, test } from 'vitest'
import type { Catalogue } from './catalogue.ts'
import type { Command } from './commands.ts'
import type { ServiceId, SkillId, TicketId } from './ids.ts'
import {
  accounts,
  adviceLine,
  amadou,
  bank,
  binta,
  cardLine,
  cards,
  cash,
  chloe,
  counter1,
  counter2,
  counter3,
  djeneba,
  loans,
  solved,
  tellerLine,
  without,
  withQueue,
  withService,
} from './testing/bank.ts'
import { MINUTE } from './testing/fake-clock.ts'
import { callerOrigin, kioskOrigin, openBranch, paper, type Story } from './testing/story.ts'

const staffed = (catalogue: Catalogue = bank): Story =>
  openBranch(catalogue, [
    [counter1, amadou],
    [counter2, binta],
    [counter3, djeneba],
  ])
const issue = (serviceId: ServiceId, more: object = {}): Command => ({
  ...{ type: 'IssueTicket', ticketId: 'x' as TicketId, serviceId, channel: 'kiosk', priority: null, language: null },
  ...more,
})
const last = (story: Story, type: string) => story.log().findLast((event) => event.type === type)

/** Called and served for some minutes at a counter, then done. */
function serves(story: Story, counterId: typeof counter1, minutes: number): TicketId {
  const ticketId = story.callsNext(counterId)
  story.acts('StartService', counterId, ticketId)
  story.clock.pass(minutes * MINUTE)
  story.completes(counterId, ticketId)
  return ticketId
}

describe('a visit of several services', () => {
  test('goes from queue to queue under one number, each leg with a wait and a service of its own', () => {
    const story = staffed()
    const ticketId = story.takes(cash, null, [cards, loans])
    story.clock.pass(2 * MINUTE)
    serves(story, counter1, 5)
    expect(last(story, 'TicketCalled')).toMatchObject({ waitMs: 2 * MINUTE, legWaitMs: 2 * MINUTE })
    expect(last(story, 'LegCompleted')).toMatchObject({
      ...{ serviceId: cash, queueId: tellerLine, toServiceId: cards, toQueueId: cardLine, plan: [loans] },
      ...{ serviceMs: 5 * MINUTE, counterId: counter1, agentId: amadou },
    })
    expect(story.line(cardLine)).toEqual(['A001'])
    story.clock.pass(3 * MINUTE)
    serves(story, counter2, 4)
    expect(last(story, 'TicketCalled')).toMatchObject({ waitMs: null, legWaitMs: 3 * MINUTE })
    serves(story, counter3, 1)
    expect(story.status(ticketId)).toBe('completed')
    expect(last(story, 'TicketCompleted')).toMatchObject({ serviceMs: MINUTE })
    expect(story.ticket(ticketId).facts.legs).toMatchObject([
      { serviceId: cash, waitMs: 2 * MINUTE, serviceMs: 5 * MINUTE },
      { serviceId: cards, waitMs: 3 * MINUTE, serviceMs: 4 * MINUTE },
    ])
  })

  test('may come from the catalogue, for whoever came by kiosk, on paper or with a typed number', () => {
    const story = staffed(withService(bank, cash, { plan: [cards] }))
    story.does(issue(cash), kioskOrigin())
    story.adopts([paper('offline', 'A1001', cash)])
    const typed = { type: 'AdoptNumber', counterId: counter1, ticketId: 'typed' as TicketId } as const
    story.does({ ...typed, number: 'A1002' as never, isNumberTaken: false }, callerOrigin(counter1))
    for (const id of ['x', 'offline', 'typed']) expect(story.ticket(id as TicketId).facts.plan).toEqual([cards])
  })

  test('ends when the customer leaves, whatever is still planned', () => {
    const story = staffed()
    const ticketId = story.takes(cash, null, [cards])
    story.callsNext(counter1)
    story.does({ type: 'CompleteTicket', ticketId, outcome: solved, endsVisit: true }, callerOrigin(counter1))
    expect(story.status(ticketId)).toBe('completed')
  })

  test('passes over a service that is no longer offered, whoever else still waits for it', () => {
    for (const isNeeded of [false, true]) {
      const story = staffed()
      const ticketId = story.takes(cash, null, [cards, loans])
      if (isNeeded) story.takes(cards)
      story.applies(without(bank, 'services', cards))
      story.callsNext(counter1)
      story.completes(counter1, ticketId)
      expect(story.ticket(ticketId).facts).toMatchObject({ serviceId: loans, queueId: adviceLine, plan: [] })
    }
  })

  test('is refused with a service nobody offers, or with more than eight', () => {
    const story = staffed()
    expect(story.refuses(issue(cash, { plan: ['x'] }), kioskOrigin())).toBe('ServiceUnknown')
    const closed = staffed(withService(bank, cards, { hours: {} }))
    expect(closed.refuses(issue(cash, { plan: [loans, cards] }), kioskOrigin())).toBe('OutsideHours')
    closed.does(issue(cash, { plan: [loans] }), kioskOrigin())
    closed.does(issue(cash, { ticketId: 'y' as TicketId, plan: [cards] }), callerOrigin(counter1))
    expect(story.refuses(issue(cash, { plan: Array(9).fill(cards) }), kioskOrigin())).toBe('PlanTooLong')
  })

  test('of which nobody knows the beginning claims no wait, not even when it is called again', () => {
    const story = staffed()
    const ticketId = 'typed' as TicketId
    const typed = { type: 'AdoptNumber', counterId: counter1, ticketId, number: 'A1002' as never } as const
    story.does({ ...typed, isNumberTaken: false }, callerOrigin(counter1))
    story.acts('ReturnTicket', counter1, ticketId)
    story.clock.pass(MINUTE)
    story.callsNext(counter1)
    expect(last(story, 'TicketCalled')).toMatchObject({ waitMs: null, legWaitMs: null })
    story.transfers(counter1, ticketId, cardLine, 'last')
    story.clock.pass(MINUTE)
    story.callsNext(counter2)
    expect(last(story, 'TicketCalled')).toMatchObject({ waitMs: null, legWaitMs: MINUTE })
  })
})

describe('a customer who is served at once', () => {
  const now = (serviceId: ServiceId): Command => ({
    ...{ type: 'ServeNow', counterId: counter1, ticketId: 'x' as TicketId, serviceId, priority: null, language: null },
  })

  test('has a number, has not waited, and is being served', () => {
    const story = staffed()
    const events = story.does(now(loans), callerOrigin(counter1))
    expect(events.map(({ type }) => type)).toEqual(['TicketIssued', 'TicketCalled', 'ServiceStarted'])
    expect(events[1]).toMatchObject({ waitMs: 0, legWaitMs: 0, why: { rule: 'picked', runnerUp: null } })
    expect([story.number('x' as TicketId), story.status('x' as TicketId)]).toEqual(['L001', 'serving'])
  })

  test('does not wait, so no full line is in the way', () => {
    const story = staffed(withQueue(bank, tellerLine, { maxCapacity: 1 }))
    story.takes(cash)
    const asked = { ticketId: 'y' as TicketId, serviceId: cash, channel: 'counter', priority: null } as const
    const issue: Command = { type: 'IssueTicket', ...asked, language: null }
    expect(story.refuses(issue, callerOrigin(counter1))).toBe('QueueFull')
    story.does(now(cash), callerOrigin(counter1))
    expect(story.status('x' as TicketId)).toBe('serving')
  })

  test('finds the counter busy, away, or in other hands', () => {
    const story = staffed()
    expect(story.refuses(now(cash), callerOrigin(counter2))).toBe('NotYourCounter')
    story.does({ type: 'StartBreak', counterId: counter1, reason: null }, callerOrigin(counter1))
    expect(story.refuses(now(cash), callerOrigin(counter1))).toBe('CounterOnBreak')
    story.does({ type: 'EndBreak', counterId: counter1 }, callerOrigin(counter1))
    story.does(now(cash), callerOrigin(counter1))
    expect(story.refuses(now(cash), callerOrigin(counter1))).toBe('CounterBusy')
  })
})

describe('an appointment', () => {
  const DAY_MS = 24 * 3_600_000
  const booked = (story: Story, inMs: number): Command =>
    issue(cash, { channel: 'appointment', bookedAtMs: story.clock.read().wallMs + inMs })

  test('is for the day on which its ticket is taken', () => {
    const story = staffed()
    for (const inMs of [DAY_MS + 1, -DAY_MS - 1, Number.MAX_SAFE_INTEGER - story.clock.read().wallMs])
      expect(story.refuses(booked(story, inMs), callerOrigin(counter1))).toBe('BookedTooFar')
    story.does(booked(story, DAY_MS), callerOrigin(counter1))
  })

  test('is claimed by no kiosk that does not check one in', () => {
    const story = staffed()
    expect(story.refuses(issue(cash, { channel: 'appointment' }), kioskOrigin())).toBe('BookingMissing')
    story.does(booked(story, MINUTE), kioskOrigin())
    expect(story.ticket('x' as TicketId).facts.channel).toBe('appointment')
  })
})

describe('who is called is told with the reason', () => {
  const why = (story: Story) => {
    const event = last(story, 'TicketCalled')
    return event?.type === 'TicketCalled' ? event.why : null
  }

  test('late is who has waited longer than the target: at it, nobody is late yet', () => {
    const sla = withQueue(withService(bank, cards, { queueId: tellerLine, slaSeconds: 60 }), tellerLine, {
      algorithm: 'sla',
    })
    const called = [MINUTE, MINUTE + 1].map((ms) => {
      const story = staffed(withService(sla, cash, { slaSeconds: 3_600 }))
      story.takes(cash)
      const card = story.takes(cards)
      story.clock.pass(ms)
      return [story.callsNext(counter1) === card, why(story)?.rule]
    })
    expect(called).toEqual([
      [false, 'arrival'],
      [true, 'late'],
    ])
  })

  test('of two kept in one queue its own rule decides, and is named', () => {
    const story = staffed()
    const [plain, elder] = [story.takes(loans), story.takes(loans, 'senior' as never)]
    for (const ticketId of [plain, elder])
      story.does(
        { type: 'ReserveTicket', ticketId, reserveFor: { kind: 'agent', agentId: binta }, place: 'arrival' },
        callerOrigin(counter3),
      )
    expect(story.callsNext(counter2)).toBe(elder)
    expect(why(story)).toEqual({ rule: 'priority', runnerUp: plain })
  })

  test('a queue taken out that only a work profile served is still emptied by it', () => {
    const workProfiles = [{ id: 'p' as never, name: { fr: 'P' }, rules: [{ queueIds: [adviceLine], when: null }] }]
    const counters = bank.counters.map((it) => (it.id === counter1 ? { ...it, profileId: 'p' as never } : it))
    const story = openBranch({ ...bank, workProfiles, counters }, [[counter1, amadou]])
    const waiting = story.takes(loans)
    const fewer = without(without(bank, 'services', loans, accounts), 'queues', adviceLine)
    story.applies({ ...fewer, counters: bank.counters.map((it) => ({ ...it, queueIds: [tellerLine] })) })
    expect(story.callsNext(counter1)).toBe(waiting)
    expect(why(story)).toEqual({ rule: 'only', runnerUp: null })
  })

  test('a profile that goes while people wait gives its counter back to its own queues', () => {
    const rules = [{ queueIds: [adviceLine], when: { queueId: adviceLine, waitOverMinutes: 5, waitingOver: null } }]
    const workProfiles = [{ id: 'p' as never, name: { fr: 'P' }, rules }]
    const counters = bank.counters.map((it) => (it.id === counter1 ? { ...it, profileId: 'p' as never } : it))
    const story = staffed({ ...bank, workProfiles, counters })
    const [loan, next] = [story.takes(loans), story.takes(loans)]
    const own = story.takes(cash)
    story.clock.pass(5 * MINUTE)
    expect(story.callsNext(counter1)).toBe(own)
    story.completes(counter1, own)
    story.clock.pass(1)
    const another = story.takes(cash)
    expect(story.callsNext(counter1)).toBe(loan)
    story.completes(counter1, loan)
    story.applies(bank)
    expect(story.callsNext(counter1)).toBe(another)
    expect(story.line(adviceLine)).toEqual([story.number(next)])
  })

  test('a skill that is asked for while people wait keeps them from who lacks it, but not from her own choice', () => {
    const story = staffed()
    const [money, card] = [story.takes(cash), story.takes(cards)]
    const agents = bank.agents.map((it) => (it.id === amadou ? { ...it, skills: [] } : it))
    story.applies(withService({ ...bank, agents }, cash, { skill: 'money' as SkillId }))
    expect(story.callsNext(counter1)).toBe(card)
    story.completes(counter1, card)
    expect(story.refuses({ type: 'CallNext', counterId: counter1 }, callerOrigin(counter1))).toBe('QueueEmpty')
    story.does({ type: 'CallTicket', counterId: counter1, ticketId: money }, callerOrigin(counter1))
    expect(why(story)).toEqual({ rule: 'picked', runnerUp: null })
  })

  test('paused is said only where somebody could be called otherwise', () => {
    const story = staffed()
    story.does({ type: 'PauseQueue', queueId: tellerLine }, callerOrigin(counter3))
    const ticketId = story.takes(cash)
    const call = { type: 'CallNext', counterId: counter2 } as const
    expect(story.refuses(call, callerOrigin(counter2))).toBe('QueueIsPaused')
    const reserveFor = { kind: 'agent', agentId: djeneba } as const
    story.does({ type: 'ReserveTicket', ticketId, reserveFor, place: 'first' }, callerOrigin(counter3))
    expect(story.refuses(call, callerOrigin(counter2))).toBe('QueueEmpty')
    expect(story.refuses({ ...call, counterId: counter3 }, callerOrigin(counter3))).toBe('QueueIsPaused')
    expect(story.refuses({ type: 'OpenCounter', counterId: counter1, agentId: chloe }, kioskOrigin())).toBe(
      'CounterTaken',
    )
  })
})
