import { basename, dirname } from 'node:path'
import { isDamaged } from '#shared/disk/is-damaged.ts'
import { migrate } from '#shared/disk/migrate.ts'
import { openDurable } from '#shared/disk/open.ts'
import { setAside } from '#shared/disk/set-aside.ts'
import { openSideBox } from '#shared/disk/side-box.ts'
import { isWalDamaged } from '#shared/disk/wal.ts'
import type { BusinessDate, Epoch, Series, TicketId } from '#shared/domain/ids.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import type { PaperTrouble } from '#shared/wire/printers.ts'
import type { PrintedAloneBody } from '#shared/wire/requests.ts'
import { keepDetails } from './kept-details.ts'
import { PAPER_DAYS_KEPT, statements } from './kiosk-statements.ts'
import { findPaperTroubles } from './paper-troubles.ts'
import { type JobRow, type Judgement, jobOf, type PrintJob, type PrintState, type StoredJob } from './print-job.ts'
import { bringOverPapers, endJobs } from './salvage-papers.ts'
import { keepDoubts, type TapDoubts } from './tap-doubts.ts'

/** How long an answer to a tap is given again. */
const TAP_KEPT_MS = 24 * 3_600_000
const KEPT_MS = PAPER_DAYS_KEPT * 24 * 3_600_000

/** How a printer is left. */
export interface PrinterLeft {
  /** As in KIOSK_PRINTER: what is known of one printer is not told of another that stands in its place. */
  readonly address: string
  /** Perhaps in the middle of a job. */
  readonly isBroken: boolean
}

/** A ticket minted here, with what the branch will want to know of it. */
export interface OfflineTicket {
  readonly paper: PrintedAloneBody
  /** The branch it was printed for. */
  readonly branchKey: string
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
  /** Of the papers of one branch: another one's steady time is another count. */
  lastArrivalSteadyMs(branchKey: string): number
  /** Numbers up to this one may be on paper although no row says so, because rows were lost; 0 when none were. */
  floor(series: Series, date: BusinessDate): number | null
  setFloor(series: Series, date: BusinessDate, ordinal: number): void
  /** The last business date on which papers may be out that are not in this file; null when the file is whole. */
  lostOn(today: BusinessDate): BusinessDate | null
  /** A paper with this number that the branch does not know of yet. */
  awaiting(number: string): PrintedAloneBody | null
  /** The oldest of its papers that a branch does not know of yet. @param branchKeys - all that the branch has had */
  notHandedOver(branchKeys: readonly string[], countMax: number): readonly PrintedAloneBody[]
  /**
   * The branch stands in this epoch and on this day. In a new epoch it may have lost what it had taken over; on a new
   * day a number that was taken may be free: what was said before is asked again.
   */
  meetBranch(epoch: Epoch, date: BusinessDate): void
  /** What the branch said of a paper; what the customer said of herself is then erased here. */
  noteOutcome(ticketId: string, outcome: string): void
  /** Erases what customers said of themselves on days before this one; their papers are handed over without it. */
  forgetDetails(before: BusinessDate): void
  /** Taps whose answer nobody here has heard yet. */
  doubts(): TapDoubts
  addJob(job: StoredJob, atMs: number): void
  /** Papers of which staff must know. */
  paperTroubles(sinceMs: number): readonly PaperTrouble[]
  job(id: string): StoredJob | null
  jobs(): readonly PrintJob[]
  /** The copy printed last. */
  lastCopy(ticketId: TicketId): number
  /** @param left - how the printer that was tried is left by it; null = none was tried */
  setJob(id: string, state: PrintState, attempts: number, left: PrinterLeft | null): void
  /** What a person says of an uncertain one, once. @returns whether it was hers to say */
  judgeJob(id: string, judgement: Judgement, agentId: string): boolean
  /** How a printer is left by what is no job. */
  leavePrinter(left: PrinterLeft): void
  /** Whether the last job at this printer may have broken off; outlives any number of starts. */
  isBroken(address: string): boolean
  close(): void
}

const MIGRATIONS = new URL('./migrations', import.meta.url).pathname
/** Set when rows were lost: empty, then the date of the first number given since. */
const LOST_KEY = 'lost'
/** The epoch and the day of the branch, as it was last met. */
const MET_KEY = 'met'
/** How the last job left a printer. */
const printerKey = (address: string): string => `printer ${address}`
const floorKey = (series: Series, date: BusinessDate): string => `floor ${series} ${date}`

function openTables(file: string) {
  const db = openDurable(file)
  try {
    migrate(db, MIGRATIONS)
    endJobs(db)
    const details = keepDetails(db, openSideBox(dirname(file)))
    details.sealOld()
    return { db, ...statements(db), details, doubts: keepDoubts(db), troubles: findPaperTroubles(db) }
  } catch (error) {
    db.close()
    throw error
  }
}

type Tables = ReturnType<typeof openTables>

/** Sets a damaged file aside and goes on with what can be read of it. */
function replace(file: string, wallMs: () => number, log: HostLog, error: unknown): Tables {
  const aside = setAside(dirname(file), basename(file), Math.floor(wallMs()))
  const tables = openTables(file)
  const paperCount = bringOverPapers(`${aside}/${basename(file)}`, tables.db)
  tables.details.sealOld()
  endJobs(tables.db)
  tables.putMeta.run(LOST_KEY, '')
  log.error({ err: error, aside, paperCount }, 'the damaged memory of the kiosk was set aside')
  return tables
}

function addJob({ putJob }: Tables, { id, ticketId, number, state, attempts, copy, slip }: StoredJob, atMs: number) {
  putJob.run(id, ticketId, number, state, attempts, copy, JSON.stringify(slip), atMs)
}

