import type { BranchSettings, Words } from '../domain/catalogue.ts'
import type { EpochMs, ServiceId } from '../domain/ids.ts'
import { type BranchState, queueMode, waitingCountOf } from '../domain/state.ts'

/** `paused` still gives tickets: only its calls rest. `closed` and `full` give none. */
export type Availability = 'open' | 'paused' | 'closed' | 'full'

export interface MenuService {
  readonly serviceId: ServiceId
  readonly name: Words
  readonly icon: string | null
  readonly waitingCount: number
  readonly availability: Availability
}

export type ClosedReason = 'day-closed' | 'no-service' | 'clock-unsure'

/** What a customer can choose at the kiosk. JSON as it is. */
export interface KioskMenu {
  /** null until the branch has a catalogue. */
  readonly branch: Pick<BranchSettings, 'name' | 'timezone' | 'languages' | 'defaultLanguage'> | null
  readonly services: readonly MenuService[]
  readonly waitingCount: number
  /** Why nobody can take a ticket at all; null when somebody can. */
  readonly closedReason: ClosedReason | null
}

export const canBeChosen = (service: MenuService): boolean =>
  service.availability === 'open' || service.availability === 'paused'

function menuServices(state: BranchState): readonly MenuService[] {
  const catalogue = state.catalogue?.body
  if (catalogue === undefined) return []
  return catalogue.services.map((service) => {
    const mode = queueMode(state, service.queueId)
    const waitingCount = waitingCountOf(state, service.queueId)
    const maxCapacity = catalogue.queues.find((queue) => queue.id === service.queueId)?.maxCapacity ?? null
    const isFull = maxCapacity !== null && waitingCount >= maxCapacity
    const availability = mode.isClosed ? 'closed' : isFull ? 'full' : mode.isPaused ? 'paused' : 'open'
    return { serviceId: service.id, name: service.name, icon: service.icon, waitingCount, availability }
  })
}

function closedReason(state: BranchState, services: readonly MenuService[], atMs: EpochMs): ClosedReason | null {
  const isOver = state.day === null || atMs >= state.day.endsAtMs
  // While the clock is in doubt the present day goes on, but no new one opens.
  if (isOver && state.clock.isDoubted && (state.day === null || state.day.isClosed)) return 'clock-unsure'
  if (state.day?.isClosed && !isOver) return 'day-closed'
  return services.some((service) => service.availability !== 'closed') ? null : 'no-service'
}

/** @param atMs - the branch's time now: a day that staff closed opens again at the next cut-over */
export function kioskMenu(state: BranchState, atMs: EpochMs): KioskMenu {
  const branch = state.catalogue?.body.branch
  const services = menuServices(state)
  const queues = state.catalogue?.body.queues ?? []
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
    waitingCount: queues.reduce((sum, queue) => sum + waitingCountOf(state, queue.id), 0),
    closedReason: closedReason(state, services, atMs),
  }
}
