import { join } from 'node:path'
import { openKeys } from '../../../branch-server/access/keys.ts'
import { hashOf } from '../../../branch-server/store/event-log.ts'
import type { Store } from '../../../branch-server/store/store.ts'
import type { Sync } from '../../../branch-server/sync/open-sync.ts'
import type { Waist } from '../../../branch-server/waist/execute.ts'
import { DATABASE_NAME, SETTINGS_NAME } from '../../../branch-server/waist/open-branch.ts'
import { openWaist } from '../../../branch-server/waist/open-waist.ts'
import { createSecondCopy, type SecondCopy } from '../../../branch-server/waist/second-copy.ts'
import type { Ask } from '../../../branch-server/waist/settle.ts'
import type { BranchIdentity } from '../../../cloud-sync/store/inbox.ts'
import { openForReading, type Sqlite } from '../../../shared/disk/open.ts'
import type { Epoch } from '../../../shared/domain/ids.ts'
import { BRANCH_ORIGIN } from '../../../shared/domain/step.ts'
import { editCatalogue } from '../../../shared/domain/testing/simulation/catalogue-edits.ts'
import { type Act, askOf, firstCatalogue, nextAct } from '../../power/clients.ts'
import { type Beside, type NoteBook, newNoteBook, openSlowTime } from './beside.ts'
import { CLOUD_STARTS_AT_MS } from './cloud.ts'
import { connect } from './connect.ts'
import { copyDisk, keepSettings, removeDisk } from './disk.ts'
import { type DiskFault, faultyCommit } from './disk-fault.ts'
import { type Line, openLine, type Weather } from './line.ts'
import { listeningLog } from './listening-log.ts'
import { type Luck, openLuck } from './luck.ts'
import type { Timeline } from './timeline.ts'

/** One branch server on its disk, with its clock and its line; it can be killed, put back to an older disk, and copied. */
export interface Box {
  readonly name: string
  readonly identity: BranchIdentity
  /** A box with the same identity and key runs elsewhere. */
  isCloned: boolean
  readonly notes: NoteBook
  waist(): Waist
  sync(): Sync
  /** People at the branch do so many things at once. @param areEdits - whether some of them edit the catalogue */
  act(count: number, areEdits?: boolean): Promise<void>
  editCatalogue(): Promise<void>
  confirmClock(): Promise<void>
  /** Rows in a commit of their own. @returns whether they were committed */
  write(writes: (store: Store) => void): Promise<boolean>
  /** What is told every minute is told so from now on. */
  quicken(): void
  /** The program is killed and starts again from the files as they lie. */
  crash(): Promise<void>
  planFault(fault: DiskFault): void
  setClock(aheadMs: number): void
  setWeather(weather: Weather): void
  /** Keeps the disk as it is now. */
  backUp(): void
  /** Starts from the disk as it was kept; a kiosk that has seen more tells the branch so. @returns whether it could */
  putBack(isWhole: boolean): Promise<boolean>
  clone(): Promise<Box>
  /** Looks into the branch's own file. */
  read<Result>(work: (db: Sqlite) => Result): Result
  close(): Promise<void>
}

interface BoxParts {
  readonly name: string
  readonly seed: number
  readonly timeline: Timeline
  readonly serve: Parameters<typeof openLine>[0]['serve']
  readonly identity: BranchIdentity
  readonly folder: string
  readonly beside?: Beside
  /** What went wrong that no fault of the world explains. */
  readonly complain: (what: string) => void
}

class SimulatedBox implements Box {
  readonly name: string
  readonly identity: BranchIdentity
  isCloned = false
  readonly notes = newNoteBook()
  readonly #parts: BoxParts
  readonly #luck: Luck
  readonly #line: Line
  readonly #slow: ReturnType<typeof openSlowTime>
  #folder: string
  #backup: string | null = null
  #aheadMs = 0
  #bootedAtMs = 0
  #fault: DiskFault | null = null
  #isDying = false
  #acts = 0
  #lives = 0
  #clones = 0
  #waist!: Waist
  #copy!: SecondCopy
  #sync!: ReturnType<typeof connect>
  #unanswered: Ask[] = []

