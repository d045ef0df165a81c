import { expect, test } from 'vitest'
import type { ServiceId } from '#shared/domain/ids.ts'
import { type KioskEvent, type KioskModel, startKiosk, stepKiosk } from './model.ts'

const serviceId = 'cash' as ServiceId
const consent = { version: 3, language: 'fr' } as const
const BEGIN: KioskEvent = { type: 'begin', language: 'fr' }
const ASKED: KioskEvent = { type: 'choose', serviceId, isMoreAsked: false, asks: ['name', 'phone'] }

const play = (...events: readonly KioskEvent[]): KioskModel =>
  events.reduce((model, event, at) => stepKiosk(model, event, at * 1_000), startKiosk('fr'))
const typed = (text: string): KioskEvent => ({ type: 'type', text })
const wantedAfter = (...events: readonly KioskEvent[]): unknown => {
  const { screen } = play(BEGIN, ASKED, ...events)
  return screen.name === 'taking' ? screen.wanted : screen.name
}

test('what is asked is asked one after the other, and only what was told goes along', () => {
  const alone = { serviceId, plan: null, priority: null }
  const tell: KioskEvent = { type: 'tell', consent }
  const without: KioskEvent = { type: 'tell-nothing', consent }
  expect(wantedAfter(typed(' Awa '), tell)).toBe('details')
  expect(wantedAfter(typed(' Awa '), tell, typed('+221 77 123'), tell)).toEqual({
    ...alone,
    details: { name: 'Awa', phone: '+22177123', consent },
  })
  expect(wantedAfter(typed('Awa'), without, typed('77123'), tell)).toEqual({
    ...alone,
    details: { phone: '77123', consent },
  })
  expect(wantedAfter(without, without)).toEqual(alone)
  expect(wantedAfter(without, typed('12'), tell)).toBe('details')
})

test('back goes to the thing asked before, then to where the customer came from, and nothing typed outlives its visit', () => {
  const asked = play(BEGIN, ASKED, typed('Awa'), { type: 'tell', consent }, typed('77'))
  const once = stepKiosk(asked, { type: 'back' }, 6_000)
  expect(once.screen).toMatchObject({ name: 'details', at: 0, typed: { name: 'Awa' } })
  const twice = stepKiosk(once, { type: 'back' }, 7_000)
  expect(twice.screen.name).toBe('choose-service')
  const ended = stepKiosk(asked, { type: 'tick' }, 600_000)
  expect([ended.screen.name, JSON.stringify(ended).includes('Awa')]).toEqual(['idle', false])
})

test('a scanner is heard where nothing else is asked, and a code that brings nobody is said at its field', () => {
  const code: KioskEvent = { type: 'send-code', code: 'rdv-4821\n' }
  const taking = play(code)
  expect(taking.screen).toMatchObject({ name: 'taking', wanted: { code: 'RDV4821' } })
  const refused = (problem: string) => stepKiosk(taking, { type: 'refused', code: problem }, 2_000).screen
  expect(refused('AppointmentUnknown')).toMatchObject({ name: 'check-in', problem: 'unknown' })
  expect(refused('BranchUnreachable')).toMatchObject({ name: 'check-in', problem: 'unreachable' })
  expect(refused('QueueFull')).toMatchObject({ name: 'refused', reason: 'full' })
  expect(play(BEGIN, ASKED, code).screen.name).toBe('details')
  expect(play({ type: 'send-code', code: '12' }).screen).toMatchObject({ name: 'check-in', problem: 'unknown' })
})
