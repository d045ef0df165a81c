import type { TicketStatus } from './ticket.ts'

/** The commands that take one ticket from one state to another. `roll` is the end of the business day, `lapse` of a reservation. */
export const TICKET_COMMANDS = [
  'call',
  'recall',
  'start',
  'hold',
  'resume',
  'return',
  'complete',
  'complete-leg',
  'no-show',
  'cancel',
  'reinstate',
  'transfer',
  'lapse',
  'supersede',
  'withdraw',
  'record',
  'record-leg',
  'record-no-show',
  'record-left',
  'roll',
] as const
export type TicketCommandName = (typeof TICKET_COMMANDS)[number]

/** Why a command does not fit the ticket: it names the state the ticket is in. */
export type StatusRefusalCode =
  | 'TicketIsWaiting'
  | 'TicketIsCalled'
  | 'TicketIsServing'
  | 'TicketIsHeld'
  | 'TicketIsCompleted'
  | 'TicketIsNoShow'
  | 'TicketIsCancelled'

export type Cell =
  | { readonly to: TicketStatus; readonly refusal?: never }
  | { readonly to?: never; readonly refusal: StatusRefusalCode }

const refusalIn = {
  waiting: 'TicketIsWaiting',
  called: 'TicketIsCalled',
  serving: 'TicketIsServing',
  held: 'TicketIsHeld',
  completed: 'TicketIsCompleted',
  no_show: 'TicketIsNoShow',
  cancelled: 'TicketIsCancelled',
} as const satisfies Record<TicketStatus, StatusRefusalCode>

type Row = Record<TicketStatus, Cell>

/** Fills a row: the named states lead on, each other state refuses by its own name. */
function row(leads: { readonly [status in TicketStatus]?: TicketStatus }): Row {
  const cell = (status: TicketStatus): Cell => {
    const to = leads[status]
    return to === undefined ? { refusal: refusalIn[status] } : { to }
  }
  return {
    waiting: cell('waiting'),
    called: cell('called'),
    serving: cell('serving'),
    held: cell('held'),
    completed: cell('completed'),
    no_show: cell('no_show'),
    cancelled: cell('cancelled'),
  }
}

/**
 * The whole life of a ticket, drawn in shared/README.md. A new command or state does not compile until it has its row.
 * `roll` is the plain case; a queue that runs through the night keeps its waiting and held tickets,
 * and a ticket that was served before and waits again is completed, not cancelled. `complete-leg` is `complete` while
 * the visit has services before it; `lapse` is the end of a reservation. `record` and its like enter what happened on
 * paper while the server was away; `withdraw` takes back a ticket that no paper carries.
 */
export const transitions: Record<TicketCommandName, Row> = {
  call: row({ waiting: 'called' }),
  recall: row({ called: 'called' }),
  start: row({ called: 'serving' }),
  hold: row({ serving: 'held' }),
  resume: row({ held: 'serving' }),
  return: row({ called: 'waiting', held: 'waiting' }),
  complete: row({ called: 'completed', serving: 'completed', held: 'completed' }),
  'complete-leg': row({ called: 'waiting', serving: 'waiting', held: 'waiting' }),
  'no-show': row({ called: 'no_show', held: 'no_show' }),
  cancel: row({ waiting: 'cancelled', held: 'cancelled' }),
  reinstate: row({ no_show: 'waiting' }),
  transfer: row({ waiting: 'waiting', called: 'waiting', serving: 'waiting', held: 'waiting' }),
  lapse: row({ waiting: 'waiting', called: 'called', serving: 'serving', held: 'held' }),
  supersede: row({ waiting: 'cancelled', called: 'cancelled', serving: 'cancelled', held: 'cancelled' }),
  // The branch may have heard so late that somebody was called who does not exist.
  withdraw: row({ waiting: 'cancelled', called: 'cancelled', no_show: 'cancelled' }),
  record: row({ waiting: 'completed', called: 'completed', serving: 'completed', held: 'completed' }),
  'record-leg': row({ waiting: 'waiting', called: 'waiting', serving: 'waiting', held: 'waiting' }),
  'record-no-show': row({ waiting: 'no_show', called: 'no_show', held: 'no_show' }),
  'record-left': row({ waiting: 'cancelled', called: 'cancelled', held: 'cancelled' }),
  roll: row({ waiting: 'cancelled', called: 'no_show', serving: 'serving', held: 'completed' }),
}
