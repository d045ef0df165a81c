import type { ClosedReason } from '#shared/project/kiosk-menu.ts'
import type { KioskModel, Screen } from './model.ts'

/** What is seen: a visit's screen, or what stands above every visit. */
export type ShownScreen =
  | Screen
  | { readonly name: 'starting' }
  | { readonly name: 'unpaired' }
  | { readonly name: 'closed'; readonly reason: ClosedReason }
  | { readonly name: 'emergency' }

/** What of the branch stands above a visit. */
export interface AboveVisit {
  readonly closedReason: ClosedReason | null
  readonly isEmergency: boolean
}

/**
 * A visit that has begun is never torn away; what stands above a visit is shown before it begins.
 * Only an emergency stands above everything.
 */
export function shownScreen(
  model: KioskModel,
  phase: 'starting' | 'unpaired' | 'following',
  { closedReason, isEmergency }: AboveVisit,
): ShownScreen {
  if (phase === 'unpaired') return { name: 'unpaired' }
  if (phase === 'starting') return { name: 'starting' }
  if (isEmergency) return { name: 'emergency' }
  const isBeforeVisit = ['idle', 'choose-service', 'visit', 'search', 'details', 'check-in'].includes(model.screen.name)
  return isBeforeVisit && closedReason !== null ? { name: 'closed', reason: closedReason } : model.screen
}

const WITH_BACK: ReadonlySet<ShownScreen['name']> = new Set([
  'choose-service',
  'visit',
  'search',
  'details',
  'check-in',
  'refused',
  'no-tickets',
])

/** Whether there is a step back, on the screen and on the pad. */
export const canGoBack = ({ name }: ShownScreen): boolean => WITH_BACK.has(name)
