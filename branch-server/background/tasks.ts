import { isDeepStrictEqual } from 'node:util'
import { openForReading, type Sqlite } from '#shared/disk/open.ts'
import { carryState } from '#shared/domain/state-json.ts'
import { dayReport, type ReportedTicket } from '#shared/project/day-report.ts'
import { createCatalogueStore } from '../store/catalogues.ts'
import { createEventLog, hashOf } from '../store/event-log.ts'
import { foldEpoch } from '../store/fold-epoch.ts'
import { createProjections } from '../store/projections.ts'
import { storageFault } from '../store/storage-fault.ts'
import { type BackupTask, backup, type Pace } from './backup.ts'

/** Long work that must not keep a customer waiting; it reads beside the writer and changes nothing of the branch. */
export type Task =
  | { readonly kind: 'report'; readonly file: string; readonly from: string; readonly to: string }
  | BackupTask
  | { readonly kind: 'check'; readonly file: string }

/** What a check found; `fault` is null when the file tells one consistent story. */
export interface CheckResult {
  readonly eventCount: number
  readonly fault: string | null
}

/** Tickets one report reads at most; a longer span is to be asked in parts. */
const REPORT_TICKETS_MAX = 5_000_000

function reading<Result>(file: string, work: (db: Sqlite) => Result): Result {
  const db = openForReading(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** @returns a DayFigures[] as JSON: ten years of it, made into text by the main thread, would keep every tap waiting */
function report({ file, from, to }: Extract<Task, { kind: 'report' }>): Uint8Array {
  return reading(file, (db) => {
    const rows = db.prepare(
      `select business_date as businessDate, service_id as serviceId, status, wait_ms as waitMs, service_ms as serviceMs
       from ticket where business_date between ? and ? limit ${REPORT_TICKETS_MAX}`,
    )
    return new TextEncoder().encode(
      JSON.stringify(dayReport(rows.iterate(from, to) as IterableIterator<ReportedTicket>)),
    )
  })
}

/**
 * Reads the whole file: SQLite's own check, then the present epoch's chain of hashes from its first event to its head,
 * and whether folding those events gives the state that is stored.
 */
export function check(task: Extract<Task, { kind: 'check' }>): CheckResult {
  try {
    return readThrough(task)
  } catch (error) {
    // What cannot be read, parsed or folded is a fault of the file; only a disk that does not let us in is none.
    const fault = storageFault(error)
    if (fault === 'refused' || fault === 'unknown') throw error
    return { eventCount: 0, fault: String(error) }
  }
}

function readThrough({ file }: Extract<Task, { kind: 'check' }>): CheckResult {
  return reading(file, (db) =>
    // One read transaction, so that a commit meanwhile is no contradiction.
    db.transaction((): CheckResult => {
      const integrity = db.pragma('integrity_check(1)', { simple: true })
      if (integrity !== 'ok') return { eventCount: 0, fault: String(integrity) }
      const log = createEventLog(db)
      const catalogues = createCatalogueStore(db)
      const loaded = createProjections(db, log, catalogues).load()
      if (loaded === null) return { eventCount: 0, fault: null }
      for (const { version, hash, body } of catalogueRows(db))
        if (hashOf(body) !== hash) return { eventCount: 0, fault: `the body of catalogue ${version} was changed` }
      const { head } = loaded
      const { state, seq, fault } = foldEpoch(head.epoch, log.bodies(head.epoch), catalogues.shelf)
      if (fault !== null) return { eventCount: seq, fault }
      const isSame = isDeepStrictEqual(carryState(state), carryState(loaded.state))
      return { eventCount: seq, fault: isSame ? null : 'the stored state is not what the log tells' }
    })(),
  )
}

function catalogueRows(db: Sqlite): IterableIterator<{ version: number; hash: string; body: string }> {
  return db.prepare<[], { version: number; hash: string; body: string }>('select * from catalogue').iterate()
}

/** @returns the result, or a promise of it */
export function runTask(task: Task, pace: Pace): unknown {
  switch (task.kind) {
    case 'report':
      return report(task)
    case 'backup':
      return backup(task, pace)
    case 'check':
      return check(task)
  }
}
