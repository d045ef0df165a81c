import { describe, expect, test } from 'vitest'
import type { Command, PrintedAlone } from './commands.ts'
import { adoptionFault } from './decide-adopt.ts'
import type { BusinessDate, ServiceId, SteadyMs, TicketId, TicketNumber } from './ids.ts'
import {
  adviceLine,
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
  kiosk2,
  loans,
  nightBank,
  privilege,
  senior,
  tellerLine,
  without,
  withService,
} from './testing/bank.ts'
import { DAY, HOUR, MINUTE } from './testing/fake-clock.ts'
import { callerOrigin, kioskOrigin, mark, openBranch, paper, type Story } from './testing/story.ts'
import { PLAN_MAX } from './ticket-birth.ts'

const staffed = (catalogue = bank): Story =>
  openBranch(catalogue, [
    [counter1, amadou],
    [counter2, binta],
    [counter3, djeneba],
  ])

const tuesday = '2026-11-24' as BusinessDate
const after = (minutes: number): Partial<PrintedAlone> => ({ sinceContactMs: minutes * MINUTE })
const ghost = (ghostId: TicketId | null): Partial<PrintedAlone> => ({ ghostId })
const id = (text: string): TicketId => text as TicketId
const types = (number: string): Extract<Command, { type: 'AdoptNumber' }> => ({
  type: 'AdoptNumber',
  counterId: counter1,
  ticketId: id(`typed-${number}`),
  number: number as TicketNumber,
  isNumberTaken: false,
})

