import type { Access } from './access.ts'
import { isAsUsual } from './access.ts'
import type { KioskModel, Screen } from './model.ts'

/** Nobody has touched for so long: the next customer finds the kiosk as new. */
export const IDLE_AFTER_MS = 20_000
/** The same in the accessible mode, and for whoever asked for more time. */
export const IDLE_AFTER_MS_PATIENT = 60_000
/** So long before the end it is told, on the screen and by a sound. */
export const WARNED_MS = 10_000
/** In the accessible mode: long enough to hear it and to find the key. */
export const WARNED_MS_PATIENT = 20_000

export const TICKET_SHOWN_MS = 12_000
/** Without paper the number must be copied by eye or photo. */
export const PAPERLESS_SHOWN_MS = 30_000
export const MORE_TIME_MS = 30_000
export const REFUSED_SHOWN_MS = 20_000
/** Reading twice as large, or listening, takes longer. */
const SLOWER = 3

const isPatient = ({ isOn, isPatient: wasAsked }: Access): boolean => isOn || wasAsked

export const idleAfterMs = (access: Access): number => (isPatient(access) ? IDLE_AFTER_MS_PATIENT : IDLE_AFTER_MS)

/** A time that suits a customer of the usual mode, as it suits this one. */
export const suitedMs = (access: Access, usualMs: number): number => (access.isOn ? usualMs * SLOWER : usualMs)

/** When the visit ends if nobody does anything; null: it does not, or not for that. */
export function visitEndsAtMs({ screen, access, touchedMs, language, defaultLanguage }: KioskModel): number | null {
  switch (screen.name) {
    case 'taking':
      return null
    case 'your-ticket':
    case 'refused':
    case 'no-tickets':
    case 'closed':
      return screen.endsAtMs
    case 'idle':
      return isAsUsual(access) && language === defaultLanguage ? null : touchedMs + idleAfterMs(access)
    default:
      return touchedMs + idleAfterMs(access)
  }
}

/** Screens that time alone ends: in the usual mode they show it, and nothing is lost with them. */
const SELF_ENDING: ReadonlySet<Screen['name']> = new Set(['idle', 'your-ticket', 'refused', 'no-tickets', 'closed'])

/**
 * What is left when the end is near enough to be told.
 * @param nowMs - the page's steady clock
 * @returns null: nothing has to be told yet
 */
export function warnedLeftMs(model: KioskModel, nowMs: number): number | null {
  const { access, screen } = model
  const endsAtMs = visitEndsAtMs(model)
  if (endsAtMs === null || (!access.isOn && SELF_ENDING.has(screen.name))) return null
  const leftMs = endsAtMs - nowMs
  return leftMs > (isPatient(access) ? WARNED_MS_PATIENT : WARNED_MS) ? null : Math.max(0, leftMs)
}

/** The ring begins anew where the end moves away. */
function lasting(
  model: KioskModel,
  screen: Extract<Screen, { name: 'your-ticket' }>,
  untilMs: number,
  nowMs: number,
): KioskModel {
  if (untilMs <= screen.endsAtMs) return model
  return { ...model, screen: { ...screen, endsAtMs: untilMs, wholeMs: untilMs - nowMs } }
}

/** Whoever is seen to be there keeps the screen; a ticket's own time in the usual mode is on its ring. */
export function stay(model: KioskModel, nowMs: number): KioskModel {
  const { screen, access } = model
  const untilMs = nowMs + idleAfterMs(access)
  switch (screen.name) {
    case 'your-ticket':
      return access.isOn ? lasting(model, screen, untilMs, nowMs) : model
    case 'refused':
    case 'no-tickets':
    case 'closed':
      return { ...model, screen: { ...screen, endsAtMs: Math.max(screen.endsAtMs, untilMs) } }
    default:
      return model
  }
}

/** Asked for once, it is given for the whole visit. */
export function giveMoreTime(model: KioskModel, nowMs: number): KioskModel {
  const patient = { ...model, access: { ...model.access, isPatient: true } }
  const { screen } = patient
  if (screen.name !== 'your-ticket') return stay(patient, nowMs)
  const moreMs = suitedMs(model.access, MORE_TIME_MS)
  return { ...patient, screen: { ...screen, endsAtMs: nowMs + moreMs, wholeMs: moreMs } }
}
