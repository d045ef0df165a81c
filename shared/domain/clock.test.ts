import { describe, expect, test } from 'vitest'
import { CLOCK_JUMP_MAX_MS, steadyAtStart } from './clock.ts'
import type { EpochMs, Moment, SteadyMs, TicketId } from './ids.ts'
import { amadou, bank, callerAt, cash, counter1, djeneba, nightBank, tellerLine } from './testing/bank.ts'
import { DAY, HOUR, MINUTE, SECOND, YEAR } from './testing/fake-clock.ts'
import { assertStep } from './testing/invariants.ts'
import { at, callerOrigin, installer, newBranch, openBranch, type Story } from './testing/story.ts'

const confirm = { type: 'ConfirmClock', by: 'staff' } as const
const issue = (ticketId: string) =>
  ({
    type: 'IssueTicket',
    ticketId: ticketId as TicketId,
    serviceId: cash,
    channel: 'kiosk',
    priority: null,
    language: null,
  }) as const

const doubts = (story: Story): readonly string[] =>
  story.log().flatMap(({ type }) => (type === 'ClockDoubted' || type === 'ClockTrusted' ? [type] : []))

const opened = (story: Story): readonly string[] =>
  story.log().flatMap((event) => (event.type === 'DayOpened' ? [event.date] : []))

describe('a branch whose first boot is in 1970', () => {
  const story = (): Story => newBranch(0, at('08:00'))

  test('gives no number, because no day can be named, and opens one as soon as the clock is right', () => {
    const branch = story()
    branch.applies(bank)
    expect(branch.refuses(issue('early'))).toBe('ClockUnsure')
    expect(branch.refuses({ type: 'CloseDay' }, installer)).toBe('ClockUnsure')
    branch.clock.setWall(at('09:00'))
    branch.does(issue('t1'))
    expect(branch.today()).toBe('2026-11-23')
    expect(doubts(branch)).toEqual(['ClockDoubted', 'ClockTrusted'])
  })

  test('opens its day when somebody says that the date is right, whatever it is', () => {
    const branch = story()
    branch.applies(bank)
    branch.does(confirm, installer)
    branch.does(issue('t1'))
    expect(branch.today()).toBe('1969-12-31')
  })
})

describe('a branch whose clock runs five years ahead', () => {
  test('doubts it, goes on in the present day, and heals by itself when the clock is set right', () => {
    const branch = openBranch()
    branch.clock.jump(5 * YEAR)
    branch.does(issue('t1'))
    expect(branch.ticket('t1' as TicketId).facts.businessDate).toBe('2026-11-23')
    expect(branch.state().clock.isDoubted).toBe(true)
    branch.clock.jump(-5 * YEAR)
    branch.does(issue('t2'))
    expect(branch.state().clock.isDoubted).toBe(false)
    expect(opened(branch)).toEqual(['2026-11-23'])
  })

  test('at its very first boot nobody can know: tickets go on, and the day never goes back when it is corrected', () => {
    const branch = newBranch(at('09:00') + 5 * YEAR, at('08:00'))
    branch.applies(bank)
    branch.does(issue('t1'))
    branch.clock.setWall(at('09:10'))
    branch.does(issue('t2'))
    expect(branch.state().clock.isDoubted).toBe(true)
    branch.does(confirm, installer)
    branch.does(issue('t3'))
    expect(branch.today()).toBe('2031-11-22')
    expect(branch.state().now.atMs).toBe(at('09:10'))
  })
})

test('an hour back is doubted; tickets go on in the present day, with labels that go forward', () => {
  const branch = openBranch(bank, [[counter1, amadou]])
  branch.takes(cash)
  branch.clock.jump(-HOUR)
  branch.clock.pass(5 * MINUTE)
  const second = branch.takes(cash)
  expect(branch.ticket(second).facts.issuedAtMs).toBe(at('09:05'))
  expect(branch.line(tellerLine)).toEqual(['A001', 'A002'])
  branch.clock.jump(HOUR)
  branch.takes(cash)
  expect(doubts(branch)).toEqual(['ClockDoubted', 'ClockTrusted'])
})

