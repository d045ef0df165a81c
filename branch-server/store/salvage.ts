import Database from 'better-sqlite3'
import type { Sqlite } from '#shared/disk/open.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { BusinessDate, Epoch, EpochMs, EventSeq, Series, Sha256, SteadyMs } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import type { BranchState, Ticket } from '#shared/domain/state.ts'
import { type CarriedRest, emptyState, restoreState } from '#shared/domain/state-json.ts'
import { type Head, hashOf } from './event-log.ts'
import type { Settings } from './settings-copy.ts'
import { openStore, type Store } from './store.ts'

/** History beyond this is left in the file that was set aside: issuing again comes first. */
const HISTORY_MS_MAX = 25_000
/** Longer epochs are not folded from their first event; what was projected is taken. */
const FOLD_MAX = 200_000
/** How often one table is entered again behind a page that cannot be read. */
const REENTRIES_MAX = 48

type Row = Record<string, unknown>

/** What could be brought over: a new file with it, and the state it stands for. */
export interface Salvaged {
  readonly store: Store
  readonly state: BranchState
  readonly parent: Head | null
  /** The log chained without a break to its last event. */
  readonly isWhole: boolean
  readonly seen: readonly SeenNumbers[]
}

function tryOpen(file: string): Sqlite | null {
  try {
    const db = new Database(file)
    db.prepare('select count(*) from sqlite_schema').get()
    return db
  } catch {
    return null
  }
}

/**
 * Every row that can be read, in the order of one whole-number key. Behind a page that cannot be read the table is
 * entered again further on, by ever longer strides.
 */
function* readable(db: Sqlite | null, sql: string, key: string, from = 0): Generator<Row> {
  if (db === null) return
  let last = from
  for (let entry = 0, stride = 1; entry < REENTRIES_MAX; entry += 1, stride *= 2) {
    try {
      for (const row of db.prepare(sql).iterate(last) as IterableIterator<Row>) {
        last = Number(row[key])
        stride = 1
        yield row
      }
      return
    } catch {
      last += stride
    }
  }
}

function allRows(db: Sqlite | null, table: string): readonly Row[] {
  try {
    return (db?.prepare(`select * from ${table}`).all() as Row[] | undefined) ?? []
  } catch {
    return []
  }
}

