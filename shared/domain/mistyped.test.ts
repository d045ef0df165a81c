import { describe, expect, test } from 'vitest'
import type { Command, PaperMark, PrintedAlone } from './commands.ts'
import { adoptionFault } from './decide-adopt.ts'
import type { BusinessDate, TicketId, TicketNumber } from './ids.ts'
import { amadou, bank, cash, counter1, tellerLine } from './testing/bank.ts'
import { MINUTE } from './testing/fake-clock.ts'
import { callerOrigin, mark, openBranch, paper, type Story } from './testing/story.ts'

const staffed = (): Story => openBranch(bank, [[counter1, amadou]])
const after = (minutes: number): Partial<PrintedAlone> => ({ sinceContactMs: minutes * MINUTE })
const id = (text: string): TicketId => text as TicketId
const types = (number: string): Command => ({
  type: 'AdoptNumber',
  counterId: counter1,
  ticketId: id(`typed-${number}`),
  number: number as TicketNumber,
  isNumberTaken: false,
})

describe('a number that staff noted before it was printed', () => {
  const notedAfter = (story: Story, minutes: number): PaperMark =>
    mark('completed', {
      number: 'A1002' as TicketNumber,
      newTicketId: id('mistyped'),
      noted: { lastContactSteadyMs: story.state().now.steadyMs, sinceContactMs: minutes * MINUTE },
    })
  const printedAfter = (story: Story, minutes: number): PrintedAlone =>
    paper('p2', 'A1002', cash, { lastContactSteadyMs: story.state().now.steadyMs, ...after(minutes) })

  test('is the paper’s: its customer waits, the record of somebody else is void and says so, and nobody is counted twice', () => {
    const story = staffed()
    const [noted, printed] = [notedAfter(story, 10), printedAfter(story, 10.05)]
    story.clock.pass(30 * MINUTE)
    story.does({ type: 'RecordTicket', mark: noted }, callerOrigin(counter1))
    expect(story.adopts([printed])).toMatchObject([
      { type: 'TicketAdopted', ticketId: 'mistyped', printedAs: 'p2', number: 'A1002' },
    ])
    expect(story.line(tellerLine)).toEqual(['A1002'])
    expect(story.ticket(id('mistyped')).facts).toMatchObject({ channel: 'kiosk', enteredSteadyMs: expect.any(Number) })
    // Told again, it is known.
    expect(story.adopts([printed])).toEqual([])
    expect(adoptionFault(story.state(), printed)).toBe('known')
  })

  test('and one that was noted after it was printed is the paper’s own', () => {
    const story = staffed()
    const [noted, printed] = [notedAfter(story, 10), printedAfter(story, 9.95)]
    story.clock.pass(30 * MINUTE)
    story.does({ type: 'RecordTicket', mark: noted }, callerOrigin(counter1))
    expect(story.adopts([printed])).toEqual([])
    expect(story.line(tellerLine)).toEqual([])
  })

  test('whatever the branch itself believes of the time at which it was noted', () => {
    const story = staffed()
    const [noted, printed] = [notedAfter(story, 40), printedAfter(story, 39)]
    // Its own steady time stood still while it was off: the caller and the kiosk have both counted further.
    story.clock.pass(MINUTE)
    story.does({ type: 'RecordTicket', mark: noted }, callerOrigin(counter1))
    expect(story.adopts([printed])).toEqual([])
  })

  test('at a counter is the paper’s, however far a kiosk has counted that had no contact since: the server was off', () => {
    const story = staffed()
    const printed = printedAfter(story, 10)
    story.clock.pass(MINUTE)
    story.does(types('A1002'), callerOrigin(counter1))
    expect(story.adopts([printed])).toEqual([])
    expect(adoptionFault(story.state(), printed)).toBe('known')
  })

  test('is refused by name, not passed over, while somebody else is served under it', () => {
    const story = staffed()
    story.does(types('A1002'), callerOrigin(counter1))
    story.clock.pass(MINUTE)
    const lastContactSteadyMs = story.clock.read().steadyMs
    const printed = paper('p2', 'A1002', cash, { lastContactSteadyMs, ...after(10) })
    story.clock.pass(20 * MINUTE)
    expect(story.adopts([printed])).toEqual([])
    expect(adoptionFault(story.state(), printed)).toBe('NumberTaken')
    story.completes(counter1, id('typed-A1002'))
    expect(story.adopts([printed])).toHaveLength(1)
    expect(story.line(tellerLine)).toEqual(['A1002'])
  })

  test('is refused by name while the paper of another day is in line under it: two customers never wait with one number', () => {
    const story = staffed()
    const [noted, printed] = [notedAfter(story, 10), printedAfter(story, 10.05)]
    const another = { ...paper('p1', 'A1002', cash, after(5)), businessDate: '2026-11-24' as BusinessDate }
    story.clock.pass(30 * MINUTE)
    story.does({ type: 'RecordTicket', mark: noted }, callerOrigin(counter1))
    expect(story.adopts([another])).toMatchObject([{ ticketId: 'p1', number: 'A1002' }])
    expect(story.adopts([printed])).toEqual([])
    expect(adoptionFault(story.state(), printed)).toBe('NumberTaken')
    expect(story.line(tellerLine)).toEqual(['A1002'])
  })
})
