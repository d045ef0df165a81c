import { describe, expect, test } from 'vitest'
import type { PaperMark } from './commands.ts'
import { LAST_HELD_MAX } from './evolve.ts'
import type { BusinessDate, DeviceId, ServiceId, SteadyMs, TicketId, TicketNumber } from './ids.ts'
import {
  amadou,
  bank,
  binta,
  cash,
  chloe,
  counter1,
  counter2,
  counter3,
  djeneba,
  loans,
  tellerLine,
} from './testing/bank.ts'
import { MINUTE } from './testing/fake-clock.ts'
import { callerOrigin, mark, openBranch, paper, type Story } from './testing/story.ts'
import { ABSENCE_UNSURE_MS } from './told-time.ts'

const staffed = (): Story =>
  openBranch(bank, [
    [counter1, amadou],
    [counter2, binta],
  ])

const FAR_MS = 1e12 as SteadyMs
/** Noted in an absence that begins now, and that the branch knows. */
function noted(story: Story, minutes: number): Partial<PaperMark> {
  const { steadyMs } = story.state().now
  return {
    noted: { lastContactSteadyMs: steadyMs, sinceContactMs: minutes * MINUTE },
    absences: [{ fromSteadyMs: steadyMs, toSteadyMs: FAR_MS }],
  }
}
const enters = (story: Story, status: PaperMark['status'], more: Partial<PaperMark>) =>
  story.does({ type: 'RecordTicket', mark: mark(status, more) }, callerOrigin(counter1))
const isRefused = (story: Story, status: PaperMark['status'], more: Partial<PaperMark>) =>
  story.refuses({ type: 'RecordTicket', mark: mark(status, more) }, callerOrigin(counter1))

describe('what was noted while the server was away', () => {
  test('is entered with the time at which it happened, and says that it was entered later', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    const more = { ticketId, ...noted(story, 20) }
    story.clock.pass(60 * MINUTE)
    enters(story, 'completed', more)
    const { phase, facts } = story.ticket(ticketId)
    const nowMs = story.state().now.atMs
    expect(phase).toMatchObject({ status: 'completed', counterId: counter1, agentId: amadou, enteredAtMs: nowMs })
    expect(phase).toMatchObject({ finishedAtMs: nowMs - 40 * MINUTE })
    // Nobody measured when it was called: no wait is claimed.
    expect(facts).toMatchObject({ waitMs: null, calledAtMs: null, serviceMs: 0 })
    expect(story.line(tellerLine)).toEqual([])
  })

  test('a service that had begun on the screen counts up to when it is known to have ended', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.callsNext(counter1)
    story.acts('StartService', counter1, ticketId)
    const more = { ticketId, ...noted(story, 7) }
    story.clock.pass(300 * MINUTE)
    enters(story, 'completed', more)
    expect(story.ticket(ticketId).facts.serviceMs).toBe(7 * MINUTE)
    expect(story.state().openCounters.get(counter1)?.ticketId).toBeNull()
  })

  test('the second counter that served the same number is told, and nothing is changed', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    enters(story, 'completed', { ticketId })
    const before = story.state()
    expect(isRefused(story, 'completed', { ticketId, counterId: counter2, agentId: binta })).toBe('TicketIsCompleted')
    expect(isRefused(story, 'no_show', { ticketId })).toBe('TicketIsCompleted')
    expect(story.state()).toBe(before)
  })

  test('a visit goes on with its next service, and that service is not ended by a second entry of the first', () => {
    const story = staffed()
    const ticketId = story.takes(cash, null, [loans])
    enters(story, 'completed', { ticketId, serviceId: cash })
    expect(story.ticket(ticketId)).toMatchObject({
      phase: { status: 'waiting' },
      facts: { serviceId: loans, plan: [] },
    })
    expect(isRefused(story, 'completed', { ticketId, serviceId: cash })).toBe('ServiceIsOver')
    enters(story, 'completed', { ticketId, serviceId: loans })
    expect(story.status(ticketId)).toBe('completed')
  })

  test('a customer whom the screen called again, though she had been served, is let go; one who is being served is not', () => {
    const story = staffed()
    const [first, second] = [story.takes(cash), story.takes(cash)]
    const early = noted(story, 5)
    story.clock.pass(10 * MINUTE)
    expect(story.callsNext(counter2)).toBe(first)
    enters(story, 'completed', { ticketId: first, ...early })
    expect(story.status(first)).toBe('completed')
    expect(story.callsNext(counter2)).toBe(second)
    expect(isRefused(story, 'completed', { ticketId: second })).toBe('NotYourTicket')
    story.acts('StartService', counter2, second)
    expect(isRefused(story, 'completed', { ticketId: second, ...early })).toBe('NotYourTicket')
  })

  test('it never happened before the customer came, nor after now', () => {
    const story = staffed()
    const contact = story.state().now.steadyMs
    story.clock.pass(30 * MINUTE)
    const ticketId = story.takes(cash)
    const arrived = story.ticket(ticketId).facts.arrivedSteadyMs
    const absences = [{ fromSteadyMs: contact, toSteadyMs: FAR_MS }]
    enters(story, 'cancelled', { ticketId, absences, noted: { lastContactSteadyMs: contact, sinceContactMs: MINUTE } })
    expect(story.ticket(ticketId).phase).toMatchObject({ finishedSteadyMs: arrived, counterId: null })
    const other = story.takes(cash)
    enters(story, 'no_show', { ticketId: other, noted: { lastContactSteadyMs: contact, sinceContactMs: 900 * MINUTE } })
    expect(story.ticket(other).phase).toMatchObject({ finishedSteadyMs: story.state().now.steadyMs })
  })
})

