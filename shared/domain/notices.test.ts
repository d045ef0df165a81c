import { describe, expect, test } from 'vitest'
import { PLAIN_MESSAGES } from './catalogue-defaults.ts'
import type { Command } from './commands.ts'
import type { MessageId, TicketId } from './ids.ts'
import {
  amadou,
  bank,
  binta,
  cards,
  cash,
  counter1,
  counter2,
  counter3,
  djeneba,
  missingPaper,
  withService,
  withSettings,
} from './testing/bank.ts'
import { MINUTE } from './testing/fake-clock.ts'
import { callerOrigin, installer, kioskOrigin, openBranch, paper, type Story } from './testing/story.ts'

const staffed = (catalogue = bank): Story =>
  openBranch(catalogue, [
    [counter1, amadou],
    [counter2, binta],
    [counter3, djeneba],
  ])
const manager = callerOrigin(counter3)
const agent = callerOrigin(counter1)
const issue: Command = {
  ...{ type: 'IssueTicket', ticketId: 'x' as TicketId, serviceId: cash, channel: 'kiosk', priority: null },
  language: null,
}

describe('a break', () => {
  const away: Command = { type: 'StartBreak', counterId: counter1, reason: missingPaper }
  const back: Command = { type: 'EndBreak', counterId: counter1 }

  test('stops calls to its counter until it ends, and tells how long it was', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.does(away, agent)
    story.clock.pass(10 * MINUTE)
    const calls: Command[] = [
      { type: 'CallNext', counterId: counter1 },
      { type: 'CallTicket', counterId: counter1, ticketId },
      away,
    ]
    for (const call of calls) expect(story.refuses(call, agent)).toBe('CounterOnBreak')
    expect(story.does(back, agent)).toMatchObject([{ type: 'BreakEnded', agentId: amadou, breakMs: 10 * MINUTE }])
    expect(story.callsNext(counter1)).toBe(ticketId)
    expect(story.refuses(back, agent)).toBe('CounterNotOnBreak')
  })

  test('does not begin with somebody in front of the agent, nor for a reason nobody knows', () => {
    const story = staffed()
    expect(story.refuses({ ...away, reason: 'mood' as never } as Command, agent)).toBe('ReasonUnknown')
    story.takes(cash)
    story.callsNext(counter1)
    expect(story.refuses(away, agent)).toBe('CounterBusy')
  })

  test('keeps what is kept for the agent, and goes along to another device', () => {
    const story = staffed()
    const ticketId = story.takes(cash)
    story.does(away, agent)
    const reserveFor = { kind: 'agent', agentId: amadou } as const
    story.does({ type: 'ReserveTicket', ticketId, reserveFor, place: 'first' }, callerOrigin(counter2))
    const tablet = { kind: 'caller', deviceId: 'tablet' as never } as const
    story.does({ type: 'OpenCounter', counterId: counter1, agentId: amadou }, tablet)
    expect(story.refuses({ type: 'CallNext', counterId: counter1 }, tablet)).toBe('CounterOnBreak')
    story.does(back, tablet)
    expect(story.does({ type: 'CallNext', counterId: counter1 }, tablet)).toMatchObject([{ ticketId }])
  })

  test('is over when its counter closes, whoever closes it', () => {
    for (const origin of [agent, manager]) {
      const story = staffed()
      story.does(away, agent)
      story.clock.pass(MINUTE)
      const events = story.does({ type: 'CloseCounter', counterId: counter1 }, origin)
      expect(events).toMatchObject([{ type: 'BreakEnded', breakMs: MINUTE }, { type: 'CounterClosed' }])
    }
  })
})

describe('stopped intake', () => {
  test('turns kiosks away for the day; staff may issue, paper is taken in, who waits is served', () => {
    const story = staffed()
    const waiting = story.takes(cash)
    expect(story.refuses({ type: 'StopIntake' }, agent)).toBe('NotAManager')
    story.does({ type: 'StopIntake' }, manager)
    expect(story.refuses({ type: 'StopIntake' }, manager)).toBe('IntakeIsStopped')
    expect(story.refuses(issue, kioskOrigin())).toBe('IntakeIsStopped')
    story.does(issue, agent)
    story.adopts([paper('offline', 'A1001', cash)])
    expect(story.callsNext(counter1)).toBe(waiting)
    story.until('04:00', 1)
    story.takes(cash)
    expect(story.refuses({ type: 'ResumeIntake' }, installer)).toBe('IntakeIsOpen')
  })
})

