import type { CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { LogEvent, StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import { changeTicket, type TicketLogEvent } from '#shared/domain/evolve-ticket.ts'
import type { EventSeq, TicketId } from '#shared/domain/ids.ts'
import { leaveLine } from '#shared/domain/line.ts'
import { type BranchState, lineOf } from '#shared/domain/state.ts'
import { entryOf, type Ticket } from '#shared/domain/ticket.ts'
import { type Cells, createCells } from '#shared/project/cells.ts'
import { sharesOf, sharesOfShift, type TicketRow } from '#shared/project/figures.ts'
import { keepShifts, SHIFT_EVENTS, type Shift } from '#shared/project/shifts.ts'
import { bucketGrain } from '#shared/project/spread.ts'
import { isTicketEvent, rowAfter, rowAsCarried } from '#shared/project/ticket-row.ts'
import type { FoldGiven, FoldStep, LineEvent, SetAside, Touched } from './fold-step.ts'
import { CatalogueMissingError, type Folded, type Former, type KeptRow, shelfOf, type Trouble } from './folded.ts'
import { faultOfEvent, faultOfRow, faultOfShift } from './is-well.ts'

const ticketIdOf = ({ event }: LineEvent): string => (typeof event['ticketId'] === 'string' ? event['ticketId'] : '')

/** Types of which it is counted how often they were passed over; the rest are one. */
const TYPES_MAX = 50
const OTHER_TYPES = 'others'

class Fold {
  readonly #given: FoldGiven
  readonly #rows: Map<TicketId, KeptRow>
  readonly #tickets = new Map<TicketId, Ticket>()
  readonly #aside: Set<string>
  readonly #hashByVersion: Map<number, string>
  readonly #before = new Map<TicketId, TicketRow | null>()
  readonly touched = new Map<TicketId, Touched>()
  readonly ended: (Shift & { ord: number })[] = []
  readonly setAside: SetAside[] = []
  readonly marks: Folded[] = []
  readonly former: (Former & { ord: number; ticketId: TicketId })[] = []
  #trouble: Trouble
  #state: BranchState
  #shifts: ReadonlyMap<string, Shift>
  #ord: number
  #sinceOrd: number | null

  constructor(start: Folded, given: FoldGiven) {
    this.#given = given
    this.#rows = new Map([...given.former, ...start.rows])
    this.#aside = new Set(given.aside)
    this.#hashByVersion = new Map(start.hashByVersion)
    this.#state = start.state
    this.#shifts = start.shifts
    this.#ord = start.ord
    this.#sinceOrd = start.sinceOrd
    this.#trouble = start.trouble
  }

  take(line: LineEvent): void {
    this.#ord += 1
    if (!this.#given.reading.knows(line.type, line.version)) {
      this.#noteType(line.type)
      this.#passOver(line)
      return
    }
    const ticketId = ticketIdOf(line)
    if (ticketId !== '' && this.#aside.has(ticketId)) {
      this.#passOver(line)
      return
    }
    try {
      const fault = this.#given.refused?.has(this.#ord) === true ? 'its effect was refused' : faultOfEvent(line.event)
      if (fault !== null) throw new Error(fault)
      this.#effect(line.event as unknown as StoredEvent)
    } catch (error) {
      this.#putAside(line, ticketId, error instanceof Error ? error.message : String(error))
    }
  }

  #noteTrouble(change: Partial<Trouble> = {}): void {
    this.#trouble = { ...this.#trouble, ord: this.#trouble.ord ?? this.#ord, ...change }
  }

  #noteType(type: string): void {
    const { types } = this.#trouble
    const name = type in types || Object.keys(types).length < TYPES_MAX ? type : OTHER_TYPES
    this.#noteTrouble({ types: { ...types, [name]: (types[name] ?? 0) + 1 } })
  }

  #noteMissing(catalogue: string): void {
    const { catalogues } = this.#trouble
    this.#noteTrouble({ catalogues: [...new Set([...catalogues, catalogue])].slice(-TYPES_MAX) })
  }

  #passOver({ epoch, seq }: Pick<LineEvent, 'epoch' | 'seq'>): void {
    this.#noteTrouble()
    this.#state = { ...this.#state, epoch: epoch as BranchState['epoch'], seq: seq as EventSeq }
  }

  /** All of an event's effect, or nothing. */
  #effect(event: LogEvent): void {
    if (event.type === 'CatalogueApplied') this.#applyCatalogue(event)
    else if (event.type === 'EpochStarted') this.#startEpoch(event)
    else this.#change(event)
  }

  #change(event: LogEvent): void {
    const state = evolve(this.#state, event, shelfOf(this.#hashByVersion, this.#given.library))
    const change = isTicketEvent(event) ? this.#changeOf(event, state) : null
    if (SHIFT_EVENTS.has(event.type))
      this.#takeShifts(keepShifts({ openByCounter: this.#shifts, ended: [] }, event, state.day?.date ?? ''))
    this.#state = state
    if (change !== null) this.#put(change.ticket, change.kept)
    if (event.type === 'DayOpened') this.#mark()
  }

  #takeShifts({ openByCounter, ended }: ReturnType<typeof keepShifts>): void {
    for (const shift of ended) {
      const fault = faultOfShift(shift)
      if (fault !== null) throw new Error(fault)
    }
    this.#shifts = openByCounter
    for (const shift of ended) this.ended.push({ ...shift, ord: this.#ord })
  }

  #changeOf(event: TicketLogEvent, state: BranchState): { ticket: Ticket; kept: KeptRow } | null {
    const { ticketId } = event
    const known = this.#rows.get(ticketId)
    const ticket = state.tickets.get(ticketId) ?? this.#lateTicket(event)
    if (ticket === null) return null
    const row = rowAfter(known?.row ?? null, event, ticket, state)
    const fault = faultOfRow(ticketId, ticket.facts.number, row)
    if (fault !== null) throw new Error(fault)
    return { ticket, kept: { row, bornOrd: known?.bornOrd ?? this.#ord } }
  }

  /** An entry made later of a ticket whose day is over. */
  #lateTicket(event: TicketLogEvent): Ticket | null {
    const { ticketId } = event
    const kept = this.#rows.get(ticketId)
    const was = this.#tickets.get(ticketId) ?? this.#given.former.get(ticketId)?.ticket
    if (event.type !== 'TicketRecorded' || kept === undefined || was === undefined) return null
    this.former.push({ ...kept, ticket: was, ord: this.#ord, ticketId })
    return changeTicket(was, event)
  }

  #put(ticket: Ticket, kept: KeptRow, isSetAside = false): void {
    const { ticketId } = ticket.facts
    if (!this.#before.has(ticketId)) this.#before.set(ticketId, this.#rows.get(ticketId)?.row ?? null)
    this.#rows.set(ticketId, kept)
    this.#tickets.set(ticketId, ticket)
    this.touched.set(ticketId, { ...kept, ticket, changedOrd: this.#ord, isSetAside })
  }

  #applyCatalogue(event: Extract<LogEvent, { type: 'CatalogueApplied' }>): void {
    const { version, hash, epoch, seq } = event
    const hashes = new Map(this.#hashByVersion).set(version, hash)
    try {
      this.#state = evolve(this.#state, event, shelfOf(hashes, this.#given.library))
      this.#hashByVersion.set(version, hash)
    } catch (error) {
      if (!(error instanceof CatalogueMissingError)) throw error
      // The log goes on by the catalogue before; once the body has come, it is read again from here.
      this.#noteMissing(error.missing)
      this.#passOver({ epoch, seq })
    }
  }

  #startEpoch(event: Extract<LogEvent, { type: 'EpochStarted' }>): void {
    const { catalogue } = event.carried
    const hashes = new Map(this.#hashByVersion)
    if (catalogue !== null) hashes.set(catalogue.version, catalogue.hash)
    const state = this.#carriedState(event, shelfOf(hashes, this.#given.library))
    const rows = state.tickets.valueSeq().map((ticket): [Ticket, KeptRow] => {
      const { ticketId, number } = ticket.facts
      const known = this.#rows.get(ticketId)
      const row = rowAsCarried(known?.row ?? null, ticket, state)
      const fault = faultOfRow(ticketId, number, row)
      if (fault !== null) throw new Error(fault)
      return [ticket, { row, bornOrd: known?.bornOrd ?? this.#ord }]
    })
    const carried = rows.toArray()
    this.#takeShifts(keepShifts({ openByCounter: this.#shifts, ended: [] }, event, ''))
    this.#state = state
    for (const [version, hash] of hashes) this.#hashByVersion.set(version, hash)
    for (const [ticket, kept] of carried) this.#put(ticket, kept)
    this.#mark()
  }

  /** Here the state has let go of tickets. */
  #mark(): void {
    this.#sinceOrd = this.#ord
    this.marks.push(this.folded())
  }

  #carriedState(event: Extract<LogEvent, { type: 'EpochStarted' }>, shelf: CatalogueShelf): BranchState {
    try {
      return evolve(this.#state, event, shelf)
    } catch (error) {
      if (!(error instanceof CatalogueMissingError)) throw error
      this.#noteMissing(error.missing)
      const retired = { services: [], queues: [], counters: [], agents: [] }
      return evolve(this.#state, { ...event, carried: { ...event.carried, catalogue: null, retired } }, shelf)
    }
  }

  /** The event is kept raw; its ticket is in no figure until somebody has looked, and the rest goes on. */
  #putAside(line: LineEvent, ticketId: string, reason: string): void {
    const { epoch, seq, type } = line
    const id = ticketId as TicketId
    this.setAside.push({ epoch, seq, ord: this.#ord, ticketId, type, reason })
    this.#passOver(line)
    if (ticketId === '') return
    this.#aside.add(ticketId)
    const kept = this.#rows.get(id)
    const ticket = this.#state.tickets.get(id) ?? this.#tickets.get(id) ?? this.#given.former.get(id)?.ticket
    if (kept !== undefined && ticket !== undefined) this.#put(ticket, kept, true)
    this.#state = withoutTicket(this.#state, id)
  }

  folded(): Folded {
    const tickets = this.#state.tickets
    return {
      ord: this.#ord,
      state: this.#state,
      shifts: this.#shifts,
      rows: new Map([...this.#rows].filter(([id]) => tickets.has(id))),
      hashByVersion: new Map(this.#hashByVersion),
      trouble: this.#trouble,
      sinceOrd: this.#sinceOrd,
    }
  }

  cells(): Cells {
    const cells = createCells(bucketGrain)
    for (const [ticketId, { row, isSetAside }] of this.touched) {
      const before = this.#before.get(ticketId) ?? null
      if (before !== null) for (const share of sharesOf(before)) cells.add(before.businessDate, share, -1)
      if (!isSetAside) for (const share of sharesOf(row)) cells.add(row.businessDate, share)
    }
    for (const shift of this.ended)
      if (shift.businessDate !== '') for (const share of sharesOfShift(shift)) cells.add(shift.businessDate, share)
    return cells
  }
}

function withoutTicket(state: BranchState, ticketId: TicketId): BranchState {
  const ticket = state.tickets.get(ticketId)
  if (ticket === undefined) return state
  const { facts, phase } = ticket
  const line = lineOf(state, facts.queueId)
  const left = phase.status === 'waiting' ? leaveLine(line, entryOf(facts)) : line
  return {
    ...state,
    tickets: state.tickets.delete(ticketId),
    lines: left.length === 0 ? state.lines.delete(facts.queueId) : state.lines.set(facts.queueId, left),
    openCounters: state.openCounters.map((open) => (open.ticketId === ticketId ? { ...open, ticketId: null } : open)),
  }
}

/**
 * Folds events of a branch's line with the branch's own code, so that the cloud comes to the branch's own tickets and
 * figures. Pure and total: an event whose effect cannot be had is passed over and told, and its ticket set aside.
 */
export function foldEvents(start: Folded, events: readonly LineEvent[], given: FoldGiven): FoldStep {
  const fold = new Fold(start, given)
  for (const event of events) fold.take(event)
  const { touched, ended, setAside, marks, former } = fold
  return { folded: fold.folded(), touched, ended, cells: () => fold.cells(), setAside, marks, former }
}