/** Copies rows as they are; a row that does not fit is left behind. */
function copyRows(target: Sqlite, table: string, rows: Iterable<Row>, untilMs: () => boolean): number {
  let copied = 0
  for (const row of rows) {
    if (untilMs()) break
    const columns = Object.keys(row)
    try {
      target
        .prepare(`insert or ignore into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
        .run(...Object.values(row))
      copied += 1
    } catch {
      // One row that lies is not worth the others.
    }
  }
  return copied
}

/** The last epoch's events as far as they chain, folded; null when it cannot be folded from its first event. */
function foldLog(
  old: Sqlite,
  store: Store,
  epochId: number,
  epoch: Epoch,
): { state: BranchState; whole: boolean; head: Head } | null {
  let state = emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs })
  let head = null as Head | null
  let whole = true
  const sql = `select seq, body from event where epoch_id = ${epochId} and seq > ? order by seq`
  for (const row of readable(old, sql, 'seq')) {
    try {
      const body = String(row['body'])
      const event = JSON.parse(body) as StoredEvent
      const isNext = event.seq === (head?.seq ?? 0) + 1 && (head === null || event.prev === head.hash)
      if (!isNext) whole = false
      state = evolve(state, event, store.catalogues.shelf)
      head = { epoch, seq: event.seq, hash: hashOf(body) }
    } catch {
      whole = false
    }
    if ((head?.seq ?? 0) > FOLD_MAX) return null
  }
  return head === null || state.epoch === null ? null : { state, whole, head }
}

/** The state as it was projected, if that can be read. */
function readProjected(old: Sqlite, store: Store): { state: BranchState; head: Head } | null {
  try {
    const row = old
      .prepare('select epoch, seq, hash, at_ms, steady_ms, rest from head join epoch using (epoch_id)')
      .get() as Row
    const bodies = old.prepare('select body from ticket where retained = 1').pluck().all() as string[]
    const rest = JSON.parse(String(row['rest'])) as CarriedRest
    const state = restoreState(
      { ...rest, tickets: bodies.map((body) => JSON.parse(body) as Ticket) },
      store.catalogues.shelf,
    )
    const head = { epoch: row['epoch'] as Epoch, seq: row['seq'] as EventSeq, hash: row['hash'] as Sha256 }
    const now = { atMs: row['at_ms'] as EpochMs, steadyMs: row['steady_ms'] as SteadyMs }
    return { state: { ...state, epoch: head.epoch, seq: head.seq, now }, head }
  } catch {
    return null
  }
}

/** The highest numbers any readable row or event speaks of, by date. */
function seenIn(tickets: Iterable<Row>, states: readonly BranchState[]): readonly SeenNumbers[] {
  const byDate = new Map<BusinessDate, Map<Series, number>>()
  const raise = (date: BusinessDate, series: Series, ordinal: number): void => {
    const ordinals = byDate.get(date) ?? new Map<Series, number>()
    ordinals.set(series, Math.max(ordinals.get(series) ?? 0, ordinal))
    byDate.set(date, ordinals)
  }
  for (const row of tickets) {
    const match = /^([A-Z]{1,3})(\d{3}|\d{5})$/.exec(String(row['number']))
    if (match === null) continue
    const digits = Number(match[2])
    raise(row['business_date'] as BusinessDate, match[1] as Series, digits > 10_000 ? digits - 10_000 + 999 : digits)
  }
  for (const { day, lastOrdinal } of states)
    if (day !== null) for (const [series, ordinal] of lastOrdinal) raise(day.date, series, ordinal)
  return [...byDate].map(([date, ordinals]) => ({ date, lastOrdinals: [...ordinals] }))
}

/** Puts what was set up by hand into the new file: from the old one, and where that lacks it, from the copy. */
function restoreSettings(old: Sqlite | null, target: Sqlite, settings: Settings | null): void {
  const never = (): boolean => false
  copyRows(
    target,
    'catalogue',
    readable(old, 'select * from catalogue where version > ? order by version', 'version'),
    never,
  )
  for (const table of ['agent_pin', 'device', 'epoch']) copyRows(target, table, allRows(old, table), never)
  if (settings === null) return
  const { catalogue, pins, devices } = settings
  if (catalogue !== null) copyRows(target, 'catalogue', [{ ...catalogue }], never)
  copyRows(
    target,
    'agent_pin',
    pins.map(([agent_id, hash]) => ({ agent_id, hash })),
    never,
  )
  copyRows(
    target,
    'device',
    devices.map((it) => ({
      device_id: it.deviceId,
      kind: it.kind,
      name: it.name,
      slot: it.slot,
      token_hash: it.tokenHash,
      paired_at_ms: it.pairedAtMs,
    })),
    never,
  )
}

/** Nothing of the state could be read: the catalogue of the copy opens an empty day. */
function bareState(settings: Settings | null, store: Store, nowMs: number): BranchState {
  const empty = emptyState({ atMs: nowMs as EpochMs, steadyMs: 0 as SteadyMs })
  if (settings?.catalogue == null) return empty
  const { version, hash } = settings.catalogue
  const body = store.catalogues.shelf(version)
  const prefixes = body.services.map(({ id, prefix }) => [id, prefix] as const)
  return {
    ...empty,
    catalogue: { version, hash, body },
    prefixByService: empty.prefixByService.withMutations((draft) => {
      for (const [id, prefix] of prefixes) draft.set(id, prefix)
    }),
  }
}

/**
 * Brings over all that can be read of a damaged file into a new one beside it; the damaged one is not changed.
 * The log is believed where its chain is whole; else what was projected; else the log as far as it goes.
 */
export function salvage(damaged: string, fresh: string, settings: Settings | null, nowMs: () => number): Salvaged {
  const old = tryOpen(damaged)
  const store = openStore(fresh)
  const target = new Database(fresh)
  const startedMs = nowMs()
  const isLate = (): boolean => nowMs() - startedMs > HISTORY_MS_MAX
  restoreSettings(old, target, settings)

  const projected = old === null ? null : readProjected(old, store)
  const epochs = allRows(old, 'epoch')
  const last = epochs.at(-1)
  const folded =
    old === null || last === undefined ? null : foldLog(old, store, Number(last['epoch_id']), last['epoch'] as Epoch)
  const best = folded?.whole === true ? folded : (projected ?? folded)
  const recent = [...readTickets(old)]
  target.transaction(() => {
    const tickets = recent.map((row) => ({ ...row, retained: 0 }))
    copyRows(target, 'ticket', tickets, isLate)
    for (const epoch of epochs.toReversed()) {
      const events = `select * from event where epoch_id = ${Number(epoch['epoch_id'])} and seq > ? order by seq`
      copyRows(target, 'event', readable(old, events, 'seq'), isLate)
    }
    copyRows(target, 'answer', allRows(old, 'answer'), isLate)
  })()
  target.close()
  old?.close()
  const states = [projected?.state, folded?.state].filter((state) => state !== undefined)
  return {
    store,
    state: best?.state ?? bareState(settings, store, nowMs()),
    parent: best?.head ?? null,
    isWhole: folded?.whole ?? false,
    seen: seenIn(recent, states),
  }
}

/** Ticket rows by way of the index of numbers, and, where that is broken, by the table itself. */
function* readTickets(old: Sqlite | null): Generator<Row> {
  const rows = allRows(old, 'ticket')
  if (rows.length > 0) yield* rows
  else yield* allRows(old, '(select ticket_id, business_date, number from ticket indexed by ticket_number)')
}
