import { migrate } from '#shared/disk/migrate.ts'
import { openDurable } from '#shared/disk/open.ts'
import type { BusinessDate, Series, TicketId } from '#shared/domain/ids.ts'
import type { SlipContent } from '#shared/slip/slip.ts'
import type { PrintedAloneBody } from '#shared/wire/requests.ts'

/** How long an answer to a tap is given again. */
const TAP_KEPT_MS = 24 * 3_600_000
/** Rows kept for staff and for doubts; older ones go, a few with each new one. */
const KEPT_MS = 14 * 24 * 3_600_000
const PRUNED_MAX = 64
const JOBS_LISTED_MAX = 100

export const PRINT_STATES = ['queued', 'sending', 'confirmed', 'sent', 'failed', 'uncertain', 'expired'] as const
export type PrintState = (typeof PRINT_STATES)[number]

export interface PrintJob {
  readonly id: string
  readonly ticketId: TicketId
  readonly number: string
  readonly state: PrintState
  readonly attempts: number
  /** 1 = the original. */
  readonly copy: number
}

export interface StoredJob extends PrintJob {
  readonly slip: SlipContent
}

/** A ticket minted here, with what the branch will want to know of it. */
export interface OfflineTicket {
  readonly paper: PrintedAloneBody
  readonly series: Series
  readonly ordinal: number
  readonly arrivalSteadyMs: number
}

/** The kiosk's own memory: what it promised on paper is here before the paper is. */
export interface KioskStore {
  answerTo(tapKey: string): string | null
  /** Keeps the answer to a tap, and the ticket with it when the kiosk minted it; one durable commit. */
  keep(tapKey: string, body: string, ticket: OfflineTicket | null, job: StoredJob | null, atMs: number): void
  /** 0 when none was printed in this series on that date. */
  lastOrdinal(series: Series, date: BusinessDate): number
  lastArrivalSteadyMs(): number
  /** The oldest papers the branch does not know of yet. */
  notHandedOver(countMax: number): readonly PrintedAloneBody[]
  noteOutcome(ticketId: string, outcome: string): void
  addJob(job: StoredJob, atMs: number): void
  job(id: string): StoredJob | null
  jobs(): readonly PrintJob[]
  setJob(id: string, state: PrintState, attempts: number): void
  close(): void
}

interface JobRow {
  readonly id: string
  readonly ticket_id: TicketId
  readonly number: string
  readonly state: PrintState
  readonly attempts: number
  readonly copy: number
  readonly slip: string
}

const jobOf = (row: JobRow): StoredJob => ({
  id: row.id,
  ticketId: row.ticket_id,
  number: row.number,
  state: row.state,
  attempts: row.attempts,
  copy: row.copy,
  slip: JSON.parse(row.slip) as SlipContent,
})

const MIGRATIONS = new URL('./migrations', import.meta.url).pathname

/** @throws SqliteError when the folder cannot be used */
export function openKioskStore(file: string): KioskStore {
  const db = openDurable(file)
  migrate(db, MIGRATIONS)
  // What was on its way to the printer when the power went may be on paper, or not.
  db.prepare("update print_job set state = 'uncertain' where state = 'sending'").run()
  const getTap = db.prepare('select body from tap where key = ?').pluck()
  const putTap = db.prepare('insert into tap (key, body, at_ms) values (?, ?, ?)')
  const putTicket = db.prepare(
    `insert into offline_ticket (ticket_id, tap_key, number, series, ordinal, business_date, arrival_steady_ms, body)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const last = db.prepare('select max(ordinal) from offline_ticket where business_date = ? and series = ?').pluck()
  const lastArrival = db.prepare('select max(arrival_steady_ms) from offline_ticket').pluck()
  const waiting = db
    .prepare('select body from offline_ticket where outcome is null order by arrival_steady_ms limit ?')
    .pluck()
  const setOutcome = db.prepare('update offline_ticket set outcome = ? where ticket_id = ?')
  const putJob = db.prepare(
    'insert into print_job (id, ticket_id, number, state, attempts, copy, slip, at_ms) values (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const getJob = db.prepare('select * from print_job where id = ?')
  const listJobs = db.prepare(`select * from print_job order by at_ms desc, id desc limit ${JOBS_LISTED_MAX}`)
  const setState = db.prepare('update print_job set state = ?, attempts = ? where id = ?')
  const pruneTaps = db.prepare(
    `delete from tap where key in (select key from tap where at_ms < ? order by at_ms limit ${PRUNED_MAX})`,
  )
  const pruneJobs = db.prepare(
    `delete from print_job where id in (select id from print_job where at_ms < ? order by at_ms limit ${PRUNED_MAX})`,
  )

  function addJob({ id, ticketId, number, state, attempts, copy, slip }: StoredJob, atMs: number): void {
    putJob.run(id, ticketId, number, state, attempts, copy, JSON.stringify(slip), atMs)
  }

  const keep = db.transaction(
    (tapKey: string, body: string, ticket: OfflineTicket | null, job: StoredJob | null, atMs: number) => {
      putTap.run(tapKey, body, atMs)
      if (ticket !== null) {
        const { paper, series, ordinal, arrivalSteadyMs } = ticket
        const place = [series, ordinal, paper.businessDate, arrivalSteadyMs] as const
        putTicket.run(paper.ticketId, paper.tapKey, paper.number, ...place, JSON.stringify(paper))
      }
      if (job !== null) addJob(job, atMs)
      pruneTaps.run(atMs - TAP_KEPT_MS)
      pruneJobs.run(atMs - KEPT_MS)
    },
  )

  return {
    answerTo: (tapKey) => (getTap.get(tapKey) as string | undefined) ?? null,
    keep: (...row) => keep.immediate(...row),
    lastOrdinal: (series, date) => (last.get(date, series) as number | null) ?? 0,
    lastArrivalSteadyMs: () => (lastArrival.get() as number | null) ?? 0,
    notHandedOver: (countMax) =>
      (waiting.all(countMax) as string[]).map((body) => JSON.parse(body) as PrintedAloneBody),
    noteOutcome: (ticketId, outcome) => void setOutcome.run(outcome, ticketId),
    addJob,
    job(id) {
      const row = getJob.get(id) as JobRow | undefined
      return row === undefined ? null : jobOf(row)
    },
    jobs: () => (listJobs.all() as JobRow[]).map(jobOf).map(({ slip: _, ...job }) => job),
    setJob: (id, state, attempts) => void setState.run(state, attempts, id),
    close: () => void db.close(),
  }
}
