import { describe, expect, test } from 'vitest'
import type { Command, Origin } from './commands.ts'
import type { DeviceId, TicketId } from './ids.ts'
import {
  adviceLine,
  amadou,
  bank,
  binta,
  callerAt,
  cardLine,
  cards,
  cash,
  chloe,
  counter1,
  counter2,
  counter3,
  djeneba,
  loans,
  missingPaper,
  senior,
  solved,
  tellerLine,
} from './testing/bank.ts'
import { MINUTE } from './testing/fake-clock.ts'
import { callerOrigin, installer, kioskOrigin, newBranch, openBranch, type Story } from './testing/story.ts'

const staffed = (): Story =>
  openBranch(bank, [
    [counter1, amadou],
    [counter2, binta],
    [counter3, djeneba],
  ])
const tablet: Origin = { kind: 'caller', deviceId: 'tablet' as DeviceId }
const manager = callerOrigin(counter3)

function serving(story: Story): TicketId {
  const ticketId = story.takes(cash)
  story.callsNext(counter1)
  story.acts('StartService', counter1, ticketId)
  return ticketId
}

describe('a counter', () => {
  test('belongs to the device that opened it', () => {
    const story = staffed()
    story.takes(cash)
    expect(story.refuses({ type: 'CallNext', counterId: counter1 }, callerOrigin(counter2))).toBe('NotYourCounter')
    expect(story.refuses({ type: 'CloseCounter', counterId: counter1 }, callerOrigin(counter2))).toBe('NotYourCounter')
  })

  test('is taken over, with its customer, by the same agent at another device', () => {
    const story = staffed()
    const ticketId = serving(story)
    story.does({ type: 'OpenCounter', counterId: counter1, agentId: amadou }, tablet)
    expect(story.refuses({ type: 'CompleteTicket', ticketId, outcome: null }, callerOrigin(counter1))).toBe(
      'NotYourTicket',
    )
    story.does({ type: 'CompleteTicket', ticketId, outcome: solved }, tablet)
  })

  test('is not taken over by another agent', () => {
    const story = staffed()
    expect(story.refuses({ type: 'OpenCounter', counterId: counter1, agentId: chloe }, tablet)).toBe('CounterTaken')
  })

  test('is left behind idle when its agent opens another, but not with a customer in front of it', () => {
    const story = openBranch(bank, [[counter1, amadou]])
    story.does({ type: 'OpenCounter', counterId: counter2, agentId: amadou }, tablet)
    expect([...story.state().openCounters.keys()]).toEqual([counter2])
    story.takes(cash)
    story.does({ type: 'CallNext', counterId: counter2 }, tablet)
    expect(story.refuses({ type: 'OpenCounter', counterId: counter3, agentId: amadou }, tablet)).toBe('CounterBusy')
    expect(story.refuses({ type: 'CloseCounter', counterId: counter2 }, tablet)).toBe('CounterBusy')
  })

  test('closes with its device: who was called waits again in the old place, who was served is held', () => {
    const story = staffed()
    const served = serving(story)
    const called = story.takes(cash)
    story.takes(cash)
    story.callsNext(counter2)
    story.clock.pass(2 * MINUTE)
    for (const counterId of [counter1, counter2])
      story.does({ type: 'RemoveDevice', deviceId: callerAt(counterId) }, installer)
    expect([story.status(served), story.status(called)]).toEqual(['held', 'waiting'])
    expect(story.ticket(served).facts.serviceMs).toBe(2 * MINUTE)
    expect(story.line(tellerLine)).toEqual(['A002', 'A003'])
    expect([...story.state().openCounters.keys()]).toEqual([counter3])
  })

  test('does not open before there is a catalogue', () => {
    const open: Command = { type: 'OpenCounter', counterId: counter1, agentId: amadou }
    expect(newBranch().refuses(open, tablet)).toBe('CatalogueMissing')
    expect(newBranch().refuses({ type: 'CloseDay' }, installer)).toBe('CatalogueMissing')
  })
})