describe('a number of a kiosk that was alone', () => {
  const number = 'A1001' as TicketNumber

  test('is taken in by hand, once; the kiosk that hands it over later brings no second one', () => {
    const story = staffed()
    enters(story, 'completed', { number })
    expect(story.ticket('typed-1' as TicketId)).toMatchObject({
      phase: { status: 'completed' },
      facts: { waitMs: null },
    })
    expect(isRefused(story, 'completed', { number, newTicketId: 'typed-2' as TicketId })).toBe('TicketIsCompleted')
    expect(story.adopts([paper('paper-1', number, cash)])).toEqual([])
  })

  test('is found where the kiosk was quicker', () => {
    const story = staffed()
    story.adopts([paper('paper-1', number, cash)])
    enters(story, 'completed', { number })
    expect(story.status('paper-1' as TicketId)).toBe('completed')
  })

  test('no kiosk printed it, or it is of another day: it is refused by name', () => {
    const story = staffed()
    expect(isRefused(story, 'completed', { number: 'A042' as TicketNumber })).toBe('NumberNotOffline')
    expect(isRefused(story, 'completed', { number, businessDate: '2026-11-22' as BusinessDate })).toBe('TicketUnknown')
    expect(isRefused(story, 'completed', { number: 'Z1001' as TicketNumber })).toBe('ServiceUnknown')
  })

  test('whoever did not come then and is put back has a wait that nobody knows', () => {
    const story = staffed()
    enters(story, 'no_show', { number })
    story.acts('ReinstateTicket', counter1, 'typed-1' as TicketId)
    story.clock.pass(5 * MINUTE)
    story.callsNext(counter1)
    expect(story.log().at(-1)).toMatchObject({ type: 'TicketCalled', waitMs: null, legWaitMs: null })
  })
})

test('a ticket whose day ended while the server was away is what it was noted to be, on its own day', () => {
  const story = staffed()
  const ticketId = story.takes(cash)
  const noOne = story.takes(cash)
  story.acts('CancelTicket', counter1, noOne)
  const gone = story.ticket(noOne)
  const waiting = story.ticket(ticketId)
  const more = { ticketId, ...noted(story, 20) }
  story.until('09:00', 1)
  expect(story.state().tickets.has(ticketId)).toBe(false)
  const end = { status: 'cancelled', counterId: null, agentId: null } as const
  const { atMs: finishedAtMs, steadyMs: finishedSteadyMs } = story.state().now
  const former = { ...waiting, phase: { ...end, finishedAtMs, finishedSteadyMs, isByDay: true } as const }
  const { tickets, state } = story.ask(
    { type: 'RecordTicket', mark: mark('completed', { ...more, former }) },
    callerOrigin(counter1),
  )
  expect(tickets.get(ticketId)?.phase).toMatchObject({ status: 'completed', counterId: counter1 })
  expect(state.tickets.has(ticketId)).toBe(false)
  // Entered once already, or over before the server went away.
  const entered = { ...former, phase: { ...end, finishedAtMs, finishedSteadyMs, enteredAtMs: finishedAtMs } }
  expect(isRefused(story, 'completed', { ...more, former: entered })).toBe('TicketIsCancelled')
  const late = { ticketId: noOne, former: gone, noted: { lastContactSteadyMs: 1e9 as SteadyMs, sinceContactMs: 0 } }
  expect(isRefused(story, 'completed', late)).toBe('TicketIsCancelled')
  // Staff ended it; or no absence of the branch's own knowledge explains why nobody said so; or it is long past.
  const byStaff = { ...former, phase: { ...end, finishedAtMs, finishedSteadyMs } }
  expect(isRefused(story, 'completed', { ...more, former: byStaff })).toBe('TicketIsCancelled')
  const after = [{ fromSteadyMs: (finishedSteadyMs + 10 * MINUTE) as SteadyMs, toSteadyMs: FAR_MS }]
  for (const absences of [[], after])
    expect(isRefused(story, 'completed', { ...more, former, absences })).toBe('TicketIsCancelled')
  expect(isRefused(story, 'completed', { ...more, former, isTooLate: true })).toBe('RecordTooLate')
})