test('a time service may step two seconds back without anybody being wrong', () => {
  const branch = openBranch()
  branch.takes(cash)
  branch.clock.jump(-2 * SECOND)
  branch.takes(cash)
  expect(doubts(branch)).toEqual([])
})

test('a day forward is believed, and opens its day; 36 hours are the limit', () => {
  const branch = openBranch()
  branch.clock.jump(DAY)
  branch.takes(cash)
  expect(branch.today()).toBe('2026-11-24')
  branch.clock.jump(CLOCK_JUMP_MAX_MS)
  branch.takes(cash)
  expect(opened(branch)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25'])
  branch.clock.jump(CLOCK_JUMP_MAX_MS + SECOND)
  branch.takes(cash)
  expect(branch.today()).toBe('2026-11-25')
})

describe('a jump of more than 36 hours', () => {
  const jumped = (): { branch: Story; before: TicketId; during: TicketId } => {
    const branch = openBranch(bank, [[counter1, djeneba]])
    const before = branch.takes(cash)
    branch.clock.pass(MINUTE)
    branch.clock.jump(3 * DAY)
    const during = branch.takes(cash)
    return { branch, before, during }
  }

  test('opens no day until somebody confirms it, however long that takes', () => {
    const { branch } = jumped()
    branch.clock.pass(2 * DAY)
    branch.takes(cash)
    expect(opened(branch)).toEqual(['2026-11-23'])
    expect(branch.refuses(confirm, callerOrigin('elsewhere' as never))).toBe('NotAManager')
    branch.does(confirm, callerOrigin(counter1))
    branch.ask({ type: 'KeepTime' })
    expect(opened(branch)).toEqual(['2026-11-23', '2026-11-28'])
  })

  test('spares the tickets of the doubt at the roll that its confirmation opens, and no others', () => {
    const { branch, before, during } = jumped()
    branch.does(confirm, callerOrigin(counter1))
    branch.ask({ type: 'KeepTime' })
    expect(branch.state().tickets.has(before)).toBe(false)
    expect(branch.status(during)).toBe('waiting')
    branch.until('04:00', 4)
    expect(branch.state().tickets.has(during)).toBe(false)
  })

  test('cannot be confirmed when nobody doubts the clock', () => {
    const branch = openBranch()
    expect(branch.refuses(confirm, installer)).toBe('ClockIsSure')
  })
})

test('a false alarm spares nobody: who came during it goes with the day at the next cut-over', () => {
  const branch = openBranch()
  branch.clock.jump(-HOUR)
  const during = branch.takes(cash)
  branch.clock.jump(HOUR)
  branch.until('12:00')
  expect(branch.state().clock).toEqual({ isDoubted: false, keepsTicketsSince: null })
  branch.until('04:00', 1)
  expect(branch.state().tickets.has(during)).toBe(false)
})

test('a doubt that ends by agreement at the cut-over, or after it, spares who came during it', () => {
  const branch = openBranch()
  branch.clock.setWall(0)
  const night = branch.takes(cash)
  branch.clock.pass(19 * HOUR)
  const morning = branch.takes(cash)
  expect(branch.today()).toBe('2026-11-23')
  branch.clock.setWall(at('09:00') + 19 * HOUR)
  branch.ask({ type: 'KeepTime' })
  expect(branch.today()).toBe('2026-11-24')
  expect([branch.status(night), branch.status(morning)]).toEqual(['waiting', 'waiting'])
})

test('staff who close the day while the clock is in doubt send everybody home', () => {
  const branch = openBranch()
  branch.clock.setWall(0)
  const waiting = branch.takes(cash)
  branch.does({ type: 'CloseDay' }, installer)
  expect(branch.status(waiting)).toBe('cancelled')
  expect(branch.refuses(issue('late'))).toBe('DayIsClosed')
})

test('I7: a confirmed clock may be set back, but the day and steady time are not', () => {
  const branch = openBranch()
  branch.until('08:00', 1)
  branch.clock.setWall(at('10:00'))
  branch.takes(cash)
  branch.does(confirm, installer)
  const ticketId = branch.takes(cash)
  expect(branch.today()).toBe('2026-11-24')
  expect(branch.ticket(ticketId).facts.issuedAtMs).toBe(at('10:00'))
  branch.until('04:00', 2)
  expect(opened(branch)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25'])
})

describe('steady time', () => {
  const last: Moment = { atMs: at('09:00') as EpochMs, steadyMs: 1_000 as SteadyMs }

  test('goes on over a restart by as much as the wall clock can be believed', () => {
    expect(steadyAtStart(last, at('09:30') as EpochMs)).toBe(1_000 + 30 * MINUTE)
    expect(steadyAtStart(last, 0 as EpochMs)).toBe(1_000)
    expect(steadyAtStart(last, (at('09:00') + CLOCK_JUMP_MAX_MS + 1) as EpochMs)).toBe(1_000)
  })

  test('measures waits and service over a restart and over a clock that was wrong', () => {
    const branch = openBranch(bank, [[counter1, amadou]])
    const ticketId = branch.takes(cash)
    branch.clock.pass(10 * MINUTE)
    branch.restarts()
    branch.callsNext(counter1)
    expect(branch.log().at(-1)).toMatchObject({ type: 'TicketCalled', waitMs: 10 * MINUTE })
    branch.acts('StartService', counter1, ticketId)
    branch.clock.jump(-YEAR)
    branch.clock.pass(7 * MINUTE)
    branch.completes(counter1, ticketId)
    expect(branch.log().at(-1)).toMatchObject({ type: 'TicketCompleted', serviceMs: 7 * MINUTE })
  })

  test('is not turned back by a reading that was taken before the last event was written', () => {
    const branch = openBranch()
    const early = branch.clock.read()
    branch.clock.pass(SECOND)
    branch.takes(cash)
    const before = branch.state()
    const late = branch.clock.read()
    branch.clock.pass(early.steadyMs - late.steadyMs)
    branch.takes(cash)
    expect(branch.state().now.steadyMs).toBe(before.now.steadyMs)
  })
})

test('holds do not count as service, and a ticket may be served in two pieces', () => {
  const branch = openBranch(bank, [[counter1, amadou]])
  const ticketId = branch.takes(cash)
  branch.callsNext(counter1)
  branch.acts('StartService', counter1, ticketId)
  branch.clock.pass(4 * MINUTE)
  branch.holds(counter1, ticketId)
  branch.clock.pass(HOUR)
  branch.does({ type: 'ResumeTicket', ticketId, counterId: counter1 }, callerOrigin(counter1))
  branch.clock.pass(3 * MINUTE)
  branch.completes(counter1, ticketId)
  expect(branch.ticket(ticketId).facts.serviceMs).toBe(7 * MINUTE)
})

test('a customer who comes first after the cut-over opens the day: no timer has to', () => {
  const branch = openBranch(nightBank)
  branch.takes(cash)
  branch.clock.pass(DAY)
  const first = branch.takes(cash)
  expect(branch.number(first)).toBe('A001')
  expect(
    branch
      .log()
      .slice(-4)
      .map(({ type }) => type),
  ).toEqual(['TicketCancelled', 'DayClosed', 'DayOpened', 'TicketIssued'])
})

test('a refused command still rolls the day, and leaves nothing else behind', () => {
  const branch = openBranch(bank, [[counter1, amadou]])
  branch.takes(cash)
  branch.clock.pass(DAY)
  const before = branch.state()
  const done = branch.ask({ type: 'CallNext', counterId: counter1 }, { kind: 'caller', deviceId: callerAt(counter1) })
  expect(done.answer).toMatchObject({ ok: false, refusal: { code: 'QueueEmpty' } })
  expect(done.events.map(({ type }) => type)).toEqual(['TicketCancelled', 'DayClosed', 'DayOpened'])
  assertStep(before, done)
})
