import Database from 'better-sqlite3'
import type { Sqlite } from '#shared/disk/open.ts'
import type { Catalogue } from '#shared/domain/catalogue.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { Epoch, EpochMs, EventSeq, Sha256, SteadyMs } from '#shared/domain/ids.ts'
import { carryState, emptyState, type Snapshot, versionsIn } from '#shared/domain/state-json.ts'
import { type Head, hashOf } from '../store/event-log.ts'
import type { CloudDoor } from '../sync/cloud-door.ts'
import type { Told } from './replay.ts'
import { NothingHeldError, RestoreError } from './restore-error.ts'

// The branch's log, brought down from its cloud into a file such as a device keeps, from which a branch is rebuilt.

/** As `shared/host/migrations` makes them. */
const TABLES = `
  create table snapshot (only integer primary key check (only = 1), body text not null) strict;
  create table event (seq integer primary key, body text not null) strict;
  create table catalogue (version integer primary key, body text not null) strict;
  create table meta (key text primary key, value text not null) strict, without rowid;
  create table kept_event (place integer primary key, epoch text not null, seq integer not null, body text not null) strict;
  create table kept_start (start integer primary key, place integer not null, body text not null) strict;
  create table kept_catalogue (entry integer primary key, place integer not null, version integer not null, body text not null) strict;`

const PATH = '/api/v1/sync/history'
/** A line that is cut is tried again this often, then a person is told. */
const TRIES_MAX = 5

interface HeldEpoch {
  readonly epoch: Epoch
  readonly lastSeq: number
}

interface DownParts {
  readonly door: CloudDoor
  readonly file: string
  readonly pause: (failures: number) => Promise<void>
}

type Answer = Readonly<Record<string, unknown>>

export type Ask = (path: string, body: object) => Promise<Answer | null>

export function createAsk({ door, pause }: Pick<DownParts, 'door' | 'pause'>): Ask {
  return async (path, body) => {
    for (let failures = 1; ; failures += 1) {
      try {
        const answer = await door.post(`${PATH}${path}`, body)
        if (answer.status === 200 && answer.body !== null) return answer.body
        if (answer.status === 404) return null
        if (answer.status < 500)
          throw new RestoreError(
            `The cloud does not give the log of this branch to this box (${String(answer.body?.['code'] ?? answer.status)}); make a new code for it and set BRANCH_ENROLMENT_CODE.`,
          )
        if (failures >= TRIES_MAX) throw new RestoreError(`The cloud is not well (${answer.status}); try again later.`)
      } catch (error) {
        if (error instanceof RestoreError) throw error
        if (failures >= TRIES_MAX)
          throw new RestoreError(`The cloud cannot be reached (${String(error)}); the same command goes on later.`)
      }
      await pause(failures)
    }
  }
}

class Shelf {
  readonly #bodies = new Map<number, Catalogue>()
  readonly #ask: ReturnType<typeof createAsk>
  readonly #keep: (version: number, body: string) => void

  constructor(ask: ReturnType<typeof createAsk>, keep: (version: number, body: string) => void) {
    this.#ask = ask
    this.#keep = keep
  }

  readonly shelf = (version: number): Catalogue => {
    const body = this.#bodies.get(version)
    if (body === undefined) throw new RestoreError(`The cloud lacks catalogue ${version}, of which the log speaks.`)
    return body
  }

  /** Before an event that names it is folded. */
  async bring({ version, hash }: { readonly version: number; readonly hash: string }): Promise<void> {
    const text = (await this.#ask('/catalogue', { hash }))?.['body']
    if (typeof text !== 'string' || hashOf(text) !== hash) {
      if (this.#bodies.has(version)) return
      throw new RestoreError(`The cloud lacks catalogue ${version}, of which the log speaks; nothing was restored.`)
    }
    this.#bodies.set(version, JSON.parse(text) as Catalogue)
    this.#keep(version, text)
  }
}

/** What must be on the shelf for an event. */
function catalogueOf(event: StoredEvent): { readonly version: number; readonly hash: string } | null {
  if (event.type === 'CatalogueApplied') return event
  return event.type === 'EpochStarted' ? event.carried.catalogue : null
}

const NOTHING = emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs })

function snapshotAt({ state, head }: Told, shelf: (version: number) => Catalogue): Snapshot {
  const carried = carryState(state)
  const catalogues = Object.fromEntries(versionsIn(carried).map((version) => [version, shelf(version)]))
  return { epoch: head.epoch, seq: head.seq, headHash: head.hash, now: state.now, carried, catalogues }
}

