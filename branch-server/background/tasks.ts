import { isDeepStrictEqual } from 'node:util'
import { openForReading, type Sqlite } from '#shared/disk/open.ts'
import type { Language } from '#shared/domain/ids.ts'
import { carryState } from '#shared/domain/state-json.ts'
import { BYTE_ORDER_MARK } from '#shared/project/csv.ts'
import { dayReport, type ReportedTicket } from '#shared/project/day-report.ts'
import { figuresCsv, tableJson, todayJson } from '#shared/project/figure-report.ts'
import { type FigureQuestion, figureReport } from '../reports/figure-report.ts'
import { createCatalogueStore } from '../store/catalogues.ts'
import { wrongPeriods } from '../store/check-rollups.ts'
import { createEventLog, hashOf } from '../store/event-log.ts'
import { foldEpoch } from '../store/fold-epoch.ts'
import { createProjections } from '../store/projections.ts'
import { storageFault } from '../store/storage-fault.ts'
import { type BackupTask, backup, type Pace } from './backup.ts'

/** Long work that must not keep a customer waiting; it reads beside the writer and changes nothing of the branch. */
export type Task =
  | ({ readonly kind: 'figures'; readonly file: string } & FigureTask)
  | { readonly kind: 'report'; readonly file: string; readonly from: string; readonly to: string }
  | BackupTask
  | { readonly kind: 'check'; readonly file: string }

/** A report, and the form it is wanted in. */
export interface FigureTask extends FigureQuestion {
  readonly format: 'json' | 'today' | 'csv' | 'pdf'
  /** null: the branch's own. */
  readonly language: Language | null
  /** When it is made. */
  readonly nowMs: number
}

/** What a check found; `fault` is null when the file tells one consistent story. */
export interface CheckResult {
  readonly eventCount: number
  readonly fault: string | null
  /** Dates, then months, whose sums are not those of their rows: the log is sound, the sums are to be made anew. */
  readonly wrongPeriods: readonly string[]
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
       from ticket where business_date between ? and ? and is_training = 0 and ending is not 'superseded'
       limit ${REPORT_TICKETS_MAX}`,
    )
    return new TextEncoder().encode(
      JSON.stringify(dayReport(rows.iterate(from, to) as IterableIterator<ReportedTicket>)),
    )
  })
}

/** The report as it goes out: written here, so that the main thread sends bytes and builds nothing. */
async function figures(task: Extract<Task, { kind: 'figures' }>): Promise<Uint8Array> {
  const found = reading(task.file, (db) => figureReport(db, task))
  const language = task.language ?? found.defaultLanguage
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  switch (task.format) {
    case 'json':
      return bytes(JSON.stringify(tableJson(found)))
    case 'today':
      return bytes(JSON.stringify(todayJson(found)))
    case 'csv':
      return bytes(BYTE_ORDER_MARK + figuresCsv(found, language))
    case 'pdf': {
      // Only who wants paper pays for what draws it.
      const { figuresPdf } = await import('#shared/pdf/figures-pdf.ts')
      return figuresPdf(found, language, task.nowMs)
    }
  }
}

/**
 * Reads the whole file: SQLite's own check, then the present epoch's chain of hashes from its first event to its head,
 * whether folding those events gives the state that is stored, and whether the sums of each date are those of its rows.
 */
export function check(task: Extract<Task, { kind: 'check' }>): CheckResult {
  try {
    return readThrough(task)
  } catch (error) {
    // What cannot be read, parsed or folded is a fault of the file; only a disk that does not let us in is none.
    const fault = storageFault(error)
    if (fault === 'refused' || fault === 'unknown') throw error
    return faulty(String(error))
  }
}

const faulty = (fault: string, eventCount = 0): CheckResult => ({ eventCount, fault, wrongPeriods: [] })

function readThrough({ file }: Extract<Task, { kind: 'check' }>): CheckResult {
  return reading(file, (db) =>
    // One read transaction, so that a commit meanwhile is no contradiction.
    db.transaction((): CheckResult => {
      const integrity = db.pragma('integrity_check(1)', { simple: true })
      if (integrity !== 'ok') return faulty(String(integrity))
      const log = createEventLog(db)
      const catalogues = createCatalogueStore(db)
      const loaded = createProjections(db, log, catalogues).load()
      if (loaded === null) return { eventCount: 0, fault: null, wrongPeriods: [] }
      for (const { version, hash, body } of catalogueRows(db))
        if (hashOf(body) !== hash) return faulty(`the body of catalogue ${version} was changed`)
      const { head } = loaded
      const { state, seq, fault } = foldEpoch(head.epoch, log.bodies(head.epoch), catalogues.shelf)
      if (fault !== null) return faulty(fault, seq)
      const isSame = isDeepStrictEqual(carryState(state), carryState(loaded.state))
      if (!isSame) return faulty('the stored state is not what the log tells', seq)
      return { eventCount: seq, fault: null, wrongPeriods: wrongPeriods(db) }
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
    case 'figures':
      return figures(task)
    case 'backup':
      return backup(task, pace)
    case 'check':
      return check(task)
  }
}
