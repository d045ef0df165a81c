import { describe, expect, test } from 'vitest'
import type { Series } from './ids.ts'
import { findQueue, findService } from './state.ts'
import {
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
  senior,
  tellerLine,
  transfers,
  without,
  withQueue,
  withService,
  withSettings,
} from './testing/bank.ts'
import { callerOrigin, openBranch, type Story } from './testing/story.ts'

const staffed = (): Story =>
  openBranch(bank, [
    [counter1, amadou],
    [counter2, binta],
    [counter3, djeneba],
  ])

const withoutCards = without(without(bank, 'services', cards), 'queues', cardLine)
const noCardLine = {
  ...withoutCards,
  counters: withoutCards.counters.map((it) => ({ ...it, queueIds: it.queueIds.filter((id) => id !== cardLine) })),
}
const withoutTellers = {
  ...bank,
  queues: bank.queues.filter(({ id }) => id !== tellerLine),
  services: bank.services.filter(({ queueId }) => queueId !== tellerLine),
  counters: bank.counters.map((it) => ({ ...it, queueIds: it.queueIds.filter((id) => id !== tellerLine) })),
}
const take = (story: Story, serviceId: typeof cash) =>
  story.refuses({
    type: 'IssueTicket',
    ticketId: 'x' as never,
    serviceId,
    channel: 'kiosk',
    priority: null,
    language: null,
  })

describe('a service that is taken out while people wait for it', () => {
  test('gives no more numbers, but those who have one are served to the end', () => {
    const story = staffed()
    const waiting = story.takes(cards)
    story.applies(without(bank, 'services', cards))
    expect(take(story, cards)).toBe('ServiceRetired')
    expect(story.callsNext(counter2)).toBe(waiting)
    story.acts('StartService', counter2, waiting)
    story.completes(counter2, waiting)
    story.applies(without(bank, 'services', cards, loans))
    expect(findService(story.state(), cards)).toBeUndefined()
    expect(take(story, cards)).toBe('ServiceUnknown')
  })

  test('comes back as if it had never been away', () => {
    const story = staffed()
    story.takes(cards)
    story.applies(without(bank, 'services', cards))
    story.applies(bank)
    expect(story.number(story.takes(cards))).toBe('C002')
    expect(story.state().retired.services.size).toBe(0)
  })
})

describe('a queue that is taken out while people wait in it', () => {
  test('is drained by the counters that served it, after their own, and takes nobody in', () => {
    const story = staffed()
    const [first, second] = [story.takes(cards), story.takes(cards)]
    const own = story.takes(cash)
    story.applies(noCardLine)
    const to = { type: 'TransferTicket', ticketId: own, toQueueId: cardLine, place: 'last' } as const
    expect(story.refuses(to, callerOrigin(counter1))).toBe('QueueRetired')
    expect(story.callsNext(counter2)).toBe(own)
    expect(story.callsNext(counter1)).toBe(first)
    story.acts('MarkNoShow', counter1, first)
    expect(story.callsNext(counter1)).toBe(second)
  })

  test('keeps its people in their order over a restart', () => {
    const story = staffed()
    const first = story.takes(cards)
    story.takes(cards)
    story.applies(noCardLine)
    story.begins('rewound')
    expect(story.callsNext(counter1)).toBe(first)
  })

  test('is drained in the same order before and after a restart, whichever was taken out first', () => {
    const called = [true, false].map((isRestarted) => {
      const story = staffed()
      const [card, money] = [story.takes(cards), story.takes(cash)]
      const queues = bank.queues.filter(({ id }) => id === adviceLine)
      const services = bank.services.filter(({ queueId }) => queueId === adviceLine)
      const counters = bank.counters.map((it) => ({ ...it, queueIds: it.queueIds.filter((id) => id === adviceLine) }))
      story.applies(withoutTellers)
      story.applies({ ...bank, queues, services, counters })
      if (isRestarted) story.begins('rewound')
      return story.callsNext(counter1) === money ? money : card
    })
    expect(called[0]).toBe(called[1])
  })

  test('is forgotten when it is empty, and then nobody can be put back into it', () => {
    const story = staffed()
    const gone = story.takes(cards)
    story.callsNext(counter2)
    story.acts('MarkNoShow', counter2, gone)
    story.applies(noCardLine)
    expect(findQueue(story.state(), cardLine)).toBeUndefined()
    expect(story.refuses({ type: 'ReinstateTicket', ticketId: gone }, callerOrigin(counter1))).toBe('QueueRetired')
  })

  test('can still be paused and resumed while it drains', () => {
    const story = staffed()
    const waiting = story.takes(cards)
    story.applies(noCardLine)
    story.does({ type: 'PauseQueue', queueId: cardLine }, callerOrigin(counter3))
    expect(story.refuses({ type: 'CallNext', counterId: counter2 }, callerOrigin(counter2))).toBe('QueueIsPaused')
    story.does({ type: 'ResumeQueue', queueId: cardLine }, callerOrigin(counter3))
    expect(story.callsNext(counter2)).toBe(waiting)
  })
})

