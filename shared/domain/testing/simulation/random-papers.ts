import type { Absence, PaperMark, PrintedAlone } from '../../commands.ts'
import type { BusinessDate, PriorityClassId, Series, SteadyMs } from '../../ids.ts'
import { formatBlockNumber } from '../../numbering.ts'
import { DAY, MINUTE } from '../fake-clock.ts'
import { AGENT_IDS, COUNTER_IDS, SERVICE_IDS } from './catalogue-edits.ts'
import { ask, type Cast, caller, freeDevice, kiosk, type Maker, pick, type Sight, someone } from './random-parts.ts'

const BLOCK_SERIES = ['A', 'C', 'L', 'K', 'Z'].map((letter) => letter as Series)

function dateNear(sight: Sight, choice: number): BusinessDate {
  const today = sight.state.day?.date ?? ('2026-11-23' as BusinessDate)
  const shift = [0, 0, 0, -1, -2, 1][choice % 6] ?? 0
  return new Date(Date.parse(today) + shift * DAY).toISOString().slice(0, 10) as BusinessDate
}

function absencesNear(sight: Sight, a: number, b: number, c: number): readonly Absence[] {
  return Array.from({ length: c % 3 }, (_, index) => {
    const fromSteadyMs = (sight.steadyMs - ((a + index) % 11) * 15 * MINUTE) as SteadyMs
    return { fromSteadyMs, toSteadyMs: (fromSteadyMs + (b % 5) * 10 * MINUTE) as SteadyMs }
  })
}

function onePaper(sight: Sight, [, a, b, c]: Cast, index: number): PrintedAlone {
  const choice = a + index * 7
  const ghost = c % 3 === 0 ? someone(sight, ['waiting', 'called', 'serving', 'held'], b + index) : null
  const isRepeated = b % 11 === 10 && sight.everyone.length > 0
  return {
    ticketId: isRepeated ? pick(sight.everyone, a) : sight.newId(),
    number: formatBlockNumber(pick(BLOCK_SERIES, choice), 1 + (choice % 2), 1 + ((b + index) % 4)),
    serviceId: pick(SERVICE_IDS, choice),
    language: 'fr',
    priority: b % 5 === 0 ? ('senior' as PriorityClassId) : b % 5 === 1 ? ('privilege' as PriorityClassId) : null,
    ...(c % 4 === 1 ? { plan: SERVICE_IDS.filter((_, place) => (a >> place) % 2 === 1) } : {}),
    businessDate: dateNear(sight, c + index),
    lastContactSteadyMs: (sight.steadyMs - (a % 9) * 20 * MINUTE + 5 * MINUTE) as SteadyMs,
    sinceContactMs: (b % 13) * 5 * MINUTE - MINUTE,
    ghostId: ghost,
    isKnown: c % 19 === 18,
    isNumberTaken: c % 23 === 22,
    absences: absencesNear(sight, a + index, b, c),
  }
}

export const adoptTickets: Maker = (sight, cast) => {
  const tickets = Array.from({ length: 1 + (cast[3] % 3) }, (_, index) => onePaper(sight, cast, index))
  return ask({ type: 'AdoptTickets', tickets }, kiosk)
}

export const withdrawTickets: Maker = (sight, [, a, b]) => {
  const ticketIds = [a, b].flatMap(
    (choice) => someone(sight, ['waiting', 'called', 'no_show', 'serving', 'held'], choice) ?? [],
  )
  return ask({ type: 'WithdrawTickets', ticketIds }, kiosk)
}

export const adoptNumber: Maker = (sight, [, a, b]) => {
  const { counterId, origin } = freeDevice(sight, b)
  const number = formatBlockNumber(pick(BLOCK_SERIES, a), 1, 1 + (b % 4))
  return ask({ type: 'AdoptNumber', counterId, ticketId: sight.newId(), number, isNumberTaken: false }, origin)
}

export const recordTicket: Maker = (sight, [, a, b, c]) => {
  const ticketId = b % 4 === 3 ? null : someone(sight, ['waiting', 'called', 'serving', 'held'], a)
  const known = ticketId === null ? undefined : sight.state.tickets.get(ticketId)
  const number = known?.facts.number ?? formatBlockNumber(pick(BLOCK_SERIES, a), 1 + (a % 2), 1 + (b % 4))
  const origin = caller(a >> 3)
  const held = sight.state.lastHeld.get(origin.deviceId)
  // Of its own counter, most of the time.
  const isOwn = held !== undefined && c % 2 === 0
  const counterId = c % 7 === 6 ? null : isOwn ? held.counterId : pick(COUNTER_IDS, c)
  const mark: PaperMark = {
    ticketId,
    number,
    serviceId:
      c % 3 === 0 ? (known?.facts.serviceId ?? pick(SERVICE_IDS, a)) : c % 13 === 1 ? pick(SERVICE_IDS, b) : null,
    status: pick(['completed', 'completed', 'no_show', 'cancelled'] as const, b >> 2),
    counterId,
    agentId: counterId === null ? null : isOwn ? held.agentId : pick(AGENT_IDS, c),
    businessDate: b % 9 === 8 ? dateNear(sight, c) : (known?.facts.businessDate ?? dateNear(sight, 0)),
    noted:
      c % 4 === 3
        ? null
        : {
            lastContactSteadyMs: (sight.steadyMs - (a % 9) * 20 * MINUTE + 5 * MINUTE) as SteadyMs,
            sinceContactMs: (c % 13) * 5 * MINUTE - MINUTE,
          },
    newTicketId: sight.newId(),
    isNumberTaken: c % 23 === 22,
    former: null,
    isTooLate: false,
    absences: absencesNear(sight, a, b, c),
  }
  return ask({ type: 'RecordTicket', mark }, origin)
}
