import type { BranchSettings, Catalogue, Service, ServiceColour, Words } from '../domain/catalogue.ts'
import type { Detail } from '../domain/customer-details.ts'
import { kioskFault } from '../domain/decide-issue.ts'
import { type EpochMs, LANGUAGES, type PriorityClassId, type ServiceId } from '../domain/ids.ts'
import { holidayAt } from '../domain/opening-hours.ts'
import { type BranchState, findQueue, queueMode, waitingCountOf } from '../domain/state.ts'
import { isSameDate, isStartOfDate, opensFrom } from './kiosk-hours.ts'
import { type ShownMessageText, shownMessage } from './shown-message.ts'

/** `paused` still gives tickets: only its calls rest. The others but `open` give none. */
export type Availability = 'open' | 'paused' | 'closed' | 'full' | 'outside-hours'

/** When tickets are given again. */
export interface Opening {
  readonly atMs: EpochMs
  /** On the present date, by the clock on the branch's wall. */
  readonly isToday: boolean
  /** false: from the first moment of its date, so only the day is told; nobody comes at midnight. */
  readonly hasTime: boolean
}

export interface MenuCategory {
  /** The same for all its services. */
  readonly key: string
  readonly name: Words
}

/** A priority class that a customer may claim. */
export interface MenuPriority {
  readonly priorityId: PriorityClassId
  readonly name: Words
  readonly icon: string | null
}

export interface MenuService {
  readonly serviceId: ServiceId
  readonly name: Words
  readonly icon: string | null
  readonly colour: ServiceColour | null
  /** Services of one category stand together; null: this one stands alone. */
  readonly category: MenuCategory | null
  /** The services that follow it in the same visit. */
  readonly plan: readonly ServiceId[]
  /** It stands in no list: staff give it, or a plan leads to it. */
  readonly isHidden: boolean
  /** What is asked of whoever takes it, who need not answer. */
  readonly asks: readonly Detail[]
  readonly waitingCount: number
  readonly availability: Availability
  /** Only outside its hours; null also when that is too far ahead to be known. */
  readonly opening: Opening | null
}

export type ClosedReason = 'day-closed' | 'no-service' | 'clock-unsure' | 'intake-stopped' | 'outside-hours' | 'holiday'

/** Why nobody can take a ticket at all, and until when. */
export interface Closing {
  readonly reason: ClosedReason
  /** null when nobody can say. */
  readonly opening: Opening | null
  /** What the holiday is called; null on any other day. */
  readonly holiday: Words | null
}

/** What a customer can choose at the kiosk. JSON as it is. */
export interface KioskMenu {
  /** null until the branch has a catalogue. */
  readonly branch: Pick<BranchSettings, 'name' | 'timezone' | 'languages' | 'defaultLanguage'> | null
  readonly services: readonly MenuService[]
  readonly priorities: readonly MenuPriority[]
  /** A customer may choose several services for one number. */
  readonly arePlansAllowed: boolean
  /** A customer may say by a code that she has come for her appointment. */
  readonly isCheckInOffered: boolean
  /** What customers agree to who say who they are, and in which version of the catalogue it stands. */
  readonly consent: { readonly version: number; readonly text: Words } | null
  readonly waitingCount: number
  /** null when somebody can take a ticket. */
  readonly closing: Closing | null
  readonly message: ShownMessageText | null
}

export const canBeChosen = (service: MenuService): boolean =>
  service.availability === 'open' || service.availability === 'paused'

/** Past the cut-over, with no server to say so, those who waited have gone home; not where a queue runs through the night. */
export function waitingCountAt(state: BranchState, queueId: Service['queueId'], atMs: EpochMs): number {
  const isOver = state.day !== null && atMs >= state.day.endsAtMs && !state.clock.isDoubted
  return isOver && findQueue(state, queueId)?.overnight !== true ? 0 : waitingCountOf(state, queueId)
}

function availabilityOf(state: BranchState, catalogue: Catalogue, service: Service, atMs: EpochMs): Availability {
  const mode = queueMode(state, service.queueId)
  if (mode.isClosed) return 'closed'
  if (kioskFault(state, service, atMs) === 'OutsideHours') return 'outside-hours'
  const maxCapacity = catalogue.queues.find((queue) => queue.id === service.queueId)?.maxCapacity ?? null
  if (maxCapacity !== null && waitingCountAt(state, service.queueId, atMs) >= maxCapacity) return 'full'
  return mode.isPaused ? 'paused' : 'open'
}

function openingAt({ branch }: Catalogue, opensAtMs: EpochMs | null, atMs: EpochMs): Opening | null {
  if (opensAtMs === null) return null
  const { timezone } = branch
  return {
    atMs: opensAtMs,
    isToday: isSameDate(timezone, opensAtMs, atMs),
    hasTime: !isStartOfDate(timezone, opensAtMs),
  }
}

const inEveryLanguage = (text: string): Words => ({ fr: text, en: text, ar: text })

function categoryOf({ category }: Service): MenuCategory | null {
  if (category === null) return null
  const name = typeof category === 'string' ? inEveryLanguage(category) : category
  return { key: LANGUAGES.map((language) => name[language] ?? '').join('\n'), name }
}

