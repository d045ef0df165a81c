import { expect, test } from 'vitest'
import type { Catalogue } from '../domain/catalogue.ts'
import type { BusinessDate, EpochMs, MessageId, QueueId } from '../domain/ids.ts'
import type { WeeklyHours } from '../domain/opening-hours.ts'
import { canBeChosen, hasTwoLevels, kioskMenu, type MenuService, menuGroups, offeredServices } from './kiosk-menu.ts'
import { issued, SAMPLE_CATALOGUE, SAMPLE_START_MS, type SampleEvent, sampleState } from './sample-branch.ts'

const NOON = (SAMPLE_START_MS + 2 * 3_600_000) as EpochMs
const TOMORROW = (SAMPLE_START_MS + 20 * 3_600_000) as EpochMs

test('a customer sees who waits for each service', () => {
  const menu = kioskMenu(sampleState([issued(1, 'A001'), issued(2, 'A002')]), NOON)
  expect(menu.waitingCount).toBe(2)
  expect(menu.services[0]).toMatchObject({ serviceId: 'cash', waitingCount: 2, availability: 'open' })
  expect(menu.closing).toBeNull()
})

test('a paused queue still gives tickets, a closed or full one does not', () => {
  const catalogue = {
    ...SAMPLE_CATALOGUE,
    queues: SAMPLE_CATALOGUE.queues.map((queue) => (queue.id === 'cards' ? { ...queue, maxCapacity: 1 } : queue)),
  }
  const state = sampleState(
    [
      issued(1, 'E001'),
      [2, { type: 'QueuePaused', queueId: 'cash' as QueueId }],
      [2, { type: 'QueueClosed', queueId: 'loans' as QueueId }],
    ],
    catalogue,
  )
  const menu = kioskMenu(state, NOON)
  const chosen = menu.services.map((service) => [service.serviceId, service.availability, canBeChosen(service)])
  expect(chosen).toEqual([
    ['cash', 'paused', true],
    ['accounts', 'open', true],
    ['transfers', 'open', true],
    ['loans', 'closed', false],
    ['cards', 'full', false],
  ])
})

test('a line that was full when the server died is not full for ever: past the cut-over nobody of yesterday waits', () => {
  const full = (overnight: boolean): Catalogue => ({
    ...SAMPLE_CATALOGUE,
    queues: SAMPLE_CATALOGUE.queues.map((queue) =>
      queue.id === 'cards' ? { ...queue, maxCapacity: 1, overnight } : queue,
    ),
  })
  const cardsAt = (overnight: boolean, atMs: EpochMs): MenuService | undefined =>
    kioskMenu(sampleState([issued(1, 'E001')], full(overnight)), atMs).services.find((it) => it.serviceId === 'cards')
  expect(cardsAt(false, NOON)).toMatchObject({ availability: 'full', waitingCount: 1 })
  expect(cardsAt(false, TOMORROW)).toMatchObject({ availability: 'open', waitingCount: 0 })
  expect(cardsAt(true, TOMORROW)).toMatchObject({ availability: 'full', waitingCount: 1 })
})

test('a day that staff closed is over until the next cut-over', () => {
  const state = sampleState([[30, { type: 'DayClosed', date: '2026-11-23' as BusinessDate }]])
  expect(kioskMenu(state, NOON).closing?.reason).toBe('day-closed')
  expect(kioskMenu(state, TOMORROW).closing).toBeNull()
})

test('while the clock is in doubt the present day goes on, but a closed one does not begin anew', () => {
  const doubted = sampleState([[30, { type: 'ClockDoubted', wallMs: 0 as EpochMs }]])
  expect(kioskMenu(doubted, TOMORROW).closing).toBeNull()
  const closed = sampleState([
    [30, { type: 'DayClosed', date: '2026-11-23' as BusinessDate }],
    [31, { type: 'ClockDoubted', wallMs: 0 as EpochMs }],
  ])
  expect(kioskMenu(closed, TOMORROW).closing?.reason).toBe('clock-unsure')
})

test('with every queue closed no service is open', () => {
  const state = sampleState(
    SAMPLE_CATALOGUE.queues.map((queue) => [5, { type: 'QueueClosed', queueId: queue.id }] as const),
  )
  expect(kioskMenu(state, NOON).closing?.reason).toBe('no-service')
})