  constructor(parts: BoxParts) {
    const { name, seed, timeline, serve } = parts
    this.name = name
    this.identity = parts.identity
    this.#parts = parts
    this.#folder = parts.folder
    this.#slow = openSlowTime(timeline)
    this.#luck = openLuck(seed, name)
    this.#line = openLine({ name, timeline, luck: openLuck(seed, `${name} line`), serve })
    this.#start()
  }

  waist = (): Waist => this.#waist
  sync = (): Sync => this.#sync

  #start(): void {
    const { timeline, seed, complain, beside = 'nothing' } = this.#parts
    this.#lives += 1
    this.#bootedAtMs = timeline.nowMs()
    const luck = openLuck(seed, `${this.name} life ${this.#lives}`)
    const wallMs = (): number => CLOUD_STARTS_AT_MS + timeline.nowMs() + this.#aheadMs
    const log = listeningLog(this.name, timeline, complain)
    const folder = this.#folder
    const clocks = { wallMs, monotonicMs: () => timeline.nowMs() - this.#bootedAtMs }
    const newEpoch = (): Epoch => `epoch-${this.name}-${luck.between(0, 1_000_000_000)}` as Epoch
    const commit = faultyCommit(
      () => {
        const fault = this.#fault
        this.#fault = null
        return fault
      },
      () => {
        this.#isDying = true
      },
    )
    const { waist, readClock } = openWaist({ folder, clocks, log, newEpoch }, commit)
    this.#waist = waist
    this.#copy = createSecondCopy(this.#waist, join(folder, SETTINGS_NAME), log)
    this.#sync = connect({
      identity: this.identity,
      waist: this.#waist,
      keys: openKeys(folder, 'simulated'),
      wallMs,
      log,
      outside: { fetch: this.#line.fetch, random: luck.draw, pause: timeline.pause },
      beside: { kind: beside, slow: this.#slow, readClock, write: (writes) => this.#write(writes) },
    })
    const { head } = this.#waist.branch()
    timeline.note(this.name, 'starts', `at ${head.epoch} ${head.seq} ${head.hash}`)
  }

