import { randomUUID } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { putInPlace, setAside } from '#shared/disk/set-aside.ts'
import { isWalDamaged } from '#shared/disk/wal.ts'
import { type ClockReading, type Clocks, steadyAtStart } from '#shared/domain/clock.ts'
import type { Epoch, EpochMs, Moment, SteadyMs } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { emptyState } from '#shared/domain/state-json.ts'
import type { Log } from '../log.ts'
import { RestoreError } from '../restore/restore-error.ts'
import type { Head } from '../store/event-log.ts'
import { DamagedError } from '../store/projections.ts'
import { salvage } from '../store/salvage.ts'
import { readSettings } from '../store/settings-copy.ts'
import { storageFault } from '../store/storage-fault.ts'
import { openStore, type Store } from '../store/store.ts'
import { readPlace } from '../sync/place-file.ts'
import { hasSeenMore } from './bookmarks.ts'
import type { Branch } from './execute.ts'
import { beginEpoch, type Draft } from './settle.ts'

export const DATABASE_NAME = 'branch.db'
/** What a salvage is building; worth nothing before it is whole. */
const SCRATCH_NAME = 'branch-salvaging.db'
/** A whole salvaged file that waits for its place: whoever finds it puts it there. */
export const SALVAGED_NAME = 'branch-salvaged.db'
export const SETTINGS_NAME = 'settings.json'
/** What a restore is building, and the copies it builds from; worth nothing once its time is over. */
export const RESTORING_FOLDER = 'restoring'

/** No clock that is behind the making of this program is believed. */
export const CLOCK_FLOOR_MS = Date.UTC(2026, 10, 1) as EpochMs

export interface OpenParts {
  readonly folder: string
  readonly clocks: Clocks
  readonly log: Log
  /** How a new epoch is named; left out: by chance. */
  readonly newEpoch?: () => Epoch
}

/** Steady time goes on from the last event; made once, so that a reopened file does not set it back. */
export function createClock(last: Moment, { wallMs, monotonicMs }: Clocks): () => ClockReading {
  const startedMs = monotonicMs()
  const startSteadyMs = steadyAtStart(last, Math.floor(wallMs()) as EpochMs)
  return () => ({
    wallMs: Math.floor(wallMs()) as EpochMs,
    steadyMs: Math.floor(startSteadyMs + (monotonicMs() - startedMs)) as SteadyMs,
  })
}

export const newEpoch = (): Epoch => randomUUID() as Epoch

/** Begins an epoch in a file that was opened for it. @param seen - numbers in print that the state knows nothing of */
export function commitEpoch(
  store: Store,
  state: BranchState,
  reason: 'first-boot' | 'rewound' | 'salvaged',
  parent: Head | null,
  seen: readonly SeenNumbers[],
  reading: ClockReading,
  epoch = newEpoch(),
): Branch {
  const draft: Draft = { state, events: [], tickets: new Map(), answers: new Map(), writes: [] }
  beginEpoch(draft, reason, parent, seen, reading, epoch, store)
  const { head } = store.commit(parent, { ...draft, before: state, answers: [] })
  return { store, state: draft.state, head }
}

/** Builds a new file beside the damaged one, complete with its new epoch. */
function buildSalvaged(parts: OpenParts, readClock: (() => ClockReading) | null): void {
  const { folder, clocks, log } = parts
  const clear = (...ends: readonly string[]): void => {
    for (const end of ends) rmSync(join(folder, SCRATCH_NAME + end), { force: true })
  }
  clear('', '-wal', '-shm')
  const { store, state, parent, seen, isWhole } = salvage(join(folder, DATABASE_NAME), join(folder, SCRATCH_NAME), {
    settings: readSettings(join(folder, SETTINGS_NAME)),
    now: { atMs: atLeastFloor(clocks.wallMs()), steadyMs: readClock?.().steadyMs ?? (0 as SteadyMs) },
    monotonicMs: clocks.monotonicMs,
  })
  try {
    const reading = (readClock ?? createClock(state.now, clocks))()
    commitEpoch(store, state, 'salvaged', parent, seen, reading, parts.newEpoch?.())
    store.closeWhole()
  } finally {
    store.close()
  }
  clear('-wal', '-shm')
  putInPlace(folder, SCRATCH_NAME, SALVAGED_NAME)
  log.error({ isWhole, lastSeq: parent?.seq ?? 0 }, 'the damaged database was salvaged')
}

const atLeastFloor = (wallMs: number): EpochMs => Math.max(CLOCK_FLOOR_MS, Math.floor(wallMs)) as EpochMs