const HOUR_MS = 3_600_000
const at = (hour: number, minute = 0) => (SAMPLE_START_MS + (hour - 10) * HOUR_MS + minute * 60_000) as EpochMs
const day = [
  { opens: '08:00', closes: '12:30' },
  { opens: '14:00', closes: '16:30' },
]
const WEEK: WeeklyHours = { mon: day, tue: day, fri: day }
const withHours = (change: Partial<Catalogue> = {}): Catalogue => ({
  ...SAMPLE_CATALOGUE,
  branch: { ...SAMPLE_CATALOGUE.branch, openingHours: WEEK },
  ...change,
})
const closingAt = (catalogue: Catalogue, atMs: EpochMs, story: readonly SampleEvent[] = []) =>
  kioskMenu(sampleState(story, catalogue), atMs).closing

test('outside its hours a branch is closed, and says when it opens: today after the pause, else on another day', () => {
  expect(closingAt(withHours(), at(12, 29))).toBeNull()
  expect(closingAt(withHours(), at(12, 30))).toEqual({
    reason: 'outside-hours',
    opening: { atMs: at(14), isToday: true, hasTime: true },
    holiday: null,
  })
  expect(closingAt(withHours(), at(16, 30))).toMatchObject({ opening: { atMs: at(8 + 24), isToday: false } })
  // Nobody comes on Wednesday and Thursday.
  expect(closingAt(withHours(), at(17 + 24))).toMatchObject({ opening: { atMs: at(8 + 4 * 24), isToday: false } })
})

test('a service with hours of its own opens when both it and the branch are open', () => {
  const services = SAMPLE_CATALOGUE.services.map((service) =>
    service.id === 'loans' ? { ...service, hours: { mon: [{ opens: '13:00', closes: '15:00' }], wed: day } } : service,
  )
  const loans = (atMs: EpochMs) =>
    kioskMenu(sampleState([], withHours({ services })), atMs).services.find(({ serviceId }) => serviceId === 'loans')
  expect(loans(at(10))).toMatchObject({ availability: 'outside-hours', opening: { atMs: at(14), isToday: true } })
  expect(loans(at(14))).toMatchObject({ availability: 'open', opening: null })
  // On Wednesday it would be there, but the branch is not.
  expect(loans(at(15))).toMatchObject({ opening: { atMs: at(14 + 7 * 24), isToday: false } })
  expect(canBeChosen(loans(at(10)) as MenuService)).toBe(false)
})

test('a holiday is called by its name, and the next opening lies after it', () => {
  const name = { fr: 'Fête', en: 'Feast', ar: 'عيد' }
  const catalogue = withHours({ holidays: [{ date: '2026-11-23', name, hours: [] }] })
  expect(closingAt(catalogue, at(10))).toEqual({
    reason: 'holiday',
    opening: { atMs: at(8 + 24), isToday: false, hasTime: true },
    holiday: name,
  })
})

test('a branch that is otherwise always open says the day after a holiday, and not that it opens at midnight', () => {
  const name = { fr: 'Fête', en: 'Feast', ar: 'عيد' }
  const holiday = { date: '2026-11-23', name, hours: [] }
  const always: Catalogue = { ...SAMPLE_CATALOGUE, holidays: [holiday] }
  expect(closingAt(always, at(10))).toMatchObject({ reason: 'holiday', opening: { atMs: at(24), hasTime: false } })
  // The day after has hours of its own, and they are told.
  const half = { date: '2026-11-24', name, hours: [{ opens: '09:00', closes: '12:00' }] }
  expect(closingAt({ ...always, holidays: [holiday, half] }, at(10))).toMatchObject({
    opening: { atMs: at(24 + 9), hasTime: true },
  })
})

test('an emergency closes no service by its own hours: what stands above the whole kiosk is told by the message', () => {
  const shown: SampleEvent = [30, { type: 'MessageShown', messageId: 'evacuate' as MessageId, minutes: null }]
  const hours = { mon: [{ opens: '13:00', closes: '15:00' }] }
  const services = SAMPLE_CATALOGUE.services.map((it) => (it.id === 'loans' ? { ...it, hours } : it))
  const menu = kioskMenu(sampleState([shown], { ...SAMPLE_CATALOGUE, services }), at(11))
  expect(menu.message?.kind).toBe('emergency')
  expect(menu.services.filter(({ availability }) => availability === 'outside-hours')).toHaveLength(1)
})

