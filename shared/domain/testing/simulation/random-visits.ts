import type { EpochMs, OutcomeId, PriorityClassId, ServiceId, TicketId } from '../../ids.ts'
import { CHANNELS } from '../../ticket-birth.ts'
import { DAY, MINUTE } from '../fake-clock.ts'
import { SERVICE_IDS } from './catalogue-edits.ts'
import {
  ask,
  type Cast,
  caller,
  callNext,
  deviceFor,
  freeDevice,
  kiosk,
  type Maker,
  pick,
  type Sight,
  someone,
  type Turn,
} from './random-parts.ts'

const PRIORITIES = [
  'senior',
  null,
  'privilege',
  null,
  'senior',
  null,
  'senior',
  null,
  'senior',
  null,
  'unheard-of',
  null,
]
const priorityOf = (choice: number): PriorityClassId | null => pick(PRIORITIES, choice) as PriorityClassId | null

/** Mostly as the catalogue plans it; else one to three services, and now and then more than may be. */
function planOf(a: number, b: number): readonly ServiceId[] | undefined {
  const kind = a % 24
  if (kind < 15) return undefined
  if (kind === 23) return [...SERVICE_IDS, ...SERVICE_IDS].slice(0, 8 + (b % 2))
  if (kind === 22) return ['unheard-of' as ServiceId]
  return SERVICE_IDS.filter((_, index) => (b >> index) % 3 === 1).slice(0, 3)
}

export const issue: Maker = ({ newId, state }, [, a, b, c]) => {
  const plan = planOf(b >> 4, c >> 4)
  // Now and then for another day.
  const days = (c >> 5) % 16 === 15 ? ((a >> 8) % 5) - 2 : 0
  const bookedAtMs = (state.now.atMs + days * DAY + (((a >> 3) % 25) - 8) * 5 * MINUTE) as EpochMs
  const more = { ...(plan === undefined ? {} : { plan }), ...((c >> 2) % 5 === 4 ? { bookedAtMs } : {}) }
  const asked = { ticketId: newId(), serviceId: pick(SERVICE_IDS, a), channel: pick(CHANNELS, b >> 3) }
  return ask(
    { type: 'IssueTicket', ...asked, priority: priorityOf(b), language: null, ...more },
    c % 4 === 0 ? caller(b) : kiosk,
  )
}

export const serveNow: Maker = (sight, [, a, b, c]) => {
  const { counterId, origin } = freeDevice(sight, b)
  const asked = { ticketId: sight.newId(), serviceId: pick(SERVICE_IDS, a), priority: priorityOf(c), language: null }
  return ask({ type: 'ServeNow', counterId, ...asked }, origin)
}

/** What brings a branch forward when nobody is where a command needs somebody. */
export function forward(sight: Sight, cast: Cast): Turn {
  const called = [...sight.state.tickets.values()].find(({ phase }) => phase.status === 'called')
  const at =
    called === undefined
      ? undefined
      : sight.state.openCounters.findEntry((open) => open.ticketId === called.facts.ticketId)
  if (called !== undefined && at !== undefined && cast[1] % 2 === 0)
    return ask({ type: 'StartService', ticketId: called.facts.ticketId }, { kind: 'caller', deviceId: at[1].deviceId })
  return (sight.state.lines.size === 0 || cast[2] % 3 !== 0 ? issue : callNext)(sight, cast)
}

/** A command that needs somebody in one of these states; mostly it waits until there is somebody. */
export const when =
  (fits: readonly string[], make: (sight: Sight, cast: Cast, ticketId: TicketId) => Turn): Maker =>
  (sight, cast) => {
    const isThere = sight.state.tickets.some(({ phase }) => fits.includes(phase.status))
    return isThere || cast[1] % 5 === 4 ? make(sight, cast, someone(sight, fits, cast[1])) : forward(sight, cast)
  }

export const complete: Maker = when(['called', 'serving', 'held'], (sight, [, , b, c], ticketId) => {
  const outcome = ([null, 'solved', null, 'solved', null, 'solved', 'unheard-of'] as const)[c % 7] as OutcomeId | null
  const endsVisit = (c >> 3) % 7 === 6 ? { endsVisit: true } : {}
  return ask({ type: 'CompleteTicket', ticketId, outcome, ...endsVisit }, deviceFor(sight, ticketId, b))
})