describe('paper that a kiosk printed alone', () => {
  test('stands in line where its customer arrived, between those the server knew', () => {
    const story = staffed()
    story.takes(cash)
    story.clock.pass(30 * MINUTE)
    story.takes(cash)
    story.adopts([paper('p2', 'A1002', cash, after(25)), paper('p1', 'A1001', cash, after(10))])
    expect(story.line(tellerLine)).toEqual(['A001', 'A1001', 'A1002', 'A002'])
    expect(story.ticket(id('p1')).facts.issuedAtMs).toBe(story.ticket(id('p2')).facts.issuedAtMs - 15 * MINUTE)
  })

  test('never arrived before the last contact of its kiosk, nor after now', () => {
    const story = staffed()
    story.adopts([paper('early', 'A1001', cash, { sinceContactMs: -HOUR }), paper('late', 'A1002', cash, after(90))])
    const { steadyMs } = story.clock.read()
    expect(story.ticket(id('early')).facts.arrivedSteadyMs).toBe(steadyMs)
    expect(story.ticket(id('late')).facts.arrivedSteadyMs).toBe(steadyMs)
    expect(story.line(tellerLine)).toEqual(['A1001', 'A1002'])
  })

  test('is no older than two minutes where the branch knows of no absence that explains it', () => {
    const story = staffed()
    story.clock.pass(30 * MINUTE)
    story.takes(cash)
    story.clock.pass(10 * MINUTE)
    story.takes(cash)
    const alone = (minutes: number, absences: PrintedAlone['absences']) => ({ ...after(minutes), absences })
    const { steadyMs } = story.clock.read()
    const before = (minutes: number): SteadyMs => (steadyMs - minutes * MINUTE) as SteadyMs
    const away = { fromSteadyMs: before(20), toSteadyMs: before(5) }
    story.adopts([
      paper('p2', 'A1002', cash, alone(20, [])),
      paper('p1', 'A1001', cash, alone(10, [])),
      // Said to be of a time before that absence.
      paper('p3', 'A1003', cash, alone(12, [away])),
      paper('p4', 'A1004', cash, alone(25, [away])),
      paper('p5', 'A1005', cash, alone(39, [])),
    ])
    // Those that are not believed still stand in their own order.
    expect(story.line(tellerLine)).toEqual(['A1004', 'A001', 'A1001', 'A1003', 'A1002', 'A1005', 'A002'])
    expect(story.ticket(id('p5')).facts.arrivedSteadyMs).toBe(before(1))
    expect(story.ticket(id('p1')).facts.arrivedSteadyMs).toBe(before(2))
  })

  test('stands before nobody who came after it when the branch lost time while it was off', () => {
    const story = staffed()
    story.adopts([paper('p1', 'A1001', cash, { lastContactSteadyMs: (10 * DAY) as SteadyMs })])
    story.clock.pass(MINUTE)
    story.takes(cash)
    expect(story.line(tellerLine)).toEqual(['A1001', 'A001'])
  })

  test('is taken in whatever the queue says: full, closed, and with a class only staff may give', () => {
    const story = staffed()
    for (let count = 0; count < 6; count += 1) story.takes(cards)
    story.does({ type: 'CloseQueue', queueId: cardLine }, callerOrigin(counter3))
    story.adopts([
      paper('p1', 'C1001', cards),
      paper('p2', 'L1001', loans, { priority: privilege }),
      paper('p3', 'L1002', loans, { priority: senior }),
    ])
    expect(story.line(cardLine)).toHaveLength(7)
    expect(story.ticket(id('p2')).facts.priority).toBeNull()
    expect(story.line(adviceLine)).toEqual(['L1002', 'L1001'])
  })

  test('is taken in when its service has retired, and in another line when nobody knows the service any more', () => {
    const story = staffed()
    story.takes(cards)
    story.applies(without(bank, 'services', cards, loans))
    story.adopts([paper('p1', 'C1001', cards), paper('p2', 'L1001', loans)])
    expect(story.status(id('p1'))).toBe('waiting')
    expect(story.status(id('p2'))).toBe('waiting')
    const [first] = story.state().catalogue?.body.services ?? []
    expect(story.ticket(id('p2')).facts).toMatchObject({ serviceId: first?.id, queueId: first?.queueId })
  })

  test('is taken into another line when that of its retired service is gone, too: somebody must be able to call it', () => {
    const story = staffed()
    const held = story.takes(cards)
    story.transfers(counter1, held, tellerLine, 'last')
    const fewer = without(without(bank, 'services', cards), 'queues', cardLine)
    story.applies({
      ...fewer,
      counters: fewer.counters.map((it) => ({ ...it, queueIds: it.queueIds.filter((queue) => queue !== cardLine) })),
    })
    story.adopts([paper('p1', 'C1001', cards)])
    expect(story.line(bank.services[0]?.queueId ?? tellerLine)).toContain('C1001')
  })

  test('handed over twice, or twice in one bundle, is one ticket', () => {
    const story = staffed()
    const [first, twin] = [paper('p1', 'A1001', cash), paper('p1', 'A1002', cash)]
    expect(story.adopts([first, first, twin])).toHaveLength(1)
    expect(story.adopts([first])).toHaveLength(0)
    expect(adoptionFault(story.state(), first)).toBe('known')
    expect(adoptionFault(staffed().state(), paper('p9', 'A1009', cash, { isKnown: true }))).toBe('known')
  })

  test('does not take a number that another paper of that date bears', () => {
    const story = staffed()
    story.adopts([paper('p1', 'A1001', cash)])
    const other = paper('p2', 'A1001', cash)
    expect(adoptionFault(story.state(), other)).toBe('NumberTaken')
    expect(story.adopts([other], kiosk2)).toHaveLength(0)
    expect(adoptionFault(story.state(), paper('p3', 'A1003', cash, { isNumberTaken: true }))).toBe('NumberTaken')
  })

  test('that tells of a contact which this branch has not come to yet counts by another log’s time: it came just now', () => {
    const story = staffed()
    const first = story.takes(cash)
    const now = story.state().now.steadyMs
    story.adopts([paper('p1', 'A1001', cash, { lastContactSteadyMs: (now + DAY) as SteadyMs, sinceContactMs: 0 })])
    expect(story.ticket(id('p1')).facts.arrivedSteadyMs).toBe(story.state().now.steadyMs)
    expect(story.line(tellerLine)).toEqual([story.ticket(first).facts.number, 'A1001'])
  })

  test('that is refused takes its ghost along all the same: nobody holds that number', () => {
    const story = staffed()
    const lost = story.takes(cash)
    story.adopts([paper('p1', 'A1001', cash)])
    story.adopts([paper('p2', 'A1001', cash, ghost(lost))])
    expect(story.status(lost)).toBe('cancelled')
    expect(story.log().at(-1)).toMatchObject({ type: 'TicketCancelled', ticketId: lost, reason: 'superseded' })
  })

  test('must bear a number of an offline block', () => {
    const { state } = staffed()
    for (const number of ['A001', 'A10001', 'A1000', 'A0001', 'AAAA1001', '1001'])
      expect(adoptionFault(state(), paper('p1', number, cash))).toBe('NumberNotOffline')
  })
})

