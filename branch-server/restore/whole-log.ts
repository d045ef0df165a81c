import type { Sqlite } from '#shared/disk/open.ts'
import type { CatalogueShelf } from '#shared/domain/catalogue.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { Epoch, EpochMs, EventSeq, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import { check } from '../background/tasks.ts'
import { createCatalogueStore } from '../store/catalogues.ts'
import { createEventLog, type Head, hashOf } from '../store/event-log.ts'
import { createProjections } from '../store/projections.ts'

/** Why a backup is not taken as it is: a sentence's end. */
export interface Fault {
  readonly why: string
  /** The first event that is not as it was written; null when the log is sound and the rows are not. */
  readonly fromSeq: number | null
}

/** What the present epoch tells as far as it is whole. */
interface Whole {
  readonly state: BranchState
  readonly head: Head
  /** How each of its tickets stood last. */
  readonly statuses: ReadonlyMap<TicketId, string>
}

interface EpochRow {
  readonly epoch_id: number
  readonly epoch: Epoch
}

const epochsOf = (db: Sqlite): readonly EpochRow[] =>
  db.prepare('select epoch_id, epoch from epoch order by epoch_id').all() as EpochRow[]

/** A former epoch may begin in its middle, when a branch was rebuilt from a device; from there it must chain. */
function faultInFormer(db: Sqlite, { epoch_id: epochId }: EpochRow): Fault | null {
  let prev: string | null = null
  let seq = 0
  const bodies = db.prepare('select body from event where epoch_id = ? order by seq').pluck().iterate(epochId)
  for (const body of bodies as IterableIterator<string>) {
    const event = JSON.parse(body) as StoredEvent
    if (prev !== null && event.prev !== prev && event.seq === seq + 1)
      return { why: `event ${seq} of a former epoch is not the one that was written`, fromSeq: null }
    prev = hashOf(body)
    seq = event.seq
  }
  return null
}

/** Each event with the hash that is told of it: by the next one, and of the last by the head. */
function* named(bodies: Iterable<string>, headHash: string): Generator<{ body: string; told: string }> {
  let body: string | null = null
  for (const next of bodies) {
    if (body !== null) yield { body, told: (JSON.parse(next) as StoredEvent).prev }
    body = next
  }
  if (body !== null) yield { body, told: headHash }
}

/** Folds an epoch as far as each event is the one that the next names, and the last the one that the head names. */
function foldWhole(epoch: Epoch, bodies: Iterable<string>, headHash: string, shelf: CatalogueShelf): Whole {
  let state = emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs })
  const statuses = new Map<TicketId, string>()
  let head: Head | null = null
  for (const { body, told } of named(bodies, headHash)) {
    const bodyHash = hashOf(body)
    if (told !== bodyHash) break
    const event = JSON.parse(body) as StoredEvent
    state = evolve(state, event, shelf)
    head = { epoch, seq: event.seq, hash: bodyHash }
    if (event.type === 'EpochStarted')
      for (const [ticketId, { phase }] of state.tickets) statuses.set(ticketId, phase.status)
    const ticketId = 'ticketId' in event ? event.ticketId : undefined
    const ticket = ticketId === undefined ? undefined : state.tickets.get(ticketId)
    if (ticketId !== undefined && ticket !== undefined) statuses.set(ticketId, ticket.phase.status)
  }
  if (head === null) throw new Error('not even the first event is the one that was written')
  return { state, head, statuses }
}

function readWhole(db: Sqlite): { whole: Whole; head: Head } {
  const log = createEventLog(db)
  const catalogues = createCatalogueStore(db)
  const loaded = createProjections(db, log, catalogues).load()
  if (loaded === null) throw new Error('it has seen nothing of a branch yet')
  const { head } = loaded
  return { whole: foldWhole(head.epoch, log.bodies(head.epoch), head.hash, catalogues.shelf), head }
}

/** Rows say again what their bodies say, and the bodies what the log says. */
function faultInRows(db: Sqlite, { statuses }: Whole): Fault | null {
  const rows = db.prepare(
    "select ticket_id, number, status, json_extract(body, '$.phase.status') as told, json_extract(body, '$.facts.number') as printed from ticket",
  )
  for (const row of rows.iterate() as IterableIterator<Record<string, string>>) {
    const status = statuses.get(row['ticket_id'] as TicketId) ?? row['told']
    if (row['status'] !== status || row['told'] !== status || row['number'] !== row['printed'])
      return { why: `the row of ticket ${row['printed']} is not what the log tells of it`, fromSeq: null }
  }
  return null
}

/** Reads a backup's copy through: the check of every day, the former epochs, and each ticket's row. */
export function faultInBackup(db: Sqlite, file: string): Fault | null {
  const { whole, head } = readWhole(db)
  if (whole.head.seq !== head.seq) {
    const fromSeq = whole.head.seq + 1
    return { why: `event ${fromSeq} of ${head.seq} is not the one that was written`, fromSeq }
  }
  for (const epoch of epochsOf(db)) {
    const fault = epoch.epoch === head.epoch ? null : faultInFormer(db, epoch)
    if (fault !== null) return fault
  }
  const inRows = faultInRows(db, whole)
  if (inRows !== null) return inRows
  const { fault } = check({ kind: 'check', file })
  return fault === null ? null : { why: fault, fromSeq: null }
}

/** Leaves in a backup's copy what the log tells as far as it is whole. @returns the state and place that are left */
export function cutToWhole(db: Sqlite): { state: BranchState; head: Head } {
  const { whole } = readWhole(db)
  const log = createEventLog(db)
  const { epoch, seq } = whole.head
  db.transaction(() => {
    db.prepare('delete from event where epoch_id = ? and seq > ?').run(log.epochId(epoch), seq)
    // Tickets of which only the events that were cut off told.
    const living = db.prepare('select ticket_id from ticket where retained = 1').pluck().all() as TicketId[]
    const drop = db.prepare('delete from ticket where ticket_id = ?')
    for (const ticketId of living) if (!whole.statuses.has(ticketId)) drop.run(ticketId)
    createProjections(db, log, createCatalogueStore(db)).refold({ ...whole.head, seq: seq as EventSeq })
    const right = db.prepare('update ticket set status = ? where ticket_id = ?')
    for (const [ticketId, status] of whole.statuses) right.run(status, ticketId)
    db.exec(
      "update ticket set status = json_extract(body, '$.phase.status') where status is not json_extract(body, '$.phase.status')",
    )
  }).immediate()
  return whole
}
