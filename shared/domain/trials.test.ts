import { expect, test } from 'vitest'
import { adoptionFault } from './decide-adopt.ts'
import type { TicketId, TicketNumber } from './ids.ts'
import { amadou, bank, binta, cash, counter1, counter2, kiosk1, tellerLine, withQueue } from './testing/bank.ts'
import { callerOrigin, kioskOrigin, openBranch, paper, type Story } from './testing/story.ts'

const trial = 'trial' as TicketId

const staffed = (catalogue = bank): Story => openBranch(catalogue, [[counter1, amadou]])

function tries(story: Story, ticketId = trial): void {
  const asked = { ticketId, serviceId: cash, channel: 'kiosk', priority: null, language: null } as const
  story.does({ type: 'IssueTicket', ...asked, isTrial: true }, kioskOrigin())
}

test('a trial takes no customer’s number and no customer’s place, and no counter at work calls it', () => {
  const story = staffed(withQueue(bank, tellerLine, { maxCapacity: 1 }))
  tries(story)
  const customer = story.takes(cash)
  // The line is full of customers: a trial needs no place in it.
  tries(story, 'trial2' as TicketId)
  expect([story.number(trial), story.number(customer)]).toEqual(['TEST001', 'A001'])
  expect(story.ticket(trial).facts.isTraining).toBe(true)
  expect(story.callsNext(counter1)).toBe(customer)
  story.completes(counter1, customer)
  expect(story.refuses({ type: 'CallNext', counterId: counter1 }, callerOrigin(counter1))).toBe('QueueEmpty')
})

test('a branch is tried out before it opens, when customers are refused', () => {
  const story = staffed()
  story.does({ type: 'StopIntake' }, { kind: 'installer', deviceId: kiosk1 })
  const asked = { serviceId: cash, channel: 'kiosk', priority: null, language: null } as const
  const refused = story.refuses({ type: 'IssueTicket', ticketId: 'c' as TicketId, ...asked }, kioskOrigin())
  expect(refused).toBe('IntakeIsStopped')
  tries(story)
})

test('what a kiosk gave alone on trial is taken over as a trial, and no counter can type it in', () => {
  const story = openBranch(bank, [
    [counter1, amadou],
    [counter2, binta],
  ])
  const given = paper('alone', 'TEST1001', cash)
  expect(adoptionFault(story.state(), given)).toBeNull()
  story.adopts([given, paper('real', 'A1001', cash)])
  expect(story.ticket('alone' as TicketId).facts.isTraining).toBe(true)
  expect(story.callsNext(counter1)).toBe('real')
  const typed = { counterId: counter2, ticketId: 'typed' as TicketId, isNumberTaken: false } as const
  const type = { type: 'AdoptNumber', ...typed, number: 'TEST1002' as TicketNumber } as const
  expect(story.refuses(type, callerOrigin(counter2))).toBe('NumberNotOffline')
})
