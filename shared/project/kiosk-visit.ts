import { DETAILS, type Detail } from '../domain/customer-details.ts'
import type { ServiceId } from '../domain/ids.ts'
import { PLAN_MAX } from '../domain/ticket-birth.ts'
import { canBeChosen, type KioskMenu, type MenuService, offeredServices } from './kiosk-menu.ts'

/** What one customer is about to take a number for. */
export interface Visit {
  readonly serviceId: ServiceId
  /** What the customer added, in order. */
  readonly added: readonly ServiceId[]
}

/** The services of one number, the first one and those that may follow it. */
const VISIT_MAX = 1 + PLAN_MAX

/** The services of a visit in order: each is followed by what the branch has planned after it, and none comes twice. */
export function servicesOfVisit(menu: KioskMenu, { serviceId, added }: Visit): readonly MenuService[] {
  const byId = new Map(menu.services.map((service) => [service.serviceId, service]))
  const ids = [serviceId, ...added].flatMap((id) => [id, ...(byId.get(id)?.plan ?? [])])
  return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []).slice(0, VISIT_MAX)
}

/** Whom a customer may still add: open services that are not in the visit, as long as one number may hold more. */
export function addableServices(menu: KioskMenu, visit: Visit): readonly MenuService[] {
  const chosen = servicesOfVisit(menu, visit)
  if (!menu.arePlansAllowed || chosen.length >= VISIT_MAX) return []
  return offeredServices(menu).filter((service) => canBeChosen(service) && !chosen.includes(service))
}

/** Whether anything is asked after the first choice; else the ticket is taken at once. */
export const isAnythingAsked = (menu: KioskMenu, serviceId: ServiceId): boolean =>
  menu.priorities.length > 0 || addableServices(menu, { serviceId, added: [] }).length > 0

/** What follows the first service, as the branch is asked for it; null: as the branch itself has planned it. */
export const planOfVisit = (menu: KioskMenu, visit: Visit): readonly ServiceId[] | null =>
  visit.added.length === 0
    ? null
    : servicesOfVisit(menu, visit)
        .slice(1)
        .map(({ serviceId }) => serviceId)

/** What the services of a visit ask of the customer, each once. */
export function detailsAskedIn(menu: KioskMenu, visit: Visit): readonly Detail[] {
  const asked = servicesOfVisit(menu, visit).flatMap(({ asks }) => asks)
  return menu.consent === null ? [] : DETAILS.filter((detail) => asked.includes(detail))
}