describe('a ticket at a counter', () => {
  test('is touched by that counter and by a manager, by nobody else', () => {
    const story = staffed()
    const ticketId = serving(story)
    const hold: Command = { type: 'HoldTicket', ticketId, reason: missingPaper }
    expect(story.refuses(hold, callerOrigin(counter2))).toBe('NotYourTicket')
    expect(story.refuses(hold, tablet)).toBe('NotYourTicket')
    expect(story.refuses(hold, installer)).toBe('NotYourTicket')
    expect(story.refuses(hold, kioskOrigin())).toBe('NotYourTicket')
    story.does(hold, manager)
    story.does({ type: 'ResumeTicket', ticketId, counterId: counter2 }, callerOrigin(counter2))
  })

  test('is recalled as often as the catalogue says, and anew after it was called anew', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    const recall: Command = { type: 'RecallTicket', ticketId }
    story.callsNext(counter1)
    story.does(recall, callerOrigin(counter1))
    story.does(recall, callerOrigin(counter1))
    expect(story.refuses(recall, callerOrigin(counter1))).toBe('RecallMaximumReached')
    story.acts('ReturnTicket', counter1, ticketId)
    story.callsNext(counter2)
    story.does(recall, callerOrigin(counter2))
    expect(story.ticket(ticketId).facts.recallCount).toBe(1)
  })

  test('ends with an outcome, and is held for a reason, of the catalogue only', () => {
    const story = staffed()
    const ticketId = serving(story)
    const from = callerOrigin(counter1)
    expect(story.refuses({ type: 'CompleteTicket', ticketId, outcome: 'joy' as never }, from)).toBe('OutcomeUnknown')
    expect(story.refuses({ type: 'HoldTicket', ticketId, reason: 'mood' as never }, from)).toBe('ReasonUnknown')
  })
})

describe('who is called next', () => {
  test('I5: two agents who call in the same millisecond call two customers', () => {
    const story = staffed()
    story.takes(cash)
    story.takes(cash)
    expect(new Set([story.callsNext(counter1), story.callsNext(counter2)]).size).toBe(2)
  })

  test('comes from the first of the counter’s queues in which somebody waits', () => {
    const story = staffed()
    const [card, money] = [story.takes(cards), story.takes(cash)]
    expect(story.callsNext(counter1)).toBe(money)
    story.acts('ReturnTicket', counter1, money)
    expect(story.callsNext(counter2)).toBe(card)
  })

  test('is the one with the higher class, then the one who came first', () => {
    const story = staffed()
    const [plain, elder, second] = [story.takes(loans), story.takes(loans, senior), story.takes(loans, senior)]
    for (const wanted of [elder, second, plain]) {
      expect(story.callsNext(counter3)).toBe(wanted)
      story.acts('MarkNoShow', counter3, wanted)
    }
    expect(story.refuses({ type: 'CallNext', counterId: counter3 }, manager)).toBe('QueueEmpty')
  })

  test('can be chosen among the queues that the counter serves', () => {
    const story = staffed()
    const [far, near] = [story.takes(loans), story.takes(cards)]
    const call = (ticketId: TicketId): Command => ({ type: 'CallTicket', ticketId, counterId: counter1 })
    expect(story.refuses(call(far), callerOrigin(counter1))).toBe('QueueNotServed')
    story.does(call(near), callerOrigin(counter1))
    expect(story.refuses(call(far), callerOrigin(counter1))).toBe('CounterBusy')
  })
})