describe('paper of a day that has ended', () => {
  test('is recorded, and ends with its day', () => {
    const story = staffed()
    story.until('09:00', 1)
    story.adopts([paper('p1', 'A1001', cash)])
    expect(story.status(id('p1'))).toBe('cancelled')
    expect(story.log().at(-1)).toMatchObject({ type: 'TicketCancelled', reason: 'day-closed' })
  })

  test('leaves its number to the paper of today, in whichever order they come', () => {
    const [old, today] = [paper('old', 'A1001', cash), paper('new', 'A1001', cash, { businessDate: tuesday })]
    for (const bundle of [
      [old, today],
      [today, old],
    ]) {
      const story = staffed()
      story.until('09:00', 1)
      story.adopts(bundle)
      expect([story.status(id('old')), story.status(id('new'))]).toEqual(['cancelled', 'waiting'])
      expect(story.state().ticketByNumber.get('A1001' as TicketNumber)).toBe('new')
    }
    const story = staffed()
    story.until('09:00', 1)
    story.adopts([today])
    story.adopts([old])
    story.begins('rewound')
    expect(story.state().ticketByNumber.get('A1001' as TicketNumber)).toBe('new')
  })

  test('does not keep staff from typing the same number of today', () => {
    const story = staffed()
    story.until('09:00', 1)
    story.adopts([paper('old', 'A1001', cash)])
    story.does(types('A1001'), callerOrigin(counter1))
    expect(story.status(id('typed-A1001'))).toBe('called')
  })

  test('waits on in a queue that runs through the night', () => {
    const story = staffed(nightBank)
    story.until('05:00', 1)
    story.adopts([paper('p1', 'L1001', loans)])
    expect(story.status(id('p1'))).toBe('waiting')
    expect(adoptionFault(story.state(), paper('p2', 'L1001', loans, { businessDate: tuesday }))).toBe('NumberTaken')
  })

  test('ends at once, too, when staff have closed the day by hand', () => {
    const story = staffed()
    story.does({ type: 'CloseDay' }, callerOrigin(counter3))
    story.adopts([paper('p1', 'A1001', cash)])
    expect(story.status(id('p1'))).toBe('cancelled')
  })
})

describe('a ghost, whose tap was committed but whose answer was lost', () => {
  test('gives way to the paper, and its counter is free again', () => {
    const story = staffed()
    const lost = story.takes(cash)
    story.callsNext(counter1)
    story.adopts([paper('p1', 'A1001', cash, ghost(lost))])
    expect(story.status(lost)).toBe('cancelled')
    expect(story.callsNext(counter1)).toBe('p1')
  })

  test('gives way once, however many papers speak of it', () => {
    const story = staffed()
    const lost = story.takes(cash)
    const events = story.adopts([paper('p1', 'A1001', cash, ghost(lost)), paper('p2', 'A1002', cash, ghost(lost))])
    expect(events.filter(({ type }) => type === 'TicketCancelled')).toHaveLength(1)
  })

  test('stays as it is when it was over already', () => {
    const story = staffed()
    const done = story.takes(cash)
    story.callsNext(counter1)
    story.acts('MarkNoShow', counter1, done)
    story.adopts([paper('p1', 'A1001', cash, ghost(done)), paper('p2', 'A1002', cash, ghost(id('never')))])
    expect(story.status(done)).toBe('no_show')
  })

  test('gives way, too, when staff had typed the paper in before its kiosk came back', () => {
    const story = staffed()
    const lost = story.takes(cash)
    story.does(types('A1001'), callerOrigin(counter1))
    story.adopts([paper('p1', 'A1001', cash, ghost(lost))])
    expect(story.status(lost)).toBe('cancelled')
    expect(story.state().tickets.has(id('p1'))).toBe(false)
  })

  test('is itself adopted when it is the paper', () => {
    const story = staffed()
    const lost = story.takes(cash)
    expect(story.adopts([paper(lost, 'A1001', cash, ghost(lost))])).toHaveLength(0)
    expect(story.status(lost)).toBe('waiting')
  })
})

