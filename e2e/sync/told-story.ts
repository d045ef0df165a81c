import { rawCells, TICKET_COLUMNS, ticketRowOf } from '../../branch-server/store/figure-rows.ts'
import type { StoredStory } from '../../branch-server/testing/stored-story.ts'
import { hashOf, readUpload, type UploadedEvent } from '../../cloud-sync/inbox/read-upload.ts'
import { putCatalogue } from '../../cloud-sync/store/catalogue-rows.ts'
import type { Database } from '../../cloud-sync/store/database.ts'
import { readHead, sinceIn } from '../../cloud-sync/store/fold-rows.ts'
import { type BranchIdentity, holdBranch } from '../../cloud-sync/store/inbox.ts'
import { readRollups } from '../../cloud-sync/store/rollup-rows.ts'
import { readRetained, ticketsOf } from '../../cloud-sync/store/ticket-rows.ts'
import type { Cell } from '../../shared/project/cells.ts'
import { DURATIONS, isEmptyTally, type TicketRow } from '../../shared/project/figures.ts'
import { bucketGrain } from '../../shared/project/spread.ts'

/** A part of one epoch of a log, as one upload brings it. */
export interface Piece {
  readonly epoch: string
  readonly events: readonly UploadedEvent[]
}

export function read(bodies: readonly string[]): readonly UploadedEvent[] {
  const events = readUpload(bodies)
  if (typeof events === 'string') throw new Error(events)
  return events
}

/** The whole log of a story, oldest epoch first. */
export const epochsOf = ({ store }: StoredStory): readonly Piece[] =>
  store.log.epochs().map((epoch) => ({ epoch, events: read([...store.log.bodies(epoch)]) }))

/** The same log with other words in it, chained anew. */
export function rechained(
  bodies: readonly string[],
  change: (event: Record<string, unknown>) => object,
): readonly string[] {
  let prev: string | null = null
  return bodies.map((body) => {
    const event = change(JSON.parse(body) as Record<string, unknown>)
    const text: string = JSON.stringify({ ...event, ...(prev !== null && { prev }) })
    prev = hashOf(text)
    return text
  })
}

/** Cells as texts in one order: equal sums give equal texts. */
export const textsOf = (cells: Iterable<Cell>): readonly string[] =>
  [...cells]
    .filter(({ tally }) => !isEmptyTally(tally))
    .map(({ period, dimension, id, tally: { counts, times, spreads } }) => {
      const durations = DURATIONS.map((key) => {
        const { sumMs, countByKey } = spreads[key]
        return [sumMs, [...countByKey].toSorted(([a], [b]) => a - b)]
      })
      return JSON.stringify([period, dimension, id, counts, times, durations])
    })
    .toSorted()

/** What the branch's own file holds: each ticket's row and body, and the figures of all its dates from the rows. */
export function branchSide(story: Pick<StoredStory, 'read'>) {
  return story.read((db) => {
    const rows = db.prepare(`select ticket_id, body, ${TICKET_COLUMNS} from ticket order by ticket_id`).raw().all() as [
      string,
      string,
      ...unknown[],
    ][]
    const living = db.prepare('select ticket_id from ticket where retained = 1 order by ticket_id').pluck().all()
    return {
      /** What the next event may speak of: bounded by the day's work, however long the log is. */
      living: living as readonly string[],
      tickets: rows.map(([ticketId, body, ...values]) => told(ticketId, JSON.parse(body), ticketRowOf(values))),
      figures: textsOf(rawCells(db, '0', '9', bucketGrain).all()),
    }
  })
}

const told = (ticketId: string, ticket: unknown, row: TicketRow): string => JSON.stringify([ticketId, row, ticket])

export async function cloudSide(database: Database, branch: BranchIdentity) {
  const tickets = await ticketsOf(database, branch)
  const cells = await database.asTenant(branch.tenantId, (db) => readRollups(db, branch, null))
  const living = await database.asTenant(branch.tenantId, async (db) =>
    readRetained(db, branch, sinceIn((await readHead(db, branch))?.rest ?? '{}')),
  )
  return {
    living: living.map(([{ facts }]) => facts.ticketId as string).toSorted(),
    tickets: tickets.map(({ ticket, row }) => told(ticket.facts.ticketId, ticket, row)).toSorted(),
    figures: textsOf(cells),
  }
}

export async function sendCatalogues(
  database: Database,
  branch: BranchIdentity,
  { store }: StoredStory,
): Promise<void> {
  for (let version = 1; version <= store.catalogues.latestVersion(); version += 1) {
    const body = store.catalogues.text(version)
    if (body !== null)
      await database.asTenant(branch.tenantId, async (db) => {
        await holdBranch(db, branch)
        await putCatalogue(db, branch, { version, body })
      })
  }
}