describe('opening hours', () => {
  test('turn kiosks away before the branch opens, and from a service that keeps shorter hours', () => {
    const mon = [{ opens: '09:30', closes: '17:00' }]
    const hours = withSettings(bank, { openingHours: { mon } })
    const story = staffed(withService(hours, cards, { hours: { mon: [{ opens: '10:00', closes: '11:00' }] } }))
    expect(story.refuses(issue, kioskOrigin())).toBe('OutsideHours')
    story.does(issue, agent)
    story.until('09:30')
    story.takes(cash)
    expect(story.refuses({ ...issue, serviceId: cards } as Command, kioskOrigin())).toBe('OutsideHours')
    story.until('10:00')
    story.takes(cards)
    story.until('17:00')
    expect(story.refuses(issue, kioskOrigin())).toBe('OutsideHours')
  })
})

describe('a message', () => {
  const show = (id: string, minutes: number | null = null): Command => ({
    ...{ type: 'ShowMessage', messageId: id as MessageId, minutes },
  })

  test('is shown and cleared by managers, and gives way to another', () => {
    const story = staffed()
    expect(story.refuses(show('delay', 20), agent)).toBe('NotAManager')
    expect(story.refuses(show('joke'), manager)).toBe('MessageUnknown')
    expect(story.refuses({ type: 'ClearMessage' }, manager)).toBe('NoMessage')
    story.does(show('delay', 20), manager)
    story.does(show('technical'), installer)
    expect(story.state().message).toEqual({ messageId: 'technical', minutes: null })
    story.does({ type: 'ClearMessage' }, manager)
    expect(story.state().message).toBeNull()
  })

  test('is of its day, but an emergency stands until somebody ends it', () => {
    for (const [id, minutes, stays] of [
      ['delay', 20, false],
      ['evacuate', null, true],
    ] as const) {
      const story = staffed()
      story.does(show(id, minutes), manager)
      story.until('04:00', 1)
      expect(story.state().message !== null).toBe(stays)
    }
  })

  test('that says how many minutes is not shown without them', () => {
    const story = staffed()
    expect(story.refuses(show('delay'), manager)).toBe('MinutesMissing')
    expect(story.state().message).toBeNull()
    story.does(show('delay', 1), manager)
  })

  test('of an emergency stops kiosks from giving tickets, staff not, and paper that is out is taken all the same', () => {
    const story = staffed()
    story.does(show('evacuate'), manager)
    expect(story.refuses(issue, kioskOrigin())).toBe('EmergencyIsShown')
    expect(story.adopts([paper('offline', 'A1001', cash)])).toMatchObject([{ type: 'TicketAdopted' }])
    story.does({ ...issue, ticketId: 'by-staff' as TicketId, channel: 'counter' }, agent)
    story.does({ type: 'ClearMessage' }, manager)
    story.does(issue, kioskOrigin())
    // A delay is no reason to send anybody away.
    story.does(show('delay', 10), manager)
    story.does({ ...issue, ticketId: 'delayed' as TicketId }, kioskOrigin())
  })

  test('of an emergency calls nobody to a counter, and what stood there is shown again after it', () => {
    const story = staffed()
    const first = story.takes(cash)
    story.takes(cash)
    story.callsNext(counter1)
    story.does(show('delay', 20), manager)
    story.does(show('evacuate'), manager)
    story.does(show('evacuate'), manager)
    const counterId = counter2
    const calls: readonly Command[] = [
      { type: 'CallNext', counterId },
      {
        type: 'CallTicket',
        counterId,
        ticketId: [...story.state().tickets.keys()].find((id) => id !== first) as TicketId,
      },
    ]
    for (const call of calls) expect(story.refuses(call, callerOrigin(counter2))).toBe('EmergencyIsShown')
    expect(story.refuses({ type: 'RecallTicket', ticketId: first }, agent)).toBe('EmergencyIsShown')
    story.restarts()
    story.does({ type: 'ClearMessage' }, manager)
    expect(story.state().message).toEqual({ messageId: 'delay', minutes: 20 })
    story.callsNext(counter2)
    story.does({ type: 'ClearMessage' }, manager)
    expect(story.state().message).toBeNull()
  })

  test('of an emergency gives way to another emergency, never to a delay', () => {
    const story = staffed()
    story.does(show('evacuate'), manager)
    expect(story.refuses(show('delay', 20), manager)).toBe('EmergencyIsShown')
    expect(story.refuses(show('technical'), installer)).toBe('EmergencyIsShown')
    expect(story.state().message).toEqual({ messageId: 'evacuate', minutes: null })
    story.does(show('stay-calm'), manager)
    expect(story.state().message).toEqual({ messageId: 'stay-calm', minutes: null })
  })

  test('under an emergency is of its day, too', () => {
    const story = staffed()
    story.does(show('delay', 20), manager)
    story.does(show('evacuate'), manager)
    story.until('04:00', 1)
    story.does({ type: 'ClearMessage' }, installer)
    expect(story.state().message).toBeNull()
  })

  test('goes with its place in the catalogue', () => {
    const story = staffed()
    story.does(show('delay', 20), manager)
    story.applies({ ...bank, messages: PLAIN_MESSAGES.filter(({ id }) => id !== 'delay') })
    expect(story.state().message).toBeNull()
  })
})