describe('a number that staff type from paper', () => {
  test('is adopted and called to their counter at once; nobody claims to know how long it waited', () => {
    const story = staffed()
    const events = story.does(types('A1007'), callerOrigin(counter1))
    expect(events).toMatchObject([
      { type: 'TicketAdopted', kioskId: null },
      { type: 'TicketCalled', waitMs: null },
    ])
    expect(story.refuses(types('A1008'), callerOrigin(counter1))).toBe('CounterBusy')
  })

  test('is known when the kiosk comes back with it, on its day or after', () => {
    const story = staffed()
    story.until('09:00', 1)
    story.does(types('A1001'), callerOrigin(counter1))
    expect(adoptionFault(story.state(), paper('p1', 'A1001', cash, { businessDate: tuesday }))).toBe('known')
    expect(adoptionFault(story.state(), paper('p1', 'A1001', cash))).toBe('known')
    expect(story.adopts([paper('p1', 'A1001', cash)])).toHaveLength(0)
  })

  test('far above what its kiosk is known to have printed is taken once staff have said that they mean it', () => {
    const story = staffed()
    expect(() => story.does(types('A1021'), callerOrigin(counter1))).toThrow('NumberNotPrinted')
    story.does(types('A1020'), callerOrigin(counter1))
    story.completes(counter1, id('typed-A1020'))
    // What was typed before is no proof that the kiosk has come so far.
    expect(story.refuses(types('A1021'), callerOrigin(counter1))).toBe('NumberNotPrinted')
    story.does({ ...types('A1999'), isConfirmed: true }, callerOrigin(counter1))
    story.completes(counter1, id('typed-A1999'))
    story.adopts([paper('p5', 'A1005', cash), paper('other', 'A2400', cash)])
    story.does(types('A1025'), callerOrigin(counter1))
    const far = mark('completed', { number: 'A1999' as TicketNumber, newTicketId: id('far') })
    const other = { ...far, number: 'L1100' as TicketNumber }
    expect(story.refuses({ type: 'RecordTicket', mark: other }, callerOrigin(counter1))).toBe('NumberNotPrinted')
    story.does({ type: 'RecordTicket', mark: { ...other, isConfirmed: true } }, callerOrigin(counter1))
    expect(story.status(id('far'))).toBe('completed')
  })

  test('is refused when it is taken, unknown or not from an offline block', () => {
    const story = staffed()
    story.adopts([paper('p1', 'A1001', cash)])
    expect(story.refuses(types('A1001'), callerOrigin(counter1))).toBe('NumberTaken')
    expect(story.refuses(types('X1001'), callerOrigin(counter1))).toBe('ServiceUnknown')
    expect(story.refuses(types('A001'), callerOrigin(counter1))).toBe('NumberNotOffline')
    expect(story.refuses(types('A1002'), callerOrigin(counter2))).toBe('NotYourCounter')
  })
})

test('a no-show whose number somebody else bears by now cannot be put back beside them', () => {
  const story = staffed()
  story.adopts([paper('p1', 'A1001', cash)])
  story.callsNext(counter1)
  story.acts('MarkNoShow', counter1, id('p1'))
  // A kiosk that is ahead of the branch's day has begun its numbers again.
  story.adopts([paper('p2', 'A1001', cash, { businessDate: tuesday })])
  expect(story.refuses({ type: 'ReinstateTicket', ticketId: id('p1') }, callerOrigin(counter1))).toBe('NumberTaken')
})

test('a kiosk cannot give a class that only staff may give, staff can', () => {
  const story = staffed()
  const ask: Command = {
    type: 'IssueTicket',
    ticketId: id('t'),
    serviceId: loans,
    channel: 'counter',
    priority: privilege,
    language: 'ar',
  }
  expect(story.refuses(ask, kioskOrigin())).toBe('PriorityStaffOnly')
  story.does(ask, callerOrigin(counter1))
  expect(story.ticket(id('t')).facts).toMatchObject({ priorityValue: 20, language: 'ar' })
})

test('a paper keeps the services that its customer chose, as many as one visit may hold', () => {
  const story = openBranch(withService(bank, cash, { plan: [cards] }), [])
  story.adopts([
    { ...paper('chosen', 'A1001', cash), plan: [loans, 'unheard-of' as ServiceId] },
    paper('planned', 'A1002', cash),
    { ...paper('many', 'A1003', cash), plan: Array.from({ length: PLAN_MAX + 1 }, () => loans) },
    { ...paper('none', 'A1004', cash), plan: [] },
  ])
  const planOf = (ticketId: string) => story.ticket(ticketId as TicketId).facts.plan
  expect(planOf('chosen')).toEqual([loans, 'unheard-of'])
  expect(planOf('planned')).toEqual([cards])
  expect(planOf('many')).toHaveLength(PLAN_MAX)
  expect(planOf('none')).toEqual([])
})
