import Database from 'better-sqlite3'
import type { Sqlite } from '#shared/disk/open.ts'
import type { StoredEvent } from '#shared/domain/events.ts'
import { evolve } from '#shared/domain/evolve.ts'
import type { BusinessDate, Epoch, EpochMs, EventSeq, Moment, Series, Sha256, SteadyMs } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { type CarriedRest, emptyState, restoreState } from '#shared/domain/state-json.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import { type Head, hashOf } from './event-log.ts'
import { fromBothEnds, type Row, readable, tryOpen } from './readable.ts'
import type { Settings } from './settings-copy.ts'
import { storageFault } from './storage-fault.ts'
import { openStore, type Store } from './store.ts'

/** History beyond this is left in the file that was set aside: issuing again comes first. */
const HISTORY_MS_MAX = 25_000
/** Longer epochs are not folded from their first event; what was projected is taken. */
const FOLD_MAX = 200_000

/** What a salvage is told from outside the damaged file. */
export interface SalvageParts {
  readonly settings: Settings | null
  /** Where time goes on when the file cannot tell. */
  readonly now: Moment
  readonly monotonicMs: () => number
}

/** A state that was read, and the place in the log it is true at. */
interface Told {
  readonly state: BranchState
  readonly head: Head
  /** Its events chain without a break. */
  readonly isWhole: boolean
}

/** What could be brought over: a new file with it, and the state it stands for. */
export interface Salvaged {
  readonly store: Store
  readonly state: BranchState
  readonly parent: Head | null
  /** The log chained without a break to its last event. */
  readonly isWhole: boolean
  readonly seen: readonly SeenNumbers[]
}