/**
 * Replaces the damaged file by what could be saved of it. A power cut at any moment leaves the damaged file, to be
 * salvaged again, or the whole new one, to be put in its place; never a part of either, nor the log of one beside the other.
 * @param readClock - null at the start of the program, when steady time must first be found
 */
function salvageBranch(parts: OpenParts, readClock: (() => ClockReading) | null): Branch {
  const { folder, clocks, log } = parts
  if (!existsSync(join(folder, SALVAGED_NAME))) buildSalvaged(parts, readClock)
  const aside = setAside(folder, DATABASE_NAME, Math.floor(clocks.wallMs()))
  putInPlace(folder, SALVAGED_NAME, DATABASE_NAME)
  log.error({ aside }, 'the damaged database was set aside')
  return loadStore(folder) ?? raise(new DamagedError('the salvaged file is empty'))
}

function raise(error: Error): never {
  throw error
}

function loadStore(folder: string): Branch | null {
  const store = openStore(join(folder, DATABASE_NAME))
  try {
    const loaded = store.load()
    if (loaded !== null) return { store, ...loaded }
    store.close()
    return null
  } catch (error) {
    store.close()
    throw error
  }
}

/** A box that has the place of a branch and not its log would give the day's numbers once more. */
function refuseUnfinished(folder: string): void {
  if (readPlace(folder).kind !== 'none')
    throw new RestoreError(
      `${folder} holds this branch's place at its cloud, and not its log: a restore was cut off. Run \`npm run branch -- restore --from-cloud\` again; it needs no new code.`,
    )
}

function firstBoot({ folder, clocks, newEpoch: nameEpoch }: OpenParts): Branch {
  refuseUnfinished(folder)
  const store = openStore(join(folder, DATABASE_NAME))
  const empty = emptyState({ atMs: CLOCK_FLOOR_MS, steadyMs: 0 as SteadyMs })
  const reading = createClock(empty.now, clocks)()
  return orClosed(store, () => commitEpoch(store, empty, 'first-boot', null, [], reading, nameEpoch?.()))
}

function orClosed(store: Store, open: () => Branch): Branch {
  try {
    return open()
  } catch (error) {
    store.close()
    throw error
  }
}

/** The second copy has seen numbers that the file has not: somebody put an older file in its place. */
function notBehindItsCopy(branch: Branch, { folder, clocks, log, newEpoch: nameEpoch }: OpenParts): Branch {
  const seen = readSettings(join(folder, SETTINGS_NAME))?.seen ?? null
  const { store, state, head } = branch
  if (seen === null || !hasSeenMore(state, seen)) return branch
  log.error({ lastSeq: head.seq }, 'the database is older than its second copy')
  const reading = createClock(state.now, clocks)()
  return orClosed(store, () => commitEpoch(store, state, 'rewound', head, [seen], reading, nameEpoch?.()))
}

/**
 * Opens the branch's file, in one way for every start: a first boot, a restart, a power cut.
 * A file that contradicts itself is set aside and salvaged; the log then begins a new epoch.
 * @throws what the disk says when it does not let us in, NewerFileError when a later version made the file
 */
export function openBranch(parts: OpenParts, readClock: (() => ClockReading) | null = null): Branch {
  const { folder, log } = parts
  const has = (name: string): boolean => existsSync(join(folder, name))
  // A restore that the power cut short, or whose last step it was: nobody else has this folder now.
  rmSync(join(folder, RESTORING_FOLDER), { recursive: true, force: true })
  // The power went in the middle of an exchange.
  if (has(SALVAGED_NAME)) return salvageBranch(parts, readClock)
  // Somebody was here before, and the file is gone: its numbers are on paper all the same.
  if (!has(DATABASE_NAME) && has(SETTINGS_NAME)) return salvageBranch(parts, readClock)
  try {
    if (isWalDamaged(join(folder, `${DATABASE_NAME}-wal`)))
      throw new DamagedError('the write-ahead log has lost commits')
    const loaded = has(DATABASE_NAME) ? loadStore(folder) : null
    return loaded === null ? firstBoot(parts) : notBehindItsCopy(loaded, parts)
  } catch (error) {
    if (storageFault(error) !== 'damaged' || !has(DATABASE_NAME)) throw error
    log.error({ err: error }, 'the database is damaged')
    return salvageBranch(parts, readClock)
  }
}

/** Salvages the file that is there, because it was found to lie although it opens. The old one must be closed. */
export const healBranch = (parts: OpenParts, readClock: () => ClockReading): Branch => salvageBranch(parts, readClock)
