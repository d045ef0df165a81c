import { expect, test } from 'vitest'
import type { ServiceId, TicketId } from '#shared/domain/ids.ts'
import { USUAL_ACCESS } from './access.ts'
import { type KioskEvent, type KioskModel, startKiosk, stepKiosk } from './model.ts'
import {
  IDLE_AFTER_MS,
  IDLE_AFTER_MS_PATIENT,
  MORE_TIME_MS,
  TICKET_SHOWN_MS,
  WARNED_MS,
  WARNED_MS_PATIENT,
  warnedLeftMs,
} from './visit-time.ts'

const CASH = 'cash' as ServiceId
const BEGIN: KioskEvent = { type: 'begin', language: 'ar' }
const SWITCH: KioskEvent = { type: 'switch-access' }
const TICK: KioskEvent = { type: 'tick' }
const GIVEN: KioskEvent = {
  type: 'given',
  paper: 'ready',
  ticket: {
    ticketId: 't-1' as TicketId,
    number: 'A042',
    serviceId: CASH,
    position: 1,
    estimate: null,
    plan: [],
    isOffline: false,
    printJobId: null,
  },
}

/** Plays a visit: each event with the millisecond it happens at. */
const play = (...story: readonly (readonly [atMs: number, event: KioskEvent])[]): KioskModel =>
  story.reduce((model, [atMs, event]) => stepKiosk(model, event, atMs), startKiosk('fr'))

const asNew = { ...startKiosk('fr') }

test('nobody is there any more: after twenty seconds nothing of the visit is left', () => {
  const visit = play([0, BEGIN], [1_000, { type: 'choose', serviceId: CASH, isMoreAsked: true }])
  expect(stepKiosk(visit, TICK, 1_000 + IDLE_AFTER_MS - 1)).toBe(visit)
  expect(stepKiosk(visit, TICK, 1_000 + IDLE_AFTER_MS)).toEqual({ ...asNew, touchedMs: 1_000 })
  expect(IDLE_AFTER_MS).toBe(20_000)
})

test('the end is told before it comes, and whoever then touches anything stays', () => {
  const visit = play([0, BEGIN])
  expect(warnedLeftMs(visit, IDLE_AFTER_MS - WARNED_MS - 1)).toBeNull()
  expect(warnedLeftMs(visit, IDLE_AFTER_MS - WARNED_MS)).toBe(WARNED_MS)
  const touched = stepKiosk(visit, { type: 'touch' }, IDLE_AFTER_MS - 1)
  expect(warnedLeftMs(touched, IDLE_AFTER_MS)).toBeNull()
  expect(stepKiosk(touched, TICK, 2 * IDLE_AFTER_MS - 2).screen.name).toBe('choose-service')
})

test('more time that was asked for is given for the rest of the visit, and ends with it', () => {
  const visit = play([0, BEGIN], [15_000, { type: 'more-time' }])
  expect(stepKiosk(visit, TICK, 15_000 + IDLE_AFTER_MS_PATIENT - 1).screen.name).toBe('choose-service')
  const later = stepKiosk(visit, { type: 'touch' }, 70_000)
  expect(stepKiosk(later, TICK, 70_000 + IDLE_AFTER_MS_PATIENT - 1).screen.name).toBe('choose-service')
  expect(stepKiosk(later, TICK, 70_000 + IDLE_AFTER_MS_PATIENT).access).toEqual(USUAL_ACCESS)
})

test('the accessible mode gives three times the time, warns twenty seconds ahead, and can be kept for ever by asking', () => {
  const model = play([0, SWITCH], [0, BEGIN])
  const warnedAtMs = IDLE_AFTER_MS_PATIENT - WARNED_MS_PATIENT
  expect(warnedLeftMs(model, warnedAtMs - 1)).toBeNull()
  expect(warnedLeftMs(model, warnedAtMs)).toBe(WARNED_MS_PATIENT)
  // Ten times and more, as WCAG 2.2.1 asks.
  const asked = Array.from({ length: 12 }, (_, at) => (at + 1) * (IDLE_AFTER_MS_PATIENT - 1)).reduce(
    (before, atMs) => stepKiosk(stepKiosk(before, TICK, atMs), { type: 'more-time' }, atMs),
    model,
  )
  expect(asked).toMatchObject({ screen: { name: 'choose-service' }, language: 'ar', access: { isOn: true } })
})

test('the accessible mode, its sound and its volume end with the visit', () => {
  const heard = play([0, { type: 'listen' }], [1, { type: 'louder' }], [2, BEGIN])
  expect(heard.access).toMatchObject({ isOn: true, isHeard: true, volume: 4 })
  expect(stepKiosk(heard, { type: 'done' }, 3).access).toEqual(USUAL_ACCESS)
  expect(stepKiosk(heard, TICK, 2 + IDLE_AFTER_MS_PATIENT).access).toEqual(USUAL_ACCESS)
  const ofNobody = play([0, { type: 'listen' }])
  expect(stepKiosk(ofNobody, TICK, IDLE_AFTER_MS_PATIENT - 1).access.isHeard).toBe(true)
  expect(stepKiosk(ofNobody, TICK, IDLE_AFTER_MS_PATIENT)).toEqual(asNew)
})

test('whoever pulls the headphones is not spoken about aloud, and keeps the mode', () => {
  const pulled = play([0, { type: 'listen' }], [1, BEGIN], [2, { type: 'stop-listening' }])
  expect(pulled).toMatchObject({ screen: { name: 'choose-service' }, access: { isOn: true, isHeard: false } })
  expect(play([0, { type: 'listen' }], [1, SWITCH]).access).toEqual(USUAL_ACCESS)
})

test('the volume stays within what ears bear', () => {
  const press = (type: 'louder' | 'quieter') =>
    play(...Array.from({ length: 20 }, (): [number, KioskEvent] => [0, { type }])).access.volume
  expect([press('louder'), press('quieter')]).toEqual([5, 1])
})

test('a ticket in the accessible mode stays three times as long, is warned of, and stays while somebody is there', () => {
  const usual = play([0, BEGIN], [0, GIVEN])
  expect(warnedLeftMs(usual, TICKET_SHOWN_MS - 1)).toBeNull()
  const model = play([0, SWITCH], [0, BEGIN], [0, GIVEN])
  expect(model.screen).toMatchObject({ endsAtMs: 3 * TICKET_SHOWN_MS })
  expect(warnedLeftMs(model, 3 * TICKET_SHOWN_MS - WARNED_MS_PATIENT)).toBe(WARNED_MS_PATIENT)
  const touched = stepKiosk(model, { type: 'touch' }, 30_000)
  expect(touched.screen).toMatchObject({ endsAtMs: 30_000 + IDLE_AFTER_MS_PATIENT, wholeMs: IDLE_AFTER_MS_PATIENT })
  const more = stepKiosk(model, { type: 'more-time' }, 10_000)
  expect(more.screen).toMatchObject({ endsAtMs: 10_000 + 3 * MORE_TIME_MS })
})

test('a calm screen of bad news stays while somebody reads it', () => {
  const refused = play([0, BEGIN], [1_000, { type: 'refused', code: 'QueueFull' }], [15_000, { type: 'touch' }])
  expect(stepKiosk(refused, TICK, 15_000 + IDLE_AFTER_MS - 1).screen.name).toBe('refused')
  expect(stepKiosk(refused, TICK, 15_000 + IDLE_AFTER_MS).screen.name).toBe('idle')
})