describe('the branch believes a caller what it can know itself', () => {
  const spare = callerOrigin(counter3)
  const tells = (story: Story, ticketId: TicketId, more: Partial<PaperMark> = {}) =>
    story.does({ type: 'RecordTicket', mark: mark('completed', { ticketId, ...more }) }, spare)

  test('a caller at which nobody ever signed in waits with its marks until somebody has, and not to learn', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    const asked = { type: 'RecordTicket', mark: mark('completed', { ticketId }) } as const
    expect(story.refuses(asked, spare)).toBe('CallerNotStaffed')
    const open = { type: 'OpenCounter', counterId: counter3, agentId: chloe } as const
    story.does({ ...open, isTraining: true }, spare)
    expect(story.refuses(asked, spare)).toBe('CallerNotStaffed')
    story.does(open, spare)
    story.does({ type: 'CloseCounter', counterId: counter3 }, spare)
    story.does(asked, spare)
    expect(story.status(ticketId)).toBe('completed')
  })

  test('what it says of a counter that it does not hold has happened, and is nobody’s', () => {
    const story = staffed()
    story.opens(counter3, chloe)
    const [own, others, wrongAgent] = [story.takes(cash), story.takes(cash), story.takes(cash)]
    tells(story, own, { counterId: counter3, agentId: chloe })
    expect(story.ticket(own).phase).toMatchObject({ status: 'completed', counterId: counter3, agentId: chloe })
    tells(story, others)
    tells(story, wrongAgent, { counterId: counter3, agentId: amadou })
    for (const ticketId of [others, wrongAgent])
      expect(story.ticket(ticketId).phase).toMatchObject({ status: 'completed', counterId: null, agentId: null })
  })

  test('a manager who is signed in there speaks for every counter', () => {
    const story = staffed()
    story.does({ type: 'SignInManager', agentId: djeneba }, spare)
    const ticketId = story.takes(cash)
    tells(story, ticketId)
    expect(story.ticket(ticketId).phase).toMatchObject({ counterId: counter1, agentId: amadou })
  })

  test('a time that no absence explains has only just gone by, and takes nobody from the counter that calls her', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    const contact = story.state().now.steadyMs
    story.clock.pass(60 * MINUTE)
    const told = { noted: { lastContactSteadyMs: contact, sinceContactMs: 0 } }
    const served = story.takes(cash)
    expect(story.callsNext(counter2)).toBe(ticketId)
    story.clock.pass(5 * MINUTE)
    expect(isRefused(story, 'completed', { ticketId, ...told })).toBe('NotYourTicket')
    enters(story, 'completed', { ticketId: served, ...told })
    const { steadyMs } = story.state().now
    expect(story.ticket(served).phase).toMatchObject({ finishedSteadyMs: steadyMs - ABSENCE_UNSURE_MS })
  })

  test('of more devices than a branch has, those that worked longest ago are forgotten', () => {
    const story = staffed()
    for (let index = 0; index <= LAST_HELD_MAX; index += 1) {
      story.clock.pass(1_000)
      const origin = { kind: 'caller', deviceId: `spare-${index}` as DeviceId } as const
      story.does({ type: 'OpenCounter', counterId: counter3, agentId: chloe }, origin)
    }
    const { lastHeld } = story.state()
    expect([lastHeld.size, lastHeld.has('spare-0' as DeviceId)]).toEqual([LAST_HELD_MAX, false])
    expect(lastHeld.has('spare-1' as DeviceId)).toBe(true)
  })
})

test('what training gave is nobody’s to enter, and a service nobody named is the present one', () => {
  const story = openBranch(bank, [[counter1, amadou]])
  story.does({ type: 'OpenCounter', counterId: counter2, agentId: djeneba, isTraining: true }, callerOrigin(counter2))
  const issue = { channel: 'counter', priority: null, language: null } as const
  const ticketId = 'test-1' as TicketId
  story.does({ type: 'IssueTicket', ticketId, serviceId: cash as ServiceId, ...issue }, callerOrigin(counter2))
  expect(isRefused(story, 'completed', { ticketId })).toBe('NotYourTicket')
})
