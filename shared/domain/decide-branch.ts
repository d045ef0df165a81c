import { managerOrInstaller } from './authority.ts'
import { asksMinutes } from './catalogue.ts'
import type { Command, Origin } from './commands.ts'
import type { EventBody } from './events.ts'
import { no, type Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import { closeDay } from './roll-day.ts'
import { type BranchState, findMessage, findQueue, isEmergency, queueMode } from './state.ts'

type Decision = Result<readonly EventBody[], Refusal>
type Of<Type extends Command['type']> = Command & { readonly type: Type }

export function endDay(state: BranchState, _: Of<'CloseDay'>, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  if (state.catalogue === null) return no('CatalogueMissing')
  if (state.day === null) return no('ClockUnsure')
  return state.day.isClosed ? no('DayAlreadyClosed', state.day.date) : ok(closeDay(state))
}

export function confirmClock(state: BranchState, { by }: Of<'ConfirmClock'>, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  return state.clock.isDoubted ? ok([{ type: 'ClockTrusted', by }]) : no('ClockIsSure')
}

const queueChange = {
  PauseQueue: { event: 'QueuePaused', refusal: 'QueueIsPaused' },
  ResumeQueue: { event: 'QueueResumed', refusal: 'QueueIsActive' },
  CloseQueue: { event: 'QueueClosed', refusal: 'QueueIsClosed' },
  OpenQueue: { event: 'QueueOpened', refusal: 'QueueIsOpen' },
} as const

export function changeQueue(state: BranchState, command: Of<keyof typeof queueChange>, origin: Origin): Decision {
  const { queueId, type } = command
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  if (findQueue(state, queueId) === undefined) return no('QueueUnknown', queueId)
  const { isPaused, isClosed } = queueMode(state, queueId)
  const isSo = { PauseQueue: isPaused, ResumeQueue: !isPaused, CloseQueue: isClosed, OpenQueue: !isClosed }[type]
  const { event, refusal } = queueChange[type]
  return isSo ? no(refusal, queueId) : ok([{ type: event, queueId }])
}

/** From now on kiosks give no tickets; everybody who waits is served, and staff may still issue. */
export function changeIntake(
  state: BranchState,
  { type }: Of<'StopIntake' | 'ResumeIntake'>,
  origin: Origin,
): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  if (state.isIntakeStopped === (type === 'StopIntake'))
    return no(type === 'StopIntake' ? 'IntakeIsStopped' : 'IntakeIsOpen')
  return ok([{ type: type === 'StopIntake' ? 'IntakeStopped' : 'IntakeResumed' }])
}

/** Shows one of the catalogue's messages on every screen; another that stands there gives way, or waits under an emergency. */
export function showMessage(state: BranchState, command: Of<'ShowMessage'>, origin: Origin): Decision {
  const { messageId, minutes } = command
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  const message = findMessage(state, messageId)
  if (message === undefined) return no('MessageUnknown', messageId)
  // An alarm ends by somebody's ending it, not by a delay that somebody announces elsewhere.
  if (isEmergency(state) && message.kind !== 'emergency') return no('EmergencyIsShown', messageId)
  if (asksMinutes(message.text) && minutes === null) return no('MinutesMissing', messageId)
  return ok([{ type: 'MessageShown', messageId, minutes }])
}

export function clearMessage(state: BranchState, _: Of<'ClearMessage'>, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  return state.message === null ? no('NoMessage') : ok([{ type: 'MessageCleared' }])
}

/** What the operating system says of the battery; staff, and the paper, have minutes then. */
export function tellPower(state: BranchState, { isLow, kioskId }: Of<'TellPower'>, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  if (!allowed.ok) return allowed
  if (isLow === state.isPowerLow) return no(isLow ? 'PowerIsLow' : 'PowerIsBack')
  if (!isLow) return ok([{ type: 'PowerBack' }])
  return ok([{ type: 'PowerLow' }, ...(kioskId === null ? [] : [{ type: 'WaitingListAsked', kioskId } as const])])
}

export function printWaitingList(state: BranchState, command: Of<'PrintWaitingList'>, origin: Origin): Decision {
  const allowed = managerOrInstaller(state, origin)
  return allowed.ok ? ok([{ type: 'WaitingListAsked', kioskId: command.kioskId }]) : allowed
}
