import { dirname } from 'node:path'
import { migrate } from '#shared/disk/migrate.ts'
import { openDurable, type Sqlite } from '#shared/disk/open.ts'
import { openSideBox, type SideBox } from '#shared/disk/side-box.ts'
import { forgetLog } from '#shared/disk/wiping.ts'
import type { LogEvent } from '#shared/domain/events.ts'
import type { BusinessDate, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { isLiving, type Ticket } from '#shared/domain/ticket.ts'
import type { Shift } from '#shared/project/shifts.ts'
import { type AbsenceStore, createAbsenceStore } from './absences.ts'
import { type AgentRightsStore, createAgentRightsStore } from './agent-rights.ts'
import { type AnswerStore, createAnswerStore, type StoredAnswer } from './answers.ts'
import { type AppointmentStore, createAppointmentStore } from './appointments.ts'
import { type AuditStore, createAuditStore } from './audit.ts'
import { type CatalogueStore, createCatalogueStore } from './catalogues.ts'
import { type CloudStore, createCloudStore } from './cloud.ts'
import { createDetailsStore, type DetailsStore } from './customer-details.ts'
import { createDeviceStore, type DeviceStore } from './devices.ts'
import { chain, createEventLog, type EventLog, type Frame, type Head } from './event-log.ts'
import { shiftsOn } from './figure-rows.ts'
import { createNoteStore, type NoteStore } from './notes.ts'
import { createOrderStore, type OrderStore } from './orders.ts'
import { createPinTryStore, type PinTryStore } from './pin-tries.ts'
import { createProjections } from './projections.ts'
import { createRollups, type Rollups } from './rollups.ts'
import { sealOldRows } from './seal-old-rows.ts'
import { createSideTravel, type SideTravel } from './side-travel.ts'
import { createTicketStore, type TicketStore } from './tickets.ts'

/** What one shared commit makes true. */
export interface Batch {
  /** As it was committed before. */
  readonly before: BranchState
  readonly state: BranchState
  readonly events: readonly LogEvent[]
  readonly tickets: ReadonlyMap<TicketId, Ticket>
  readonly answers: Iterable<StoredAnswer>
  /** Further rows of the same transaction: a catalogue's body, a paired device. */
  readonly writes: readonly ((store: Store) => void)[]
}

/** One open database file and everything that speaks SQL. */
export interface Store {
  readonly log: EventLog
  readonly catalogues: CatalogueStore
  readonly devices: DeviceStore
  readonly answers: AnswerStore
  readonly tickets: TicketStore
  readonly notes: NoteStore
  readonly details: DetailsStore
  readonly side: SideTravel
  readonly appointments: AppointmentStore
  readonly absences: AbsenceStore
  readonly cloud: CloudStore
  readonly orders: OrderStore
  readonly pinTries: PinTryStore
  readonly agentRights: AgentRightsStore
  readonly audit: AuditStore
  /** Counter time of a business date. @throws SqliteError */
  shiftsOn(date: BusinessDate): readonly Shift[]
  readonly rollups: Rollups
  /** @throws DamagedError when the disk contradicts itself; null in a new file */
  load(): { state: BranchState; head: Head } | null
  /** What is read meanwhile is read in one transaction: many short reads cost more in locks than in reading. */
  reading(work: () => void): void
  /**
   * Writes a batch in one transaction; when it returns, the batch is on the disk.
   * @throws SqliteError when the disk refuses; nothing of the batch may then be published
   */
  commit(head: Head | null, batch: Batch): { frames: readonly Frame[]; head: Head }
  /** Called now and then: what was erased goes from the write-ahead log, too, once nobody reads an older state. */
  forgetErased(): void
  /** Sums the rows of a file that came without their sums. @throws SqliteError */
  catchUp(state: BranchState): void
  /** Brings everything into the one file, so that it can be moved alone, and closes it. @throws SqliteError */
  closeWhole(): void
  close(): void
}

/** What a customer said of herself is kept no longer than her day, whichever way it ends. */
const isEndOfDay = (type: LogEvent['type']): boolean => type === 'DayClosed' || type === 'DayOpened'

const stillHere =
  ({ tickets }: BranchState) =>
  (ticketId: TicketId): boolean => {
    const ticket = tickets.get(ticketId)
    return ticket !== undefined && isLiving(ticket)
  }

function raiseNoEpoch(): never {
  throw new Error('Nothing can be audited before the first epoch')
}

const MIGRATIONS = new URL('./migrations', import.meta.url).pathname

/**
 * @param keyFolder - where the key lies that seals what customers said; left out: beside the file
 * @throws SqliteError, NewerFileError, or Error when commits would not be durable
 */
export function openStore(file: string, keyFolder: string = dirname(file)): Store {
  const db = openDurable(file)
  try {
    migrate(db, MIGRATIONS)
    const box = openSideBox(keyFolder)
    sealOldRows(db, box)
    return createStore(db, box)
  } catch (error) {
    db.close()
    throw error
  }
}

function createStore(db: Sqlite, box: SideBox): Store {
  const log = createEventLog(db)
  const catalogues = createCatalogueStore(db)
  const answers = createAnswerStore(db)
  let erasedCount = 0
  /** Whoever wrote the log before us may have had no time to forget. */
  let owesForgetting = true
  const noteErased = (): void => {
    erasedCount += 1
  }
  const notes = createNoteStore(db, box, noteErased)
  const details = createDetailsStore(db, box, noteErased)
  const appointments = createAppointmentStore(db)
  const rollups = createRollups(db)
  const projections = createProjections(db, log, catalogues, rollups)
  const store: Store = {
    log,
    catalogues,
    devices: createDeviceStore(db),
    answers,
    tickets: createTicketStore(db),
    notes,
    details,
    side: createSideTravel(db),
    appointments,
    absences: createAbsenceStore(db),
    cloud: createCloudStore(db),
    orders: createOrderStore(db),
    pinTries: createPinTryStore(db),
    agentRights: createAgentRightsStore(db),
    audit: createAuditStore(db, () => log.epochs().at(-1) ?? raiseNoEpoch()),
    shiftsOn: shiftsOn(db),
    rollups,
    load() {
      const loaded = projections.load()
      const isBehind = projections.lacksRollups()
      const folded = loaded === null || !projections.isOfAnotherFold() ? loaded : refold.immediate(loaded.head)
      if (folded !== null && isBehind) catchUp.immediate(folded.state)
      return folded
    },
    reading: (work) => read.deferred(work),
    catchUp: (state) => catchUp.immediate(state),
    commit(head, batch) {
      const before = erasedCount
      const committed = write.immediate(head, batch)
      if (erasedCount === before) return committed
      owesForgetting = true
      // At the end of the day at once; else not on the way of whoever waits for this commit.
      if (batch.events.some(({ type }) => isEndOfDay(type))) store.forgetErased()
      else setImmediate(() => store.forgetErased())
      return committed
    },
    forgetErased() {
      if (db.open && owesForgetting) owesForgetting = !forgetLog(db)
    },
    closeWhole() {
      const [{ busy } = { busy: 1 }] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      if (busy !== 0) throw new Error('Somebody reads the file that is to be moved')
      db.close()
    },
    close() {
      db.close()
    },
  }
  const read = db.transaction((work: () => void) => work())
  const catchUp = db.transaction((state: BranchState) => rollups.catchUp(state))
  const refold = db.transaction((head: Head) => projections.refold(head))
  const write = db.transaction((head: Head | null, batch: Batch) => {
    const { before, state, events, tickets } = batch
    const chained = chain(head, events)
    if (chained.head === null) throw new Error('A log begins with EpochStarted')
    // What is written beside it is of the life that begins.
    for (const event of events) if (event.type === 'EpochStarted') store.audit.begin(event)
    for (const extra of batch.writes) extra(store)
    for (const event of events) {
      if (event.type !== 'DayOpened') continue
      notes.eraseOld(event.atMs)
      appointments.eraseOld(event.atMs)
    }
    if (events.some(({ type }) => isEndOfDay(type))) details.eraseAllBut(stillHere(state))
    log.append(chained.frames)
    if (events.length > 0 || tickets.size > 0) projections.write({ before, state, events, tickets, head: chained.head })
    answers.put(batch.answers, state.now.atMs)
    return { frames: chained.frames, head: chained.head }
  })
  return store
}