  async #ask(asks: readonly Ask[]): Promise<void> {
    const { timeline } = this.#parts
    const replies = await timeline.during(Promise.all(asks.map((ask) => this.#waist.execute(ask))))
    // What is written behind is on the disk before anything else can happen.
    await timeline.during(this.#copy.close())
    const { head } = this.#waist.branch()
    for (const { status } of replies) timeline.note(this.name, `answers ${status}`)
    timeline.note(this.name, 'has answered', `at ${head.seq} ${head.hash}`)
    if (!this.#isDying) return
    // Whoever asked heard nothing: they ask again with the same key.
    this.#unanswered = [...asks]
    await this.crash()
  }

  async act(count: number, areEdits = true): Promise<void> {
    const { state } = this.#waist.branch()
    const acts: Act[] =
      state.catalogue === null
        ? [firstCatalogue(`${this.name}-first`)]
        : Array.from({ length: count }, () => nextAct(`${this.name}-${this.#next()}`, state, this.#luck.draw))
    await this.#ask(acts.filter(({ kind }) => areEdits || kind !== 'catalogue').map(askOf))
  }

  #next(): number {
    this.#acts += 1
    return this.#acts
  }

  async editCatalogue(): Promise<void> {
    const before = this.#waist.branch().state.catalogue?.body
    if (before === undefined) return
    const catalogue = editCatalogue(before, this.#luck.between(0, 1_000), this.#luck.between(0, 1_000))
    const text = JSON.stringify(catalogue)
    let version = 0
    await this.#ask([
      {
        ...{ origin: { kind: 'installer', deviceId: 'installer' as never }, idempotency: null, bookmark: null },
        command: ({ store }) => {
          version = store.catalogues.latestVersion() + 1
          store.catalogues.stage(version, catalogue)
          return { type: 'ApplyCatalogue', version, hash: hashOf(text) }
        },
        answer: () => ({ status: 200, body: {} }),
        writes: (store) => store.catalogues.put(version, hashOf(text), text, new Map()),
      },
    ])
  }

  async confirmClock(): Promise<void> {
    await this.#ask([
      {
        ...{ origin: { kind: 'installer', deviceId: 'installer' as never }, idempotency: null, bookmark: null },
        command: { type: 'ConfirmClock', by: 'staff' },
        answer: () => ({ status: 200, body: {} }),
      },
    ])
  }

  async #write(writes: (store: Store) => void): Promise<boolean> {
    const { during } = this.#parts.timeline
    const keep = { origin: BRANCH_ORIGIN, command: { type: 'KeepTime' }, idempotency: null, bookmark: null } as const
    const { status } = await during(this.#waist.execute({ ...keep, answer: () => ({ status: 200, body: '' }), writes }))
    await during(this.#copy.close())
    return status === 200
  }

  async write(writes: (store: Store) => void): Promise<boolean> {
    const isWritten = await this.#write(writes)
    if (this.#isDying) await this.crash()
    return isWritten
  }

  quicken(): void {
    this.#slow.quicken()
    this.#sync.wake()
  }

  async #stop(): Promise<void> {
    this.#isDying = false
    this.#fault = null
    await this.#parts.timeline.during(this.#sync.close())
    this.#waist.branch().store.close()
  }

  async crash(): Promise<void> {
    this.#parts.timeline.note(this.name, 'is killed')
    const found = copyDisk(this.#folder, this.name)
    await this.#stop()
    removeDisk(this.#folder)
    this.#folder = found
    this.#start()
    const again = this.#unanswered.splice(0)
    if (again.length > 0) await this.#ask(again)
  }

  planFault(fault: DiskFault): void {
    this.#fault = fault
  }

  setClock(aheadMs: number): void {
    this.#aheadMs = aheadMs
  }

  setWeather(weather: Weather): void {
    this.#line.setWeather(weather)
  }

  backUp(): void {
    if (this.#backup !== null) removeDisk(this.#backup)
    this.#backup = copyDisk(this.#folder, this.name)
  }

  async putBack(isWhole: boolean): Promise<boolean> {
    if (this.#backup === null) return false
    this.notes.wasPutBack = true
    this.notes.erasedHere.clear()
    const { timeline } = this.#parts
    const { head } = this.#waist.branch()
    timeline.note(this.name, isWhole ? 'is put back' : 'is put back, its second copy stays')
    await this.#stop()
    const older = copyDisk(this.#backup, this.name)
    if (!isWhole) keepSettings(this.#folder, older)
    removeDisk(this.#folder)
    this.#folder = older
    this.#start()
    const bookmark = { epoch: head.epoch, seq: head.seq, headHash: head.hash }
    await timeline.during(this.#waist.present({ bookmark, seen: null }))
    return true
  }

  async clone(): Promise<Box> {
    this.#clones += 1
    const name = `${this.name}-clone-${this.#clones}`
    this.#parts.timeline.note(this.name, 'is copied')
    this.isCloned = true
    const box = new SimulatedBox({ ...this.#parts, name, folder: copyDisk(this.#folder, name) })
    box.isCloned = true
    return box
  }

  read<Result>(work: (db: Sqlite) => Result): Result {
    const db = openForReading(join(this.#folder, DATABASE_NAME))
    try {
      return work(db)
    } finally {
      db.close()
    }
  }

  async close(): Promise<void> {
    await this.#stop()
    for (const folder of [this.#folder, this.#backup]) if (folder !== null) removeDisk(folder)
  }
}

export const openBox = (parts: BoxParts): Box => new SimulatedBox(parts)