describe('a transfer', () => {
  const place = (where: 'first' | 'last' | 'arrival'): readonly string[] => {
    const story = staffed()
    const moved = story.takes(cash)
    story.clock.pass(MINUTE)
    story.takes(loans, senior)
    story.takes(loans)
    story.clock.pass(MINUTE)
    story.callsNext(counter1)
    story.transfers(counter1, moved, adviceLine, where)
    story.takes(loans)
    expect(story.ticket(moved).facts).toMatchObject({ number: 'A001', serviceId: cash, transferCount: 1 })
    return story.line(adviceLine)
  }

  test('to the first place beats every class', () => expect(place('first')).toEqual(['A001', 'L001', 'L002', 'L003']))
  test('by arrival stands where the customer would have stood', () =>
    expect(place('arrival')).toEqual(['L001', 'A001', 'L002', 'L003']))
  test('to the last place stands behind who is there', () =>
    expect(place('last')).toEqual(['L001', 'L002', 'A001', 'L003']))

  test('to the same place is refused', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    const stay: Command = { type: 'TransferTicket', ticketId, toQueueId: tellerLine, place: 'arrival' }
    expect(story.refuses(stay, callerOrigin(counter1))).toBe('SameQueue')
  })
})

describe('a no-show', () => {
  const missed = (): { story: Story; ticketId: TicketId } => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.takes(cash)
    story.callsNext(counter1)
    story.acts('MarkNoShow', counter1, ticketId)
    return { story, ticketId }
  }

  test('comes back once, to the place it had', () => {
    const { story, ticketId } = missed()
    story.clock.pass(15 * MINUTE)
    story.acts('ReinstateTicket', counter2, ticketId)
    expect(story.line(tellerLine)).toEqual(['A001', 'A002'])
    story.callsNext(counter1)
    story.acts('MarkNoShow', counter1, ticketId)
    expect(story.refuses({ type: 'ReinstateTicket', ticketId }, manager)).toBe('AlreadyReinstated')
  })

  test('does not come back after the time the branch allows', () => {
    const { story, ticketId } = missed()
    story.clock.pass(15 * MINUTE + 1)
    expect(story.refuses({ type: 'ReinstateTicket', ticketId }, manager)).toBe('ReinstateTooLate')
  })
})

describe('a queue', () => {
  const issue: Command = {
    type: 'IssueTicket',
    ticketId: 'x' as TicketId,
    serviceId: cards,
    channel: 'kiosk',
    priority: null,
    language: null,
  }

  test('that is paused gives numbers but calls nobody', () => {
    const story = staffed()
    story.does({ type: 'PauseQueue', queueId: cardLine }, manager)
    const ticketId = story.takes(cards)
    expect(story.refuses({ type: 'CallNext', counterId: counter2 }, callerOrigin(counter2))).toBe('QueueIsPaused')
    const call: Command = { type: 'CallTicket', ticketId, counterId: counter2 }
    expect(story.refuses(call, callerOrigin(counter2))).toBe('QueueIsPaused')
  })

  test('that is closed gives no numbers but still calls', () => {
    const story = staffed()
    const waiting = story.takes(cards)
    story.does({ type: 'CloseQueue', queueId: cardLine }, installer)
    expect(story.refuses(issue, kioskOrigin())).toBe('QueueIsClosed')
    expect(story.callsNext(counter2)).toBe(waiting)
  })

  test('is full when as many wait as it holds, whoever is being served', () => {
    const story = staffed()
    for (let count = 0; count < 6; count += 1) story.takes(cards)
    expect(story.refuses(issue, kioskOrigin())).toBe('QueueFull')
    story.callsNext(counter2)
    story.does(issue, kioskOrigin())
  })

  test('is paused, resumed, closed and opened by managers, and only into another state', () => {
    const story = staffed()
    const queueId = cardLine
    expect(story.refuses({ type: 'PauseQueue', queueId }, callerOrigin(counter1))).toBe('NotAManager')
    expect(story.refuses({ type: 'ResumeQueue', queueId }, manager)).toBe('QueueIsActive')
    expect(story.refuses({ type: 'OpenQueue', queueId }, manager)).toBe('QueueIsOpen')
    story.does({ type: 'PauseQueue', queueId }, manager)
    expect(story.refuses({ type: 'PauseQueue', queueId }, manager)).toBe('QueueIsPaused')
  })
})
