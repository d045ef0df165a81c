import { PLACES } from '../../events.ts'
import type { AgentId, DeviceId, MessageId, ReasonId } from '../../ids.ts'
import type { Reservation } from '../../line.ts'
import { CLOUD_ORIGIN } from '../../step.ts'
import { AGENT_IDS, COUNTER_IDS, MESSAGE_IDS } from './catalogue-edits.ts'
import { ask, caller, deviceFor, installer, type Maker, office, openDevice, pick, type Sight } from './random-parts.ts'
import { forward, when } from './random-visits.ts'

/** Mostly somebody who is there. */
function holder({ state }: Sight, choice: number): Reservation {
  const open = [...state.openCounters.entries()]
  const somebody = choice % 8 === 7 || open.length === 0 ? undefined : pick(open, choice >> 4)
  return choice % 2 === 0
    ? { kind: 'counter', counterId: somebody?.[0] ?? pick([...COUNTER_IDS, 'unheard-of' as never], choice >> 4) }
    : { kind: 'agent', agentId: somebody?.[1].agentId ?? pick([...AGENT_IDS, 'unheard-of' as AgentId], choice >> 4) }
}

export const reserve: Maker = when(['waiting', 'called', 'serving', 'held'], (sight, [, , b, c], ticketId) =>
  ask(
    { type: 'ReserveTicket', ticketId, reserveFor: holder(sight, c), place: pick(PLACES, b >> 3) },
    deviceFor(sight, ticketId, b),
  ),
)

export const startBreak: Maker = (sight, [, a, , c]) => {
  const { counterId, origin } = openDevice(sight, a)
  const reason = ([null, 'missing-paper', 'lunch', 'unheard-of'] as const)[c % 4] as ReasonId | null
  return ask({ type: 'StartBreak', counterId, reason }, origin)
}

/** Mostly she who is a manager, at a device with or without a counter. */
export const signIn: Maker = ({ state }, [, a, b, c]) => {
  const managers = state.catalogue?.body.agents.filter(({ role }) => role === 'manager').map(({ id }) => id) ?? []
  const agentId = pick(c % 4 === 3 || managers.length === 0 ? AGENT_IDS : managers, b)
  const origin = a % 3 === 2 ? caller(a >> 2) : office
  if (state.managers.has(origin.deviceId) && c % 3 === 0) return ask({ type: 'SignOutManager' }, origin)
  return ask(c % 13 === 12 ? { type: 'SignOutManager' } : { type: 'SignInManager', agentId }, origin)
}

/** Mostly of a break that runs. */
export const endBreak: Maker = (sight, cast) => {
  const [, a] = cast
  const away = sight.state.openCounters.findEntry(({ onBreak }) => onBreak !== null)
  if (a % 5 === 4) return ask({ type: 'EndBreak', counterId: pick(COUNTER_IDS, a >> 3) }, caller(a >> 3))
  if (away === undefined) return forward(sight, cast)
  return ask({ type: 'EndBreak', counterId: away[0] }, { kind: 'caller', deviceId: away[1].deviceId })
}

export const intake: Maker = ({ state }, [, a, b]) => {
  const stops = b % 6 === 5 ? state.isIntakeStopped : !state.isIntakeStopped
  return ask(
    { type: stops ? 'StopIntake' : 'ResumeIntake' },
    a % 5 === 4 ? caller(a >> 3) : a % 5 === 3 ? office : installer,
  )
}

export const message: Maker = ({ state }, [, a, b, c]) => {
  const origin = a % 5 === 4 ? caller(a >> 3) : a % 5 === 3 ? office : installer
  if (c % 3 === 0 || (state.message !== null && c % 3 === 1)) return ask({ type: 'ClearMessage' }, origin)
  const messageId = pick([...MESSAGE_IDS, 'unheard-of' as MessageId], b)
  return ask({ type: 'ShowMessage', messageId, minutes: c % 2 === 0 ? null : 1 + (c % 90) }, origin)
}

/** Somebody is suspended or readmitted on site or by head office, or something else is said of who works here. */
export const people: Maker = ({ state }, [, a, b, c]) => {
  const origin = pick([office, installer, CLOUD_ORIGIN, caller(a >> 3)], a)
  const out = state.suspended.findEntry(() => true)
  // A bank whose people are all out tells no story.
  if (out !== undefined && c % 3 !== 0) {
    const [agentId, { epoch, seq }] = out
    return ask({ type: 'RestoreAgent', agentId, answers: c % 5 === 4 ? null : { epoch, seq } }, origin)
  }
  const agentId = pick([...AGENT_IDS, 'unheard-of' as AgentId], b)
  const { catalogue } = state
  if (c % 7 === 6) return ask({ type: 'ConfirmRights' }, origin)
  if (c % 7 === 5) return ask({ type: 'ResetPin', agentId }, origin)
  // The present catalogue once more: who is new in it is beside the point here.
  if (c % 7 === 4 && catalogue !== null)
    return ask({ type: 'AddAgent', agentId, version: catalogue.version, hash: catalogue.hash }, origin)
  if (c % 7 === 3) return ask({ type: 'RestoreAgent', agentId, answers: null }, origin)
  return ask({ type: 'SuspendAgent', agentId }, origin)
}

/** The battery, or a manager who wants the list on paper. */
export const power: Maker = ({ state }, [, a, b, c]) => {
  const origin = a % 5 === 4 ? caller(a >> 3) : a % 5 === 3 ? office : installer
  const kioskId = pick(['kiosk-1', 'kiosk-2'] as const, b) as DeviceId
  if (c % 3 === 0) return ask({ type: 'PrintWaitingList', kioskId }, origin)
  const isLow = c % 7 === 6 ? state.isPowerLow : !state.isPowerLow
  return ask({ type: 'TellPower', isLow, kioskId: b % 4 === 3 ? null : kioskId }, origin)
}
