import { describe, expect, test } from 'vitest'
import type { Command } from './commands.ts'
import type { TicketId } from './ids.ts'
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
  senior,
  tellerLine,
  withQueue,
} from './testing/bank.ts'
import { MINUTE } from './testing/fake-clock.ts'
import { callerOrigin, openBranch, type Story } from './testing/story.ts'

/** Amadou learns at counter 1, Binta works at counter 2, the manager at counter 3. */
function school(catalogue = bank): Story {
  const story = openBranch(catalogue, [
    [counter2, binta],
    [counter3, djeneba],
  ])
  const open = { type: 'OpenCounter', counterId: counter1, agentId: amadou, isTraining: true } as const
  story.does(open, callerOrigin(counter1))
  return story
}

let exercises = 0
function practises(story: Story, priority: typeof senior | null = null): TicketId {
  exercises += 1
  const ticketId = `exercise-${exercises}` as TicketId
  const asked = { ticketId, serviceId: cash, channel: 'counter', priority, language: null } as const
  story.does({ type: 'IssueTicket', ...asked }, callerOrigin(counter1))
  return ticketId
}
const next = (counterId: typeof counter1): Command => ({ type: 'CallNext', counterId })

describe('a counter in training', () => {
  test('gives nobody a manager’s rights: whoever learns steers nothing of the branch', () => {
    const story = school()
    story.does({ type: 'CloseCounter', counterId: counter3 }, callerOrigin(counter3))
    const open = { type: 'OpenCounter', counterId: counter3, agentId: djeneba, isTraining: true } as const
    story.does(open, callerOrigin(counter3))
    expect(story.refuses({ type: 'StopIntake' }, callerOrigin(counter3))).toBe('NotAManager')
    expect(story.refuses({ type: 'CloseCounter', counterId: counter2 }, callerOrigin(counter3))).toBe('NotYourCounter')
  })

  test('gives numbers of a series of its own, and takes none of the customers’', () => {
    const story = school()
    const exercise = practises(story)
    expect([story.number(exercise), story.number(story.takes(cash))]).toEqual(['TEST001', 'A001'])
  })

  test('calls its exercises alone, and no other counter calls them', () => {
    const story = school()
    const customer = story.takes(cash)
    expect(story.refuses(next(counter1), callerOrigin(counter1))).toBe('QueueEmpty')
    const exercise = practises(story)
    expect(story.callsNext(counter2)).toBe(customer)
    story.completes(counter2, customer)
    expect(story.refuses(next(counter2), callerOrigin(counter2))).toBe('QueueEmpty')
    const pick: Command = { type: 'CallTicket', counterId: counter2, ticketId: exercise }
    expect(story.refuses(pick, callerOrigin(counter2))).toBe('TicketReserved')
    expect(story.callsNext(counter1)).toBe(exercise)
  })

  test('touches no customer who waits or is held, and no other counter its exercises', () => {
    const story = school()
    const customer = story.takes(cash)
    const exercise = practises(story)
    const cancel = (ticketId: TicketId): Command => ({ type: 'CancelTicket', ticketId })
    expect(story.refuses(cancel(customer), callerOrigin(counter1))).toBe('NotYourTicket')
    expect(story.refuses(cancel(exercise), callerOrigin(counter2))).toBe('NotYourTicket')
    story.does(cancel(exercise), callerOrigin(counter1))
  })

  test('resumes no customer, keeps none, and takes in no paper', () => {
    const story = school()
    const customer = story.takes(cash)
    story.callsNext(counter2)
    story.acts('StartService', counter2, customer)
    story.holds(counter2, customer)
    const resume: Command = { type: 'ResumeTicket', ticketId: customer, counterId: counter1 }
    expect(story.refuses(resume, callerOrigin(counter1))).toBe('TicketReserved')
    for (const reserveFor of [
      { kind: 'agent', agentId: amadou },
      { kind: 'counter', counterId: counter1 },
    ] as const) {
      const keep: Command = { type: 'ReserveTicket', ticketId: customer, reserveFor, place: 'first' }
      expect(story.refuses(keep, callerOrigin(counter2))).toBe('TicketReserved')
    }
    const paper = { counterId: counter1, ticketId: 'paper' as TicketId, number: 'A1001' as never }
    expect(story.refuses({ type: 'AdoptNumber', ...paper, isNumberTaken: false }, callerOrigin(counter1))).toBe(
      'TicketReserved',
    )
  })

  test('takes up no room in a queue, and orders its exercises by nothing that happens to customers', () => {
    const aging = { minutesPerPoint: null, passedMax: 1 }
    const story = school(withQueue(bank, tellerLine, { algorithm: 'priority', maxCapacity: 2, aging }))
    practises(story)
    const elder = practises(story, senior)
    story.takes(cash)
    story.clock.pass(MINUTE)
    const elderCustomer = story.takes(cash, senior)
    expect(story.callsNext(counter2)).toBe(elderCustomer)
    expect(story.callsNext(counter1)).toBe(elder)
  })

  test('changes back to work only when nobody is in front of it', () => {
    const story = school()
    const exercise = practises(story)
    story.callsNext(counter1)
    const work: Command = { type: 'OpenCounter', counterId: counter1, agentId: amadou }
    expect(story.refuses(work, callerOrigin(counter1))).toBe('CounterBusy')
    story.completes(counter1, exercise)
    story.does(work, callerOrigin(counter1))
    const customer = story.takes(cash)
    expect(story.callsNext(counter1)).toBe(customer)
  })

  test('has its own agent, who is at no other counter', () => {
    const story = school()
    const move: Command = { type: 'OpenCounter', counterId: counter1, agentId: chloe }
    expect(story.refuses(move, callerOrigin(counter1))).toBe('CounterTaken')
  })
})
