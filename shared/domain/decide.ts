import { managerOrInstaller } from './authority.ts'
import type { Command, Origin } from './commands.ts'
import { adoptAtCounter, changeQueue, closeCounter, openCounter, removeDevice } from './decide-counter.ts'
import { adoptTickets, issueTicket } from './decide-issue.ts'
import {
  callNext,
  callTicket,
  cancel,
  complete,
  hold,
  markNoShow,
  recall,
  reinstate,
  resume,
  returnToLine,
  start,
  transfer,
} from './decide-ticket.ts'
import type { EventBody } from './events.ts'
import type { Moment } from './ids.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result, unreachable } from './result.ts'
import { closeDay } from './roll-day.ts'
import type { BranchState } from './state.ts'

type Decision = Result<readonly EventBody[], Refusal>

function endDay(state: BranchState, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  if (state.catalogue === null) return no('CatalogueMissing')
  if (state.day === null) return no('ClockUnsure')
  return state.day.isClosed ? no('DayAlreadyClosed', state.day.date) : ok(closeDay(state))
}

function confirmClock(state: BranchState, by: 'devices' | 'staff', origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  return state.clock.isDoubted ? ok([{ type: 'ClockTrusted', by }]) : no('ClockIsSure')
}

/**
 * Answers a command with what happens, or with the reason why nothing does. Pure: the same state, command and moment
 * always give the same answer. The day has been rolled before (roll-day.ts).
 */
export function decide(state: BranchState, command: Command, origin: Origin, now: Moment): Decision {
  switch (command.type) {
    case 'IssueTicket':
      return issueTicket(state, command, origin)
    case 'AdoptTickets':
      return ok(adoptTickets(state, command.tickets, origin, now))
    case 'AdoptNumber':
      return adoptAtCounter(state, command, origin, now)
    case 'CallNext':
      return callNext(state, command, origin, now)
    case 'CallTicket':
      return callTicket(state, command, origin, now)
    case 'RecallTicket':
      return recall(state, command, origin)
    case 'StartService':
      return start(state, command, origin)
    case 'HoldTicket':
      return hold(state, command, origin, now)
    case 'ResumeTicket':
      return resume(state, command, origin)
    case 'ReturnTicket':
      return returnToLine(state, command, origin)
    case 'CompleteTicket':
      return complete(state, command, origin, now)
    case 'MarkNoShow':
      return markNoShow(state, command, origin)
    case 'CancelTicket':
      return cancel(state, command, origin)
    case 'ReinstateTicket':
      return reinstate(state, command, origin, now)
    case 'TransferTicket':
      return transfer(state, command, origin, now)
    case 'OpenCounter':
      return openCounter(state, command, origin)
    case 'CloseCounter':
      return closeCounter(state, command.counterId, origin, now)
    case 'RemoveDevice':
      return ok(removeDevice(state, command.deviceId, now))
    case 'PauseQueue':
    case 'ResumeQueue':
    case 'CloseQueue':
    case 'OpenQueue':
      return changeQueue(state, command, origin)
    case 'ApplyCatalogue':
      return ok([{ type: 'CatalogueApplied', version: command.version, hash: command.hash }])
    case 'CloseDay':
      return endDay(state, origin)
    case 'ConfirmClock':
      return confirmClock(state, command.by, origin)
    case 'KeepTime':
      return ok([])
    default:
      return unreachable(command)
  }
}
