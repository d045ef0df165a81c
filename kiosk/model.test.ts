import { describe, expect, test } from 'vitest'
import { SEND_MS_MAX } from '#shared/client/send-command.ts'
import type { PriorityClassId, ServiceId, TicketId } from '#shared/domain/ids.ts'
import { TAKING_MS_MAX } from './choosing.ts'
import { type GivenTicket, type KioskEvent, type KioskModel, startKiosk, stepKiosk } from './model.ts'
import { shownScreen } from './shown-screen.ts'
import { IDLE_AFTER_MS, PAPERLESS_SHOWN_MS, REFUSED_SHOWN_MS, TICKET_SHOWN_MS } from './visit-time.ts'

const CASH = 'cash' as ServiceId
const TICKET: GivenTicket = {
  ticketId: 't-1' as TicketId,
  number: 'A042',
  serviceId: CASH,
  position: 4,
  estimate: null,
  plan: [],
  isOffline: false,
  printJobId: 'job-1',
}

const CALM = { closedReason: null, isEmergency: false } as const
const DAY_CLOSED = { closedReason: 'day-closed', isEmergency: false } as const

/** Plays a visit: each event with the second it happens at. */
function play(...story: readonly (readonly [second: number, event: KioskEvent])[]): KioskModel {
  return story.reduce((model, [second, event]) => stepKiosk(model, event, second * 1_000), startKiosk('fr'))
}

const given = (paper: 'coming' | 'ready' | 'no-paper'): KioskEvent => ({ type: 'given', ticket: TICKET, paper })

test('a ticket takes two touches, three with another language', () => {
  const model = play(
    [1, { type: 'begin', language: 'ar' }],
    [2, { type: 'choose', serviceId: CASH, isMoreAsked: false }],
  )
  expect(model).toMatchObject({
    language: 'ar',
    screen: { name: 'taking', wanted: { serviceId: CASH, plan: null, priority: null } },
  })
  expect(stepKiosk(model, given('coming'), 3_000).screen).toMatchObject({ name: 'your-ticket', ticket: TICKET })
})

test('the ticket is shown twelve seconds, longer on request, and then the kiosk is as new', () => {
  const model = play([1, { type: 'begin', language: 'en' }], [2, given('ready')])
  const tickAt = (seconds: number, from: KioskModel) => stepKiosk(from, { type: 'tick' }, seconds * 1_000)
  expect(tickAt(2 + TICKET_SHOWN_MS / 1_000 - 0.1, model).screen.name).toBe('your-ticket')
  expect(tickAt(2 + TICKET_SHOWN_MS / 1_000, model)).toMatchObject({ language: 'fr', screen: { name: 'idle' } })
  const longer = stepKiosk(model, { type: 'more-time' }, 10_000)
  expect(tickAt(39, longer).screen.name).toBe('your-ticket')
  expect(tickAt(40, longer).screen.name).toBe('idle')
})

test('after three seconds without paper the number is shown to be copied, and paper that comes then is welcome', () => {
  const early = play([0, given('coming')], [2.9, { type: 'tick' }])
  expect(early.screen).toMatchObject({ paper: 'coming' })
  const late = stepKiosk(early, { type: 'tick' }, 3_000)
  expect(late.screen).toMatchObject({ paper: 'uncertain', endsAtMs: 3_000 + PAPERLESS_SHOWN_MS })
  const hear = (paper: 'coming' | 'ready') =>
    stepKiosk(late, { type: 'paper', printJobId: 'job-1', paper }, 3_500).screen
  expect(hear('coming')).toBe(late.screen)
  expect(hear('ready')).toMatchObject({ paper: 'ready' })
})

test('news that there is no paper restarts the clock, for the number must be copied now', () => {
  const model = play([0, given('coming')], [11, { type: 'paper', printJobId: 'job-1', paper: 'no-paper' }])
  expect(model.screen).toMatchObject({ paper: 'no-paper', endsAtMs: 11_000 + PAPERLESS_SHOWN_MS })
})

test('news of another print job changes nothing', () => {
  const before = play([0, given('coming')])
  expect(stepKiosk(before, { type: 'paper', printJobId: 'job-2', paper: 'failed' }, 1_000)).toBe(before)
})

test('a full service leads back to the other services, an unreachable branch to staff', () => {
  const full = play([0, { type: 'begin', language: null }], [1, { type: 'refused', code: 'QueueFull' }])
  expect(full.screen).toMatchObject({ name: 'refused', reason: 'full' })
  expect(stepKiosk(full, { type: 'back' }, 2_000).screen.name).toBe('choose-service')
  expect(play([0, { type: 'refused', code: 'BranchUnreachable' }]).screen.name).toBe('no-tickets')
})

test('a branch that is closed, unsure of its time or without a catalogue shows the calm closed screen, then the first', () => {
  for (const [code, reason] of [
    ['DayIsClosed', 'day-closed'],
    ['ClockUnsure', 'clock-unsure'],
    ['CatalogueMissing', 'no-service'],
    ['IntakeIsStopped', 'intake-stopped'],
  ] as const) {
    const refused = play([0, { type: 'begin', language: null }], [1, { type: 'refused', code }])
    expect(shownScreen(refused, 'following', CALM)).toMatchObject({ name: 'closed', reason })
    expect(stepKiosk(refused, { type: 'tick' }, 1_000 + REFUSED_SHOWN_MS).screen.name).toBe('idle')
  }
})

