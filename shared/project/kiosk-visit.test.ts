import { expect, test } from 'vitest'
import type { Catalogue } from '../domain/catalogue.ts'
import type { QueueId, ServiceId } from '../domain/ids.ts'
import { PLAN_MAX } from '../domain/ticket-birth.ts'
import { kioskMenu } from './kiosk-menu.ts'
import { addableServices, isAnythingAsked, planOfVisit, servicesOfVisit, type Visit } from './kiosk-visit.ts'
import { SAMPLE_CATALOGUE, SAMPLE_START_MS, type SampleEvent, sampleState } from './sample-branch.ts'

const [cash, accounts, cards] = ['cash', 'accounts', 'cards'].map((id) => id as ServiceId) as [
  ServiceId,
  ServiceId,
  ServiceId,
]
const branch = { ...SAMPLE_CATALOGUE.branch, kioskPlans: true }
/** An account is followed by its card. */
const services = SAMPLE_CATALOGUE.services.map((it) => (it.id === accounts ? { ...it, plan: [cards] } : it))
const menuOf = (change: Partial<Catalogue> = {}, story: readonly SampleEvent[] = []) =>
  kioskMenu(sampleState(story, { ...SAMPLE_CATALOGUE, branch, services, ...change }), SAMPLE_START_MS)
const visit = (serviceId: ServiceId, ...added: ServiceId[]): Visit => ({ serviceId, added })
const ids = (list: readonly { readonly serviceId: ServiceId }[]) => list.map(({ serviceId }) => serviceId)

test('each service brings along what the branch has planned after it, and none comes twice', () => {
  const menu = menuOf()
  expect(ids(servicesOfVisit(menu, visit(cash, accounts)))).toEqual([cash, accounts, cards])
  expect(ids(servicesOfVisit(menu, visit(cards, accounts)))).toEqual([cards, accounts])
  expect(planOfVisit(menu, visit(cash, accounts))).toEqual([accounts, cards])
  // Nobody has added anything: the branch knows best what follows.
  expect(planOfVisit(menu, visit(accounts))).toBeNull()
})

test('what is closed or chosen is not offered, and nothing is where the branch does not want it', () => {
  const closed: SampleEvent = [1, { type: 'QueueClosed', queueId: 'loans' as QueueId }]
  expect(ids(addableServices(menuOf({}, [closed]), visit(accounts)))).toEqual([cash, 'transfers'])
  expect(addableServices(menuOf({ branch: SAMPLE_CATALOGUE.branch }), visit(accounts))).toEqual([])
})

test('one number holds as many services as the branch takes, and no more is offered then', () => {
  const first = SAMPLE_CATALOGUE.services[0]
  if (first === undefined) throw new Error('The sample has services')
  const many = Array.from({ length: PLAN_MAX + 3 }, (_, index) => ({ ...first, id: `s${index}` as ServiceId }))
  const menu = menuOf({ services: many })
  const [one = cash, ...others] = many.map(({ id }) => id)
  expect(addableServices(menu, visit(one, ...others.slice(0, PLAN_MAX - 1)))).toHaveLength(3)
  expect(addableServices(menu, visit(one, ...others.slice(0, PLAN_MAX)))).toEqual([])
  expect(planOfVisit(menu, visit(one, ...others))).toHaveLength(PLAN_MAX)
})

test('nothing more is asked where there is neither a class to claim nor a service to add', () => {
  const plain = { priorityClasses: SAMPLE_CATALOGUE.priorityClasses.map((it) => ({ ...it, selfService: false })) }
  expect(isAnythingAsked(menuOf(), cash)).toBe(true)
  expect(isAnythingAsked(menuOf(plain), cash)).toBe(true)
  expect(isAnythingAsked(menuOf({ branch: SAMPLE_CATALOGUE.branch }), cash)).toBe(true)
  const quiet = menuOf({ ...plain, branch: SAMPLE_CATALOGUE.branch })
  expect(quiet.priorities).toEqual([])
  expect(isAnythingAsked(quiet, cash)).toBe(false)
})