function menuServices(state: BranchState, catalogue: Catalogue, atMs: EpochMs): readonly MenuService[] {
  // A stopped intake or an emergency closes the whole branch; what each service says of itself is its own hours.
  const going = { ...state, isIntakeStopped: false, message: null }
  /** Most services share the branch's hours, and a search through days is not made twice. */
  const openings = new Map<Service['hours'], Opening | null>()
  const openingOf = (service: Service): Opening | null => {
    const known = openings.get(service.hours)
    if (known !== undefined) return known
    const found = openingAt(catalogue, opensFrom(catalogue, service, atMs), atMs)
    openings.set(service.hours, found)
    return found
  }
  return catalogue.services.map((service) => {
    const availability = availabilityOf(going, catalogue, service, atMs)
    return {
      serviceId: service.id,
      name: service.name,
      icon: service.icon,
      colour: service.colour ?? null,
      category: categoryOf(service),
      plan: service.plan,
      isHidden: service.hidden ?? false,
      asks: service.asks ?? [],
      waitingCount: waitingCountAt(state, service.queueId, atMs),
      availability,
      opening: availability === 'outside-hours' ? openingOf(service) : null,
    }
  })
}

function closedReason(state: BranchState, services: readonly MenuService[], atMs: EpochMs): ClosedReason | null {
  const isOver = state.day === null || atMs >= state.day.endsAtMs
  // While the clock is in doubt the present day goes on, but no new one opens.
  if (isOver && state.clock.isDoubted && (state.day === null || state.day.isClosed)) return 'clock-unsure'
  if (state.day?.isClosed && !isOver) return 'day-closed'
  // It was stopped for its day; one that is in doubt goes on.
  if (state.isIntakeStopped && (!isOver || state.clock.isDoubted)) return 'intake-stopped'
  if (services.some(({ availability }) => availability !== 'closed' && availability !== 'outside-hours')) return null
  return services.some(({ availability }) => availability === 'outside-hours') ? 'outside-hours' : 'no-service'
}

function closingOf(
  state: BranchState,
  catalogue: Catalogue | undefined,
  services: readonly MenuService[],
  atMs: EpochMs,
): Closing | null {
  const reason = closedReason(state, services, atMs)
  if (reason === null) return null
  if (catalogue === undefined) return { reason, opening: null, holiday: null }
  const { branch, holidays } = catalogue
  if (reason === 'outside-hours') {
    const openings = services.flatMap(({ opening }) => opening ?? [])
    const opening = openings.toSorted((a, b) => a.atMs - b.atMs)[0] ?? null
    const holiday = holidayAt({ timezone: branch.timezone, hours: branch.openingHours, holidays }, atMs)
    return { reason: holiday === null ? reason : 'holiday', opening, holiday: holiday?.name ?? null }
  }
  // What staff ended for today begins again with the next day; without hours nobody knows when people come in.
  const isForToday = reason === 'day-closed' || reason === 'intake-stopped'
  const endsAtMs = state.day?.endsAtMs ?? null
  if (!isForToday || endsAtMs === null || branch.openingHours === null) return { reason, opening: null, holiday: null }
  return { reason, opening: openingAt(catalogue, opensFrom(catalogue, null, endsAtMs), atMs), holiday: null }
}

function consentOf({ catalogue }: BranchState): KioskMenu['consent'] {
  const text = catalogue?.body.branch.consent
  return catalogue === null || text === undefined ? null : { version: catalogue.version, text }
}

/** What stands in the kiosk's lists. */
export const offeredServices = ({ services }: KioskMenu): readonly MenuService[] =>
  services.filter(({ isHidden }) => !isHidden)

/** @param atMs - the branch's time now: a day that staff closed opens again at the next cut-over */
export function kioskMenu(state: BranchState, atMs: EpochMs): KioskMenu {
  const catalogue = state.catalogue?.body
  const branch = catalogue?.branch
  const services = catalogue === undefined ? [] : menuServices(state, catalogue, atMs)
  const offered = services.filter(({ isHidden }) => !isHidden)
  const queues = catalogue?.queues ?? []
  return {
    branch:
      branch === undefined
        ? null
        : {
            name: branch.name,
            timezone: branch.timezone,
            languages: branch.languages,
            defaultLanguage: branch.defaultLanguage,
          },
    services,
    priorities: (catalogue?.priorityClasses ?? [])
      .filter(({ selfService }) => selfService)
      .map(({ id, name, icon = null }) => ({ priorityId: id, name, icon })),
    arePlansAllowed: branch?.kioskPlans ?? false,
    isCheckInOffered: branch?.kioskCheckIn ?? false,
    consent: consentOf(state),
    waitingCount: queues.reduce((sum, queue) => sum + waitingCountAt(state, queue.id, atMs), 0),
    closing: closingOf(state, catalogue, offered, atMs),
    message: shownMessage(state),
  }
}

/** More than these at once would have to be searched through. */
const TILES_MAX = 8

export interface MenuGroup {
  /** null: services without a category. */
  readonly category: MenuCategory | null
  readonly services: readonly MenuService[]
}

/** Services by category, in the order of the catalogue; those without one come last. */
export function menuGroups(services: readonly MenuService[]): readonly MenuGroup[] {
  const categories = new Map(services.flatMap(({ category }) => (category === null ? [] : [[category.key, category]])))
  const groups = [...categories.values(), null].map((category) => ({
    category,
    services: services.filter((service) => service.category?.key === category?.key),
  }))
  return groups.filter((group) => group.services.length > 0)
}

/** Whether a customer chooses a category first. */
export const hasTwoLevels = (services: readonly MenuService[]): boolean =>
  services.length > TILES_MAX && services.some(({ category }) => category !== null)