/** Copies rows as they are; a row that does not fit is left behind. */
function copyRows(target: Sqlite, table: string, rows: Iterable<Row>, isLate = (): boolean => false): void {
  for (const row of rows) {
    if (isLate()) break
    const columns = Object.keys(row)
    try {
      target
        .prepare(`insert or ignore into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
        .run(...Object.values(row))
    } catch (error) {
      // One row that lies is not worth the others; a disk that takes nothing is another matter.
      if (storageFault(error) !== 'damaged' && !(error instanceof TypeError)) throw error
    }
  }
}

/** The epochs of the log; where their table is lost, as the first event of each tells. */
function epochsOf(old: Sqlite | null): readonly Row[] {
  const listed = [...readable(old, 'select * from epoch where epoch_id > ? order by epoch_id', 'epoch_id')]
  if (listed.length > 0) return listed
  const told = "select epoch_id, json_extract(body, '$.epoch') as epoch from event where epoch_id > ? and seq = 1"
  return [...readable(old, `${told} order by epoch_id`, 'epoch_id')]
}

/** Where an epoch begins among the rows; null in older files, whose events lie by their place in the log. */
function firstRowOf(old: Sqlite, epochId: number): number | null {
  try {
    const first = old.prepare('select rowid from event where epoch_id = ? order by seq limit 1').pluck()
    return Number(first.get(epochId) ?? 0)
  } catch (error) {
    return storageFault(error) === 'damaged' ? 0 : null
  }
}

/** The readable events of one epoch, as they lie: a damaged index of their places hides none. */
function* eventsOf(old: Sqlite | null, epochId: number): Generator<Row> {
  if (old === null) return
  const first = firstRowOf(old, epochId)
  if (first === null) {
    yield* readable(old, `select * from event where epoch_id = ${epochId} and seq > ? order by seq`, 'seq')
    return
  }
  const asTheyLie = `select rowid as row, * from event where +epoch_id = ${epochId} and rowid > ? order by rowid`
  for (const { row: _, ...event } of readable(old, asTheyLie, 'row', first - 1)) yield event
}

/** The last epoch's events as far as they chain, folded; null when it cannot be folded from its first event. */
function foldLog(old: Sqlite, store: Store, { epoch_id: epochId, epoch }: Row): Told | null {
  let state = emptyState({ atMs: 0 as EpochMs, steadyMs: 0 as SteadyMs })
  let head = null as Head | null
  let isWhole = true
  for (const row of eventsOf(old, Number(epochId))) {
    try {
      const body = String(row['body'])
      const event = JSON.parse(body) as StoredEvent
      const isNext = event.seq === (head?.seq ?? 0) + 1 && (head === null || event.prev === head.hash)
      if (!isNext) isWhole = false
      state = evolve(state, event, store.catalogues.shelf)
      head = { epoch: epoch as Epoch, seq: event.seq, hash: hashOf(body) }
    } catch {
      isWhole = false
    }
    if ((head?.seq ?? 0) > FOLD_MAX) return null
  }
  return head === null || state.epoch === null ? null : { state, head, isWhole }
}

/** The state as it was projected, if that can be read. */
function readProjected(old: Sqlite, store: Store): Omit<Told, 'isWhole'> | null {
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
function seenIn(numbers: Iterable<Row>, states: readonly BranchState[]): readonly SeenNumbers[] {
  const byDate = new Map<BusinessDate, Map<Series, number>>()
  const raise = (date: BusinessDate, series: Series, ordinal: number): void => {
    const ordinals = byDate.get(date) ?? new Map<Series, number>()
    ordinals.set(series, Math.max(ordinals.get(series) ?? 0, ordinal))
    byDate.set(date, ordinals)
  }
  for (const row of numbers) {
    const match = /^([A-Z]{1,3})(\d{3}|\d{5})$/.exec(String(row['number']))
    if (match === null) continue
    const digits = Number(match[2])
    raise(row['business_date'] as BusinessDate, match[1] as Series, digits > 10_000 ? digits - 10_000 + 999 : digits)
  }
  for (const { day, lastOrdinal } of states)
    if (day !== null) for (const [series, ordinal] of lastOrdinal) raise(day.date, series, ordinal)
  return [...byDate].map(([date, ordinals]) => ({ date, lastOrdinals: [...ordinals] }))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Puts what was set up by hand into the new file: from the old one, and where that lacks it, from the copy. */
export function restoreSettings(old: Sqlite | null, target: Sqlite, settings: Settings | null): void {
  const shelf = [...readable(old, 'select * from catalogue where version > ? order by version', 'version')]
  const copied = settings?.catalogue == null ? [] : [{ ...settings.catalogue }]
  const isTrue = ({ body, hash }: Row): boolean => hashOf(String(body)) === hash
  copyRows(target, 'catalogue', [...shelf, ...copied].filter(isTrue))
  // A body with a fault in a word is better than none: tickets may still live by it.
  const faulty = shelf.filter(({ body }) => isJson(String(body)))
  copyRows(
    target,
    'catalogue',
    faulty.map(({ version, body }) => ({ version, hash: hashOf(String(body)), body })),
  )
  copyRows(target, 'agent_pin', fromBothEnds(old, 'agent_pin', 'agent_id'))
  copyRows(target, 'device', fromBothEnds(old, 'device', 'device_id'))
  copyRows(target, 'former_token', fromBothEnds(old, 'former_token', 'token_hash'))
  copyRows(target, 'pin_try', fromBothEnds(old, 'pin_try', 'device_id'))
  copyRows(target, 'agent_rights', fromBothEnds(old, 'agent_rights', 'only'))
  copyRows(target, 'epoch', epochsOf(old))
  // Without it, an older catalogue than the one in force would be taken for a new one.
  copyRows(target, 'cloud_shape', fromBothEnds(old, 'cloud_shape', 'shape'))
  copyRows(target, 'cloud_receipt', fromBothEnds(old, 'cloud_receipt', 'number'))
  copyRows(target, 'audit_entry', fromBothEnds(old, 'audit_entry', 'seq'))
  copyRows(target, 'audit_anchor', fromBothEnds(old, 'audit_anchor', 'whose'))
  copyRows(target, 'audit_former_life', fromBothEnds(old, 'audit_former_life', 'chain'))
  if (settings === null) return
  const { pins, devices } = settings
  const pinRows = pins.map(([agent_id, hash, sent_hash = null]) => ({ agent_id, hash, sent_hash }))
  copyRows(target, 'agent_pin', pinRows)
  const deviceRows = devices.map(
    ({ deviceId: device_id, tokenHash: token_hash, pairedAtMs: paired_at_ms, ...same }) => ({
      ...{ device_id, token_hash, paired_at_ms },
      ...{ kind: same.kind, name: same.name, slot: same.slot },
    }),
  )
  copyRows(target, 'device', deviceRows)
}

/** Nothing of the state could be read: the catalogue of the copy opens an empty day. */
function bareState(settings: Settings | null, store: Store, now: Moment): BranchState {
  const empty = emptyState(now)
  if (settings?.catalogue == null || store.catalogues.text(settings.catalogue.version) === null) return empty
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

/** The log is believed where it chains without a break up to the head; else what was projected; else the log as far as it goes. */
function best(folded: Told | null, projected: Omit<Told, 'isWhole'> | null): Omit<Told, 'isWhole'> | null {
  const reachesHead = projected === null || folded?.head.hash === projected.head.hash
  return folded?.isWhole === true && reachesHead ? folded : (projected ?? folded)
}

/** Rows lie in the order in which they came; in older files they lay by their key. */
function* inOrder(old: Sqlite, table: string, olderKey: string): Generator<Row> {
  let isEmpty = true
  for (const row of fromBothEnds(old, table, 'rowid')) {
    isEmpty = false
    yield row
  }
  if (isEmpty) yield* fromBothEnds(old, table, olderKey)
}

function* past(old: Sqlite): Generator<Row> {
  for (const row of inOrder(old, 'ticket', 'ticket_id')) yield { ...row, retained: 0 }
}

function copyHistory(old: Sqlite, target: Sqlite, isLate: () => boolean): void {
  target
    .transaction(() => {
      copyRows(target, 'note', fromBothEnds(old, 'note', 'ticket_id'), isLate)
      copyRows(target, 'appointment', fromBothEnds(old, 'appointment', 'code'), isLate)
      copyRows(target, 'customer_details', fromBothEnds(old, 'customer_details', 'ticket_id'), isLate)
      copyRows(target, 'answer', inOrder(old, 'answer', 'device_id'), isLate)
      copyRows(target, 'ticket', past(old), isLate)
      copyRows(target, 'shift', fromBothEnds(old, 'shift', 'shift_id'), isLate)
      for (const { epoch_id } of epochsOf(old).toReversed())
        copyRows(target, 'event', eventsOf(old, Number(epoch_id)), isLate)
    })
    .immediate()
}

/** Numbers as their rows tell them, and where those pages are broken, as the index of numbers does. */
function* numberRows(old: Sqlite | null): Generator<Row> {
  yield* fromBothEnds(old, '(select business_date, number from ticket indexed by ticket_number)', 'business_date')
  yield* fromBothEnds(old, '(select ticket_id, business_date, number from ticket not indexed)', 'ticket_id')
}

function bringOver(old: Sqlite | null, store: Store, target: Sqlite, parts: SalvageParts): Omit<Salvaged, 'store'> {
  const { settings, now, monotonicMs } = parts
  const startedMs = monotonicMs()
  restoreSettings(old, target, settings)
  const last = epochsOf(old).at(-1)
  const projected = old === null ? null : readProjected(old, store)
  const folded = old === null || last === undefined ? null : foldLog(old, store, last)
  if (old !== null) copyHistory(old, target, () => monotonicMs() - startedMs > HISTORY_MS_MAX)
  const found = best(folded, projected)
  const states = [projected?.state, folded?.state].filter((state) => state !== undefined)
  const state = found?.state ?? bareState(settings, store, now)
  store.catchUp(state)
  return {
    state,
    parent: found?.head ?? null,
    isWhole: folded?.isWhole ?? false,
    seen: [...seenIn(numberRows(old), states), ...(settings?.seen == null ? [] : [settings.seen])],
  }
}

/**
 * Brings over all that can be read of a damaged file into a new one beside it; the damaged one is not changed.
 * @throws what the disk says when the new file cannot be written
 */
export function salvage(damaged: string, fresh: string, parts: SalvageParts): Salvaged {
  const old = tryOpen(damaged)
  const store = openStore(fresh)
  try {
    const target = new Database(fresh)
    try {
      return { store, ...bringOver(old, store, target, parts) }
    } finally {
      target.close()
    }
  } catch (error) {
    store.close()
    throw error
  } finally {
    old?.close()
  }
}