test('nothing can be left while a ticket is being taken', () => {
  const taking = play(
    [0, { type: 'begin', language: null }],
    [1, { type: 'choose', serviceId: CASH, isMoreAsked: false }],
  )
  expect(stepKiosk(taking, { type: 'back' }, 2_000).screen.name).toBe('taking')
})

test('a ticket that does not come in time leads to staff, but never before the last try was answered', () => {
  const taking = play(
    [0, { type: 'begin', language: null }],
    [1, { type: 'choose', serviceId: CASH, isMoreAsked: false }],
  )
  expect(stepKiosk(taking, { type: 'tick' }, 1_000 + SEND_MS_MAX).screen.name).toBe('taking')
  expect(stepKiosk(taking, { type: 'tick' }, 1_000 + TAKING_MS_MAX).screen.name).toBe('no-tickets')
})

test('a day that closes does not take the number from the customer who just got it', () => {
  expect(shownScreen(play([0, given('coming')]), 'following', DAY_CLOSED).name).toBe('your-ticket')
  expect(shownScreen(startKiosk('fr'), 'following', DAY_CLOSED).name).toBe('closed')
  expect(shownScreen(startKiosk('fr'), 'unpaired', CALM).name).toBe('unpaired')
})

test('an emergency stands above everything a customer does, and the visit goes on when it is over', () => {
  const emergency = { closedReason: null, isEmergency: true } as const
  const visit = play([0, { type: 'begin', language: 'en' }], [1, given('coming')])
  expect(shownScreen(startKiosk('fr'), 'following', emergency)).toEqual({ name: 'emergency' })
  expect(shownScreen(visit, 'following', emergency)).toEqual({ name: 'emergency' })
  expect(shownScreen(visit, 'following', CALM).name).toBe('your-ticket')
  expect(shownScreen(visit, 'unpaired', emergency).name).toBe('unpaired')
})

test('a service that has just closed for its hours leads back to the other services', () => {
  const refused = play([0, { type: 'begin', language: null }], [1, { type: 'refused', code: 'OutsideHours' }])
  expect(refused.screen).toMatchObject({ name: 'refused', reason: 'closed' })
})

test('from the services of one category, back leads to all of them, and from there to the start', () => {
  const inside = play([0, { type: 'begin', language: null }], [1, { type: 'open-category', category: 'Loans' }])
  expect(inside.screen).toEqual({ name: 'choose-service', category: 'Loans', choice: null })
  const outside = stepKiosk(inside, { type: 'back' }, 2_000)
  expect(outside.screen).toEqual({ name: 'choose-service', category: null, choice: null })
  expect(stepKiosk(outside, { type: 'back' }, 3_000).screen.name).toBe('idle')
  expect(stepKiosk(inside, { type: 'choose', serviceId: CASH, isMoreAsked: false }, 2_000).screen.name).toBe('taking')
})

describe('where more is asked before the ticket', () => {
  const CARDS = 'cards' as ServiceId
  const SENIOR = 'senior' as PriorityClassId
  const first: readonly (readonly [number, KioskEvent])[] = [
    [0, { type: 'begin', language: null }],
    [1, { type: 'choose', serviceId: CASH, isMoreAsked: true }],
  ]
  const choose = (serviceId: ServiceId): KioskEvent => ({ type: 'choose', serviceId, isMoreAsked: true })

  test('one touch more takes it, as the branch has planned it', () => {
    const model = play(...first, [2, { type: 'take', plan: null }])
    expect(model.screen).toMatchObject({ name: 'taking', wanted: { serviceId: CASH, plan: null, priority: null } })
  })

  test('one more service comes after the first, can be taken away again, and back leads to the visit', () => {
    const visit = play(...first, [2, { type: 'add' }], [3, choose(CARDS)])
    expect(visit.screen).toMatchObject({ name: 'visit', choice: { serviceId: CASH, added: [CARDS] } })
    expect(stepKiosk(visit, { type: 'drop', serviceId: CARDS }, 4_000).screen).toMatchObject({ choice: { added: [] } })
    const back = play(
      ...first,
      [2, { type: 'add' }],
      [3, { type: 'open-category', category: 'Loans' }],
      [4, { type: 'back' }],
    )
    expect(back.screen).toMatchObject({ name: 'choose-service', category: null, choice: { serviceId: CASH } })
    expect(stepKiosk(back, { type: 'back' }, 5_000).screen).toMatchObject({ name: 'visit', choice: { added: [] } })
  })

  test('a priority is claimed by a touch and taken back by another, and stays while a service is added', () => {
    const prefer: KioskEvent = { type: 'prefer', priority: SENIOR }
    const claimed = play(...first, [2, prefer], [3, { type: 'add' }], [4, choose(CARDS)])
    expect(claimed.screen).toMatchObject({ choice: { added: [CARDS], priority: SENIOR } })
    expect(stepKiosk(claimed, { type: 'take', plan: [CARDS] }, 5_000).screen).toMatchObject({
      wanted: { serviceId: CASH, plan: [CARDS], priority: SENIOR },
    })
    expect(stepKiosk(claimed, prefer, 5_000).screen).toMatchObject({ choice: { priority: null } })
  })

  test('back leads to the services, and whoever goes away leaves nothing behind', () => {
    const visit = play(...first)
    expect(stepKiosk(visit, { type: 'back' }, 2_000).screen).toEqual({
      name: 'choose-service',
      category: null,
      choice: null,
    })
    expect(stepKiosk(visit, { type: 'tick' }, 1_000 + IDLE_AFTER_MS).screen).toEqual({ name: 'idle' })
    expect(shownScreen(visit, 'following', DAY_CLOSED)).toMatchObject({ name: 'closed' })
  })
})