/** Folds one event onto the one before. @throws RestoreError when it does not follow */
function follow(told: Told | null, text: string, epoch: Epoch, shelf: (version: number) => Catalogue): Told {
  const event = JSON.parse(text) as StoredEvent
  const from = told ?? { state: NOTHING, head: { epoch, seq: 0 as EventSeq, hash: event.prev } }
  if (event.epoch !== epoch || event.seq !== from.head.seq + 1 || event.prev !== from.head.hash)
    throw new RestoreError(`Event ${from.head.seq + 1} at the cloud does not follow on the one before it.`)
  const head: Head = { epoch, seq: event.seq, hash: hashOf(text) }
  return { state: evolve(from.state, event, shelf), head }
}

function createTables(db: Sqlite) {
  db.exec(TABLES)
  return {
    event: db.prepare('insert into kept_event (epoch, seq, body) values (?, ?, ?)'),
    start: db.prepare(
      'insert into kept_start (place, body) values ((select coalesce(max(place), 0) + 1 from kept_event), ?)',
    ),
    catalogue: db.prepare(
      'insert into kept_catalogue (place, version, body) values ((select coalesce(max(place), 0) + 1 from kept_event), ?, ?)',
    ),
    latest: db.prepare('insert or replace into catalogue (version, body) values (?, ?)'),
    snapshot: db.prepare('insert into snapshot (only, body) values (1, ?)'),
    seal: db.prepare("insert into meta (key, value) values ('head', ?)"),
  }
}

async function bringEpoch(
  { epoch, lastSeq }: HeldEpoch,
  ask: ReturnType<typeof createAsk>,
  library: Shelf,
  tables: ReturnType<typeof createTables>,
): Promise<Told | null> {
  let told: Told | null = null
  while ((told?.head.seq ?? 0) < lastSeq) {
    const { events = [] } = (await ask('/events', { epoch, after: told?.head.seq ?? 0 })) ?? {}
    const texts = events as readonly string[]
    if (texts.length === 0) throw new RestoreError(`The cloud lacks events of ${epoch} that it said to keep.`)
    for (const text of texts) {
      const event = JSON.parse(text) as StoredEvent
      const wanted = catalogueOf(event)
      if (wanted !== null) await library.bring(wanted)
      if (told === null) {
        const head: Head = { epoch, seq: 0 as EventSeq, hash: event.prev as Sha256 }
        tables.start.run(JSON.stringify(snapshotAt({ state: NOTHING, head }, library.shelf)))
      }
      told = follow(told, text, epoch, library.shelf)
      tables.event.run(epoch, event.seq, text)
    }
  }
  return told
}

/** Events that the box before had told the cloud of and never brought; null: it did not say. */
function lostIn(answer: Answer | null, { epoch, seq }: Head): Lost | null {
  const present = answer?.['present'] as { epoch: string; seq: number; receivedAtMs: number } | null | undefined
  if (present == null) return null
  return { eventCount: present.epoch === epoch ? Math.max(0, present.seq - seq) : 0, heardAtMs: present.receivedAtMs }
}

/** What the box before did last, as far as anybody knows. */
export interface Lost {
  /** At least so many events are lost. */
  readonly eventCount: number
  /** What it did after this is known to nobody. */
  readonly heardAtMs: number
}

/**
 * Writes all that the cloud holds of the branch into a file that a restore reads as it reads a device's.
 * @throws RestoreError
 */
export async function bringDown(parts: DownParts): Promise<Lost | null> {
  const ask = createAsk(parts)
  const answer = await ask('', {})
  const held = (answer?.['epochs'] ?? []) as readonly HeldEpoch[]
  const db = new Database(parts.file)
  try {
    const tables = createTables(db)
    const library = new Shelf(ask, (version, body) => {
      tables.catalogue.run(version, body)
      tables.latest.run(version, body)
    })
    let last: Told | null = null
    for (const epoch of held) {
      // One commit each: nothing of this file is worth anything before it is whole.
      db.exec('begin')
      last = (await bringEpoch(epoch, ask, library, tables)) ?? last
      db.exec('commit')
    }
    if (last === null)
      throw new NothingHeldError(
        'The cloud holds nothing of this branch yet: nothing was restored; start the branch, with the same code.',
      )
    const { epoch, seq, hash } = last.head
    tables.snapshot.run(JSON.stringify(snapshotAt(last, library.shelf)))
    tables.seal.run(`${epoch};${seq};${hash}`)
    return lostIn(answer, last.head)
  } finally {
    db.close()
  }
}
