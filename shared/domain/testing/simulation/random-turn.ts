import { PLACES } from '../../events.ts'
import type { DeviceId, ReasonId } from '../../ids.ts'
import { DAY, HOUR, MINUTE, SECOND, YEAR } from '../fake-clock.ts'
import { AGENT_IDS, COUNTER_IDS, QUEUE_IDS } from './catalogue-edits.ts'
import { adoptNumber, adoptTickets, recordTicket, withdrawTickets } from './random-papers.ts'
import {
  ask,
  type Cast,
  caller,
  callNext,
  deviceFor,
  freeDevice,
  installer,
  type Maker,
  openDevice,
  pick,
  type Sight,
  someone,
  type Turn,
} from './random-parts.ts'
import { endBreak, intake, message, people, power, reserve, signIn, startBreak } from './random-staff.ts'
import { complete, issue, serveNow, when } from './random-visits.ts'

const STEPS = [0, 1, SECOND, MINUTE, 2 * MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 40 * MINUTE, 5 * HOUR, DAY]
const JUMPS = [SECOND, -SECOND, -3 * SECOND, HOUR, -HOUR, DAY, -DAY, 30 * HOUR, 3 * DAY, YEAR, -YEAR]

const openCounter: Maker = (_, [, a, b, c]) =>
  ask(
    {
      ...{ type: 'OpenCounter', counterId: pick(COUNTER_IDS, a), agentId: pick(AGENT_IDS, b) },
      ...((c >> 2) % 4 === 3 ? { isTraining: true } : {}),
    },
    caller(c % 4 === 3 ? c : a),
  )

const about = (
  type: 'RecallTicket' | 'StartService' | 'ReturnTicket' | 'MarkNoShow' | 'CancelTicket' | 'ReinstateTicket',
  ...fits: string[]
): Maker => when(fits, (sight, [, , b], ticketId) => ask({ type, ticketId }, deviceFor(sight, ticketId, b)))

/** What can happen, as often as it is listed here. */
const makers: readonly (readonly [weight: number, Maker])[] = [
  [29, issue],
  [1, people],
  [10, callNext],
  [2, openCounter],
  [3, about('StartService', 'called')],
  [4, (_, [, a]) => ({ type: 'pass', ms: pick(STEPS, a) })],
  [
    2,
    (sight, [, a, b]) => {
      const { counterId, origin } = freeDevice(sight, b)
      return ask({ type: 'CallTicket', counterId, ticketId: someone(sight, ['waiting'], a) }, origin)
    },
  ],
  [1, about('RecallTicket', 'called')],
  [1, about('ReturnTicket', 'called', 'held')],
  [2, about('MarkNoShow', 'called', 'held')],
  [1, about('CancelTicket', 'waiting', 'held')],
  [2, about('ReinstateTicket', 'no_show')],
  [
    2,
    when(['serving'], (sight, [, , b, c], ticketId) => {
      const reason = ([null, 'missing-paper', null, 'missing-paper', 'unheard-of'] as const)[c % 5] as ReasonId | null
      return ask({ type: 'HoldTicket', ticketId, reason }, deviceFor(sight, ticketId, b))
    }),
  ],
  [
    2,
    when(['held'], (sight, [, , b], ticketId) => {
      const { counterId, origin } = freeDevice(sight, b)
      return ask({ type: 'ResumeTicket', ticketId, counterId }, origin)
    }),
  ],
  [7, complete],
  [
    4,
    when(['waiting', 'called', 'serving', 'held'], (sight, [, , b, c], ticketId) => {
      const command = {
        type: 'TransferTicket',
        ticketId,
        toQueueId: pick(QUEUE_IDS, c),
        place: pick(PLACES, c >> 2),
      } as const
      return ask(command, deviceFor(sight, ticketId, b))
    }),
  ],
  [2, adoptTickets],
  [1, adoptNumber],
  [3, recordTicket],
  [2, serveNow],
  [3, reserve],
  [1, startBreak],
  [2, endBreak],
  [2, signIn],
  [1, intake],
  [1, message],
  [1, power],
  [
    1,
    (sight, [, a]) => {
      const { counterId, origin } = openDevice(sight, a)
      return ask({ type: 'CloseCounter', counterId }, origin)
    },
  ],
  [1, (_, [, a]) => ask({ type: 'RemoveDevice', deviceId: caller(a).deviceId }, installer)],
  [
    2,
    (_, [, a, b, c]) => {
      const type = pick(['PauseQueue', 'ResumeQueue', 'CloseQueue', 'OpenQueue'] as const, a)
      return ask({ type, queueId: pick(QUEUE_IDS, b) }, c % 3 === 0 ? caller(c) : installer)
    },
  ],
  [2, (_, [, a, b]) => ({ type: 'edit', edits: [[a, b]] })],
  [
    1,
    (_, [, a]) =>
      a % 3 === 0 ? ask({ type: 'CloseDay' }, a % 2 === 0 ? caller(a) : installer) : { type: 'pass', ms: SECOND },
  ],
  [1, () => ask({ type: 'KeepTime' }, { kind: 'branch', deviceId: 'branch' as DeviceId })],
  [1, (_, [, a]) => ask({ type: 'ConfirmClock', by: 'staff' }, a % 3 === 0 ? caller(a) : installer)],
  [2, (_, [, a]) => ({ type: 'jump', ms: pick(JUMPS, a) })],
  [1, withdrawTickets],
  [1, () => ({ type: 'restart' })],
  [1, (_, [, a]) => ({ type: 'rewind', isSeen: a % 2 === 0 })],
]

const wheel = makers.flatMap(([weight, make]) => Array.from({ length: weight }, () => make))

/** Makes of a cast what it means in the branch as it is now. */
export function turnOf(sight: Sight, cast: Cast): Turn {
  // A bank that has been left tells no story.
  const isLeft = sight.state.catalogue !== null && sight.state.openCounters.size < 2 && cast[2] % 3 === 0
  return (isLeft ? openCounter : pick(wheel, cast[0]))(sight, cast)
}
