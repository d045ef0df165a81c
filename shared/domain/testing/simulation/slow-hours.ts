import type { Catalogue, Service } from '../../catalogue.ts'
import { isEmergency, type SlowBranch } from './slow-branch.ts'
import { STILL_ZONES } from './slow-day.ts'

const HOUR = 3_600_000
const DAYS = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'] as const

function isOpen(branch: SlowBranch, catalogue: Catalogue, hours: Service['hours']): boolean {
  const offset = STILL_ZONES[catalogue.branch.timezone as keyof typeof STILL_ZONES]
  // The first day of 1970 was a Thursday.
  const local = branch.label + offset * HOUR
  const day = Math.floor(local / (24 * HOUR))
  const text = new Date(local).toISOString()
  const holiday = catalogue.holidays.find(({ date }) => date === text.slice(0, 10))
  if (hours === null && holiday === undefined) return true
  const weekday = DAYS[((day % 7) + 7) % 7] ?? 'thu'
  const spans = holiday?.hours ?? hours?.[weekday] ?? []
  const time = text.slice(11, 16)
  return spans.some(({ opens, closes }) => opens <= time && time < closes)
}

/** Why a kiosk gives no ticket now, though staff may. */
export function kioskFault(branch: SlowBranch, service: Service): string | null {
  if (isEmergency(branch)) return 'EmergencyIsShown'
  if (branch.isStopped) return 'IntakeIsStopped'
  const { catalogue } = branch
  if (catalogue === null) return null
  const isOpenAll = isOpen(branch, catalogue, catalogue.branch.openingHours)
  const isOpenHere = service.hours === null || isOpen(branch, catalogue, service.hours)
  return isOpenAll && isOpenHere ? null : 'OutsideHours'
}
