import type { Command, Origin } from './commands.ts'
import { adoptTickets, withdrawTickets } from './decide-adopt.ts'
import { addAgent, confirmRights, resetPin, restoreAgent, suspendAgent } from './decide-agents.ts'
import {
  changeIntake,
  changeQueue,
  clearMessage,
  confirmClock,
  endDay,
  printWaitingList,
  showMessage,
  tellPower,
} from './decide-branch.ts'
import {
  adoptAtCounter,
  closeCounter,
  endBreak,
  openCounter,
  removeDevice,
  serveNow,
  startBreak,
} from './decide-counter.ts'
import { issueTicket } from './decide-issue.ts'
import { signInManager, signOutManager } from './decide-manager.ts'
import { recordTicket } from './decide-record.ts'
import {
  callNext,
  callTicket,
  cancel,
  complete,
  hold,
  markNoShow,
  recall,
  reinstate,
  reserve,
  resume,
  returnToLine,
  start,
  transfer,
} from './decide-ticket.ts'
import type { EventBody } from './events.ts'
import type { Moment } from './ids.ts'
import type { Refusal } from './refusals.ts'
import { ok, type Result } from './result.ts'
import type { BranchState } from './state.ts'

type Decision = Result<readonly EventBody[], Refusal>
type Decider<Type extends Command['type']> = (
  state: BranchState,
  command: Command & { readonly type: Type },
  origin: Origin,
  now: Moment,
) => Decision

/** Who answers which command: a command without an answer does not compile. */
const deciders: { readonly [Type in Command['type']]: Decider<Type> } = {
  IssueTicket: issueTicket,
  ServeNow: serveNow,
  AdoptTickets: (state, { tickets }, origin, now) => ok(adoptTickets(state, tickets, origin, now)),
  WithdrawTickets: (state, { ticketIds }) => ok(withdrawTickets(state, ticketIds)),
  AdoptNumber: adoptAtCounter,
  RecordTicket: recordTicket,
  CallNext: callNext,
  CallTicket: callTicket,
  RecallTicket: recall,
  StartService: start,
  HoldTicket: hold,
  ResumeTicket: resume,
  ReturnTicket: returnToLine,
  CompleteTicket: complete,
  MarkNoShow: markNoShow,
  CancelTicket: cancel,
  ReinstateTicket: reinstate,
  TransferTicket: transfer,
  ReserveTicket: reserve,
  OpenCounter: openCounter,
  CloseCounter: (state, { counterId }, origin, now) => closeCounter(state, counterId, origin, now),
  StartBreak: startBreak,
  EndBreak: endBreak,
  SignInManager: signInManager,
  SignOutManager: (state, _, origin) => signOutManager(state, origin),
  SuspendAgent: suspendAgent,
  RestoreAgent: restoreAgent,
  AddAgent: addAgent,
  ResetPin: resetPin,
  ConfirmRights: (state, _, origin) => confirmRights(state, origin),
  RemoveDevice: (state, { deviceId }, _, now) => ok(removeDevice(state, deviceId, now)),
  PauseQueue: changeQueue,
  ResumeQueue: changeQueue,
  CloseQueue: changeQueue,
  OpenQueue: changeQueue,
  StopIntake: changeIntake,
  ResumeIntake: changeIntake,
  ShowMessage: showMessage,
  ClearMessage: clearMessage,
  ApplyCatalogue: (_, { version, hash }) => ok([{ type: 'CatalogueApplied', version, hash }]),
  TellPower: tellPower,
  PrintWaitingList: printWaitingList,
  CloseDay: endDay,
  ConfirmClock: confirmClock,
  KeepTime: () => ok([]),
}

/**
 * Answers a command with what happens, or with the reason why nothing does. Pure: the same state, command and moment
 * always give the same answer. The day has been rolled before (roll-day.ts).
 */
export function decide(state: BranchState, command: Command, origin: Origin, now: Moment): Decision {
  // Each entry takes the command of its own name; the compiler cannot see that across the look-up.
  const decider = deciders[command.type] as (...asked: Parameters<typeof decide>) => Decision
  return decider(state, command, origin, now)
}