describe('a counter that is taken out', () => {
  const fewer = without(bank, 'counters', counter1)

  test('closes at once when nobody is in front of it', () => {
    const story = staffed()
    story.applies(fewer)
    expect(story.state().openCounters.has(counter1)).toBe(false)
    expect(story.log().at(-1)).toMatchObject({ type: 'CounterClosed', reason: 'retired' })
    const open = { type: 'OpenCounter', counterId: counter1, agentId: amadou } as const
    expect(story.refuses(open, callerOrigin(counter1))).toBe('CounterUnknown')
  })

  test('ends its ticket first', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    story.applies(fewer)
    expect(story.status(ticketId)).toBe('serving')
    story.completes(counter1, ticketId)
    expect(story.state().openCounters.has(counter1)).toBe(false)
  })

  test('closes when the day takes its ticket, before it can call another', () => {
    const night = withQueue(bank, tellerLine, { overnight: true })
    const story = openBranch(night, [[counter1, amadou]])
    story.takes(cash)
    const next = story.takes(cash)
    story.callsNext(counter1)
    story.applies(without(night, 'counters', counter1))
    story.clock.pass(24 * 3_600_000)
    // Her first command after the cut-over rolls the day, which takes the called ticket away.
    expect(story.refuses({ type: 'CallNext', counterId: counter1 }, callerOrigin(counter1))).toBe('CounterIsClosed')
    expect(story.status(next)).toBe('waiting')
  })

  test('can still be named by the ticket that is held from it', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    story.holds(counter1, ticketId)
    story.applies(fewer)
    story.applies(withSettings(fewer, { name: 'Dakar Centre' }))
    expect(story.status(ticketId)).toBe('held')
    story.does({ type: 'ResumeTicket', ticketId, counterId: counter2 }, callerOrigin(counter2))
  })
})

describe('an agent who is taken out', () => {
  test('serves the customer to the end, and cannot sign in again', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    story.applies(without(bank, 'agents', amadou))
    story.completes(counter1, ticketId)
    expect(story.state().openCounters.has(counter1)).toBe(false)
    const open = { type: 'OpenCounter', counterId: counter1, agentId: amadou } as const
    expect(story.refuses(open, callerOrigin(counter1))).toBe('AgentUnknown')
  })

  test('is signed out at once when nobody is in front of the counter', () => {
    const story = staffed()
    story.applies(without(bank, 'agents', amadou, chloe))
    expect([...story.state().openCounters.keys()].toSorted()).toEqual([counter2, counter3])
  })
})

describe('what changes from the next business day', () => {
  test('a prefix', () => {
    const story = staffed()
    story.takes(cash)
    story.applies(withService(bank, cash, { prefix: 'Z' as Series }))
    expect(story.number(story.takes(cash))).toBe('A002')
    story.until('04:00', 1)
    expect(story.number(story.takes(cash))).toBe('Z001')
    expect(story.number(story.takes(transfers))).toBe('A001')
  })

  test('a prefix that two services swap gives no number twice', () => {
    const story = staffed()
    story.takes(cash)
    story.takes(loans)
    story.applies(withService(withService(bank, cash, { prefix: 'L' as Series }), loans, { prefix: 'A' as Series }))
    expect([story.number(story.takes(cash)), story.number(story.takes(loans))]).toEqual(['A002', 'L002'])
    story.until('04:00', 1)
    expect([story.number(story.takes(cash)), story.number(story.takes(loans))]).toEqual(['L001', 'A001'])
  })

  test('a cut-over: the present day ends by the old one', () => {
    const story = staffed()
    story.applies(withSettings(bank, { businessDayStartsAt: '12:00' }))
    story.until('03:59', 1)
    expect(story.today()).toBe('2026-11-23')
    // Before noon it is still Monday by the new rule: Monday does not open twice.
    story.until('11:59', 1)
    expect(story.today()).toBe('2026-11-23')
    story.until('12:00', 1)
    expect(story.today()).toBe('2026-11-24')
  })

  test('a zone, even one on the other side of the date line', () => {
    const story = staffed()
    story.applies(withSettings(bank, { timezone: 'Pacific/Kiritimati' }))
    story.until('23:00')
    expect(story.today()).toBe('2026-11-23')
    story.until('04:00', 1)
    expect(story.today()).toBe('2026-11-24')
    story.until('14:00', 1)
    expect(story.today()).toBe('2026-11-25')
  })

  test('a zone that lies behind opens no date a second time', () => {
    const story = staffed()
    story.applies(withSettings(bank, { timezone: 'Pacific/Pago_Pago' }))
    story.until('14:00', 1)
    expect(story.today()).toBe('2026-11-23')
    story.until('15:00', 1)
    expect(story.today()).toBe('2026-11-24')
  })
})

describe('what changes at once', () => {
  test('an algorithm: the people who wait are put in order by it', () => {
    const story = staffed()
    story.takes(loans)
    const elder = story.takes(loans, senior)
    expect(story.line(adviceLine)).toEqual(['L002', 'L001'])
    story.applies(withQueue(bank, adviceLine, { algorithm: 'fifo' }))
    expect(story.line(adviceLine)).toEqual(['L001', 'L002'])
    story.applies(bank)
    expect(story.callsNext(counter3)).toBe(elder)
  })

  test('a name, a target, a capacity and the number of recalls', () => {
    const story = staffed()
    const ticketId = story.takes(cards)
    story.applies(withSettings(withQueue(bank, cardLine, { maxCapacity: 1 }), { recallMax: 0 }))
    expect(take(story, cards)).toBe('QueueFull')
    story.callsNext(counter2)
    expect(story.refuses({ type: 'RecallTicket', ticketId }, callerOrigin(counter2))).toBe('RecallMaximumReached')
  })

  test('the home of a service: new tickets go there, those who wait stay', () => {
    const story = staffed()
    story.takes(cards)
    story.applies(withService(bank, cards, { queueId: tellerLine }))
    story.takes(cards)
    expect([story.line(cardLine), story.line(tellerLine)]).toEqual([['C001'], ['C002']])
  })
})