test('a stopped intake closes the kiosk for its day, and says when the next one begins where hours are known', () => {
  const stopped: SampleEvent = [30, { type: 'IntakeStopped' }]
  expect(closingAt(SAMPLE_CATALOGUE, at(11), [stopped])).toEqual({
    reason: 'intake-stopped',
    opening: null,
    holiday: null,
  })
  expect(closingAt(withHours(), at(11), [stopped])).toMatchObject({
    reason: 'intake-stopped',
    opening: { atMs: at(8 + 24), isToday: false },
  })
  expect(closingAt(withHours(), at(11), [stopped, [31, { type: 'IntakeResumed' }]])).toBeNull()
  // Nobody has asked for anything since the cut-over: the day has not rolled, and is over all the same.
  expect(closingAt(withHours(), at(7 + 24), [stopped])).toMatchObject({ reason: 'outside-hours' })
  expect(closingAt(withHours(), at(8 + 24), [stopped])).toBeNull()
})

test('services stand together by category, those without one last, and in two steps when there are many', () => {
  const category = (id: string) => ({ cash: 'Money', cards: 'Accounts', transfers: 'Money' })[id] ?? null
  const services = SAMPLE_CATALOGUE.services.map((service) => ({ ...service, category: category(service.id) }))
  const menu = kioskMenu(sampleState([], { ...SAMPLE_CATALOGUE, services }), at(11))
  expect(
    menuGroups(menu.services).map((group) => [
      group.category?.name.ar ?? null,
      ...group.services.map((it) => it.serviceId),
    ]),
  ).toEqual([
    ['Money', 'cash', 'transfers'],
    ['Accounts', 'cards'],
    [null, 'accounts', 'loans'],
  ])
  const said = (id: string) => ({ fr: category(id) ?? 'Autres', en: 'the same in English' })
  const inTwo = services.map((service) => ({ ...service, category: said(service.id) }))
  const groups = menuGroups(kioskMenu(sampleState([], { ...SAMPLE_CATALOGUE, services: inTwo }), at(11)).services)
  expect(groups.map((group) => group.category?.name.fr)).toEqual(['Money', 'Autres', 'Accounts'])
  expect(hasTwoLevels(menu.services)).toBe(false)
  expect(hasTwoLevels([...menu.services, ...menu.services])).toBe(true)
  expect(hasTwoLevels(menu.services.flatMap((it) => [it, it, it].map((one) => ({ ...one, category: null }))))).toBe(
    false,
  )
})

test('what a manager shows stands on the kiosk with its minutes in every language, until it is cleared', () => {
  const shown: SampleEvent = [30, { type: 'MessageShown', messageId: 'delay' as MessageId, minutes: 15 }]
  const message = (...story: readonly SampleEvent[]) => kioskMenu(sampleState(story), at(11)).message
  expect(message()).toBeNull()
  expect(message(shown)?.kind).toBe('delay')
  for (const text of Object.values(message(shown)?.text ?? {})) expect(text).toMatch(/(?<!\d)15(?!\d)/)
  expect(message(shown, [31, { type: 'MessageCleared' }])).toBeNull()
  const untold: SampleEvent = [30, { type: 'MessageShown', messageId: 'delay' as MessageId, minutes: null }]
  for (const text of Object.values(message(untold)?.text ?? {})) expect(text).not.toContain('{')
})

test('a service that is kept off the kiosk stands in no list, and alone it does not keep the kiosk open', () => {
  const hide = (ids: readonly string[]): Catalogue => ({
    ...SAMPLE_CATALOGUE,
    services: SAMPLE_CATALOGUE.services.map((service) => ({ ...service, hidden: ids.includes(service.id) })),
  })
  const all = SAMPLE_CATALOGUE.services.map(({ id }) => id)
  const menu = kioskMenu(sampleState([], hide(['loans'])), NOON)
  expect(offeredServices(menu).map(({ serviceId }) => serviceId)).toEqual(all.filter((id) => id !== 'loans'))
  expect(menu.closing).toBeNull()
  expect(kioskMenu(sampleState([], hide(all)), NOON).closing?.reason).toBe('no-service')
})