type Kept = Parameters<KioskStore['keep']>

function keep(tables: Tables, ...[tapKey, body, ticket, job, atMs]: Kept): void {
  const { db, putTap, putTicket, pruneTaps, prunePapers, pruneJobs } = tables
  db.transaction(() => {
    putTap.run(tapKey, body, atMs)
    tables.doubts.settle(tapKey)
    if (ticket !== null) {
      const { branchKey, series, ordinal, arrivalSteadyMs } = ticket
      const { details, ...paper } = ticket.paper
      if (details !== undefined) tables.details.put(paper.ticketId, details)
      const place = [series, ordinal, paper.businessDate, arrivalSteadyMs] as const
      putTicket.run(paper.ticketId, paper.tapKey, paper.number, ...place, JSON.stringify(paper), branchKey)
      prunePapers.run(paper.businessDate)
    }
    if (job !== null) addJob(tables, job, atMs)
    pruneTaps.run(atMs - TAP_KEPT_MS)
    pruneJobs.run(atMs - KEPT_MS)
  }).immediate()
}

const paperOf = (body: unknown): PrintedAloneBody => JSON.parse(String(body)) as PrintedAloneBody

function noteOutcome({ db, setOutcome, details }: Tables, ticketId: string, outcome: string): void {
  const isForgotten = db
    .transaction(() => {
      setOutcome.run(outcome, ticketId)
      return details.erase(ticketId)
    })
    .immediate()
  if (isForgotten) details.forget()
}

/**
 * Opens the file. One that is damaged, now or later, is set aside; the block then goes on above what may be on paper.
 * @throws SqliteError when the folder cannot be used
 */
export function openKioskStore(file: string, wallMs: () => number, log: HostLog): KioskStore {
  let tables = openSound()

  function openSound(): Tables {
    // A log that lost its end opens all the same: its last commits are simply gone.
    const isShort = isWalDamaged(`${file}-wal`)
    try {
      const opened = openTables(file)
      if (isShort) opened.putMeta.run(LOST_KEY, '')
      return opened
    } catch (error) {
      if (!isDamaged(error)) throw error
      return replace(file, wallMs, log, error)
    }
  }

  return {
    answerTo: (tapKey) => (tables.getTap.get(tapKey) as string | undefined) ?? null,
    keep(...kept) {
      try {
        keep(tables, ...kept)
      } catch (error) {
        if (!isDamaged(error)) throw error
        tables.db.close()
        tables = replace(file, wallMs, log, error)
        keep(tables, ...kept)
      }
    },
    lastOrdinal: (series, date) => (tables.last.get(date, series) as number | null) ?? 0,
    lastArrivalSteadyMs: (branch) => (tables.lastArrival.get({ branch }) as number | null) ?? 0,
    floor(series, date) {
      const text = tables.getMeta.get(floorKey(series, date)) as string | undefined
      return text === undefined ? null : Number(text)
    },
    setFloor: (series, date, ordinal) => void tables.putMeta.run(floorKey(series, date), String(ordinal)),
    lostOn(today) {
      const date = tables.getMeta.get(LOST_KEY) as BusinessDate | undefined
      if (date === '') tables.putMeta.run(LOST_KEY, today)
      return date === undefined ? null : date || today
    },
    awaiting(number) {
      const body = tables.awaiting.get(number)
      return body === undefined ? null : paperOf(body)
    },
    notHandedOver: (branchKeys, max) =>
      tables.waiting
        .all({ branches: JSON.stringify(branchKeys), max })
        .map((body) => tables.details.complete(paperOf(body))),
    meetBranch(epoch, date) {
      const { db, getMeta, putMeta, tellAdoptedAgain, tellRefusedAgain } = tables
      const [knownEpoch, knownDate] = String(getMeta.get(MET_KEY) ?? `${epoch} `).split(' ')
      if (knownEpoch === epoch && knownDate === date) return
      db.transaction(() => {
        if (knownEpoch !== epoch) tellAdoptedAgain.run(date)
        tellRefusedAgain.run(knownDate)
        putMeta.run(MET_KEY, `${epoch} ${date}`)
      }).immediate()
    },
    noteOutcome: (ticketId, outcome) => noteOutcome(tables, ticketId, outcome),
    forgetDetails: (before) => tables.details.forgetBefore(before),
    doubts: () => tables.doubts,
    addJob: (job, atMs) => addJob(tables, job, atMs),
    paperTroubles: (sinceMs) => tables.troubles(sinceMs),
    job(id) {
      const row = tables.getJob.get(id) as JobRow | undefined
      return row === undefined ? null : jobOf(row)
    },
    jobs: () => (tables.listJobs.all() as JobRow[]).map(jobOf).map(({ slip: _, ...job }) => job),
    lastCopy: (ticketId) => (tables.lastCopy.get(ticketId) as number | null) ?? 0,
    setJob(id, state, attempts, left) {
      tables.db
        .transaction(() => {
          tables.setState.run(state, attempts, id)
          if (left !== null) tables.putMeta.run(printerKey(left.address), left.isBroken ? 'broken' : 'whole')
        })
        .immediate()
    },
    judgeJob: (id, judgement, agentId) => tables.judge.run(judgement, agentId, id).changes > 0,
    leavePrinter: ({ address, isBroken }) =>
      void tables.putMeta.run(printerKey(address), isBroken ? 'broken' : 'whole'),
    isBroken: (address) => tables.getMeta.get(printerKey(address)) === 'broken',
    close: () => void tables.db.close(),
  }
}
