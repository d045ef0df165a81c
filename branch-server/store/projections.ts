import type { Sqlite } from '#shared/disk/open.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { Epoch, EpochMs, EventSeq, Sha256, SteadyMs, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type CarriedRest, carryRest, FOLD_VERSION, restoreState, versionsIn } from '#shared/domain/state-json.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import { packPasses } from '#shared/project/passes.ts'
import type { CatalogueStore } from './catalogues.ts'
import { type EventLog, type Head, hashOf } from './event-log.ts'
import { foldEpoch } from './fold-epoch.ts'
import { restText } from './rest-text.ts'
import { createRollups, type Rollups } from './rollups.ts'

/** What a batch leaves behind: the state to come, and each touched ticket as its last event left it. */
export interface Projected {
  readonly before: BranchState
  readonly state: BranchState
  readonly events: readonly LogEvent[]
  readonly tickets: ReadonlyMap<TicketId, Ticket>
  readonly head: Head
}

interface HeadRow {
  readonly epoch: Epoch
  readonly seq: EventSeq
  readonly hash: Sha256
  readonly at_ms: EpochMs
  readonly steady_ms: SteadyMs
  readonly rest: string
}

/** What is on the disk contradicts itself: the file must be set aside and salvaged. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError'
}

export interface Projections {
  /** Inside the caller's transaction. */
  write(projected: Projected): void
  /** The living state as it was committed. @throws DamagedError; null before the first event */
  load(): { state: BranchState; head: Head } | null
  /** Another version folded what is stored: its tickets may lack what this one puts into them. */
  isOfAnotherFold(): boolean
  /** The sums are not of this place in the log: a version that does not know them has written since, or they are new. */
  lacksRollups(): boolean
  /** Inside the caller's transaction: writes the state anew as the log tells it. @throws DamagedError */
  refold(head: Head): { state: BranchState; head: Head }
}

export function createProjections(
  db: Sqlite,
  log: EventLog,
  catalogues: CatalogueStore,
  rollups: Pick<Rollups, 'follow' | 'roll'> = createRollups(db),
): Projections {
  const forget = db.prepare(
    "update ticket set retained = 0 where retained = 1 and status in ('completed', 'no_show', 'cancelled')",
  )
  const upsert = db.prepare(
    `insert into ticket (ticket_id, business_date, number, service_id, status, issued_at_ms, wait_ms, service_ms, retained, body,
       issued_hour, target_ms, to_service_ms, ending, is_training, passes)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (ticket_id) do update set business_date = excluded.business_date, number = excluded.number,
       service_id = excluded.service_id, issued_at_ms = excluded.issued_at_ms, is_training = excluded.is_training,
       status = excluded.status, wait_ms = excluded.wait_ms,
       service_ms = excluded.service_ms, retained = excluded.retained, body = excluded.body,
       issued_hour = excluded.issued_hour, target_ms = excluded.target_ms, to_service_ms = excluded.to_service_ms,
       ending = excluded.ending, passes = excluded.passes`,
  )
  const setHead = db.prepare(
    `insert into head (only, epoch_id, seq, hash, at_ms, steady_ms, rest, rollup_seq) values (1, ?, ?, ?, ?, ?, ?, ?)
     on conflict (only) do update set epoch_id = excluded.epoch_id, seq = excluded.seq, hash = excluded.hash,
       at_ms = excluded.at_ms, steady_ms = excluded.steady_ms, rest = excluded.rest, rollup_seq = excluded.rollup_seq`,
  )
  const getHead = db.prepare(
    'select epoch, seq, hash, at_ms, steady_ms, rest from head join epoch using (epoch_id) where only = 1',
  )
  const lacks = db.prepare('select rollup_seq is not seq from head where only = 1').pluck()
  const isNew = db
    .prepare(
      'select not exists (select 1 from epoch) and not exists (select 1 from event) and not exists (select 1 from ticket)',
    )
    .pluck()
  const retained = db.prepare('select body from ticket where retained = 1').pluck()

  const getFold = db.prepare("select value from meta where key = 'fold_version'").pluck()
  const putFold = db.prepare("insert or replace into meta (key, value) values ('fold_version', ?)")
  const letGo = db.prepare('update ticket set retained = 0 where retained = 1')

  const projections: Projections = {
    write({ before, state, events, tickets, head }) {
      if (events.some((event) => event.type === 'EpochStarted')) putFold.run(String(FOLD_VERSION))
      if (events.some((event) => event.type === 'DayOpened')) forget.run()
      for (const [ticketId, row] of rollups.follow({ before, state, events, tickets, shelf: catalogues.shelf })) {
        const ticket = tickets.get(ticketId)
        if (ticket === undefined) continue
        const { number, issuedAtMs } = ticket.facts
        const isRetained = state.tickets.has(ticketId) ? 1 : 0
        const isTraining = row.isTraining ? 1 : 0
        // biome-ignore format: in the order of the columns
        upsert.run(
          ticketId, row.businessDate, number, row.serviceId, row.status, issuedAtMs, row.waitMs, row.serviceMs,
          isRetained, JSON.stringify(ticket), row.issuedHour, row.targetMs, row.toServiceMs, row.ending, isTraining,
          packPasses(row.passes),
        )
      }
      rollups.roll(events)
      const { atMs, steadyMs } = state.now
      const rest = restText(carryRest(state))
      setHead.run(log.epochId(head.epoch), head.seq, head.hash, atMs, steadyMs, rest, head.seq)
    },
    load() {
      const row = getHead.get() as HeadRow | undefined
      if (row === undefined) {
        if (!isNew.get()) throw new DamagedError('there is a log, but no head')
        return null
      }
      const { epoch, seq, hash, at_ms: atMs, steady_ms: steadyMs } = row
      const frame = log.at(epoch, seq)
      if (frame === null || hashOf(frame.body) !== hash)
        throw new DamagedError(`the last event (${epoch}, ${seq}) is not the one the head names`)
      try {
        const rest = JSON.parse(row.rest) as CarriedRest
        const tickets = (retained.all() as string[]).map((body) => JSON.parse(body) as Ticket)
        for (const version of versionsIn(rest)) catalogues.shelf(version)
        const state = restoreState({ ...rest, tickets }, catalogues.shelf)
        return { state: { ...state, epoch, seq, now: { atMs, steadyMs } }, head: { epoch, seq, hash } }
      } catch (error) {
        if (error instanceof Error && 'code' in error) throw error
        throw new DamagedError(`the stored state cannot be read: ${String(error)}`)
      }
    },
    isOfAnotherFold: () => getFold.get() !== String(FOLD_VERSION),
    lacksRollups: () => lacks.get() === 1,
    refold(head) {
      const { state, seq, fault } = foldEpoch(head.epoch, log.bodies(head.epoch), catalogues.shelf)
      if (fault !== null || seq !== head.seq) throw new DamagedError(fault ?? `the log ends at ${seq}`)
      letGo.run()
      projections.write({ before: state, state, events: [], tickets: new Map(state.tickets.entries()), head })
      putFold.run(String(FOLD_VERSION))
      return { state, head }
    },
  }
  return projections
}
