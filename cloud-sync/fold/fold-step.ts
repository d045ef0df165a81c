import { EVENT_TYPES } from '#shared/domain/event-types.ts'
import { EVENT_VERSION } from '#shared/domain/events.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import { FOLD_VERSION } from '#shared/domain/state-json.ts'
import type { Cells } from '#shared/project/cells.ts'
import type { Shift } from '#shared/project/shifts.ts'
import type { Folded, Former, Library } from './folded.ts'

/** One event of the line, parsed; whether it can be believed is seen here. */
export interface LineEvent {
  readonly epoch: string
  readonly seq: number
  readonly type: string
  readonly version: number
  readonly event: Readonly<Record<string, unknown>>
}

/** A ticket as these events leave it. */
export interface Touched extends Former {
  readonly changedOrd: number
  /** Its log cannot be read on: it is in no figure. */
  readonly isSetAside: boolean
}

export interface SetAside {
  readonly epoch: string
  readonly seq: number
  readonly ord: number
  /** Empty: the event is of no ticket. */
  readonly ticketId: string
  readonly type: string
  readonly reason: string
}

export interface FoldStep {
  readonly folded: Folded
  readonly touched: ReadonlyMap<TicketId, Touched>
  readonly ended: readonly (Shift & { readonly ord: number })[]
  /** Reckons what all of it adds to the sums, and takes out of them. */
  readonly cells: () => Cells
  readonly setAside: readonly SetAside[]
  /** As each day and each epoch began. */
  readonly marks: readonly Folded[]
  /** Rows of earlier days, as they were before they changed late. */
  readonly former: readonly (Former & { readonly ord: number; readonly ticketId: TicketId })[]
}

export interface FoldGiven {
  readonly library: Library
  /** What the events speak of beside the tickets of the state. */
  readonly former: ReadonlyMap<TicketId, Former>
  /** Tickets set aside before. */
  readonly aside: ReadonlySet<string>
  readonly reading: Reading
  /** Places along the line whose effects the tables refuse. */
  readonly refused?: ReadonlySet<number>
}

/** What a version of this program can read; what it cannot is kept, passed over, and read once a later one is here. */
export interface Reading {
  /** Another name for each version that reads more, or otherwise. */
  readonly name: string
  readonly knows: (type: string, version: number) => boolean
}

/**
 * How a reading makes a state out of events, whatever types it knows. What an earlier one has folded is folded anew by a
 * later one; an earlier leaves what a later one has folded to that.
 */
export const foldVersionOf = (name: string): number => Number(name.split('.')[0])

/** @see MENDED. Not a number for a name that is none of ours. */
export const mendedOf = (name: string): number => Number(name.split('.')[2])

/** Raised when what was set aside before can be folded now, though no type of event has come. */
const MENDED = 2

export const PRESENT_READING: Reading = {
  name: `${FOLD_VERSION}.${EVENT_TYPES.size}.${MENDED}.${EVENT_VERSION}`,
  knows: (type, version) => EVENT_TYPES.has(type) && version <= EVENT_VERSION,
}
