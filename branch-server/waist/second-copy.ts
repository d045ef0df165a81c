import { seenNumbers } from '#shared/domain/epoch.ts'
import type { Series } from '#shared/domain/ids.ts'
import { EPOCH_JUMP } from '#shared/domain/numbering.ts'
import type { BranchState } from '#shared/domain/state.ts'
import type { Log } from '../log.ts'
import { readSettings, type Settings, writeSettings, writeSettingsBehind } from '../store/settings-copy.ts'
import type { Waist } from './execute.ts'

/** The copy is written anew before the answers of a batch that brings it this far behind: within an epoch's jump. */
const NUMBERS_LAG_MAX = EPOCH_JUMP - 10
/** This far behind, it is begun while the branch goes on: only in a rush does anybody wait for it. */
const NUMBERS_LAG_BEGUN = NUMBERS_LAG_MAX / 2

/** Keeps beside the database what no log of tickets could bring back, and how far the numbers have come. */
export interface SecondCopy {
  /** Writes what was set up by hand as it is now; when the disk refuses, again with the next commit. */
  keep(): void
  /** Waits for what was begun. */
  close(): Promise<void>
}

/** @param file - where it lies; a copy that is whole is not touched before there is something new to keep */
export function createSecondCopy(waist: Waist, file: string, log: Log): SecondCopy {
  let kept = readSettings(file)
  let isDue = false
  let begun: Promise<void> | null = null

  function failed(error: unknown): void {
    isDue = true
    log.error({ err: error }, 'the second copy of the settings could not be written')
  }

  function write(make: () => Settings): void {
    try {
      const settings = make()
      writeSettings(file, settings)
      kept = settings
      isDue = false
    } catch (error) {
      failed(error)
    }
  }

  async function writeBehind(settings: Settings): Promise<void> {
    const before = kept
    try {
      await writeSettingsBehind(file, settings, () => kept === before)
      if (kept === before) kept = settings
    } catch (error) {
      failed(error)
    }
    begun = null
  }

  function settingsNow(): Settings {
    const { store, state } = waist.branch()
    const { catalogue } = state
    const body = catalogue === null ? null : store.catalogues.text(catalogue.version)
    return {
      catalogue:
        catalogue === null || body === null ? null : { version: catalogue.version, hash: catalogue.hash, body },
      pins: store.catalogues.pins(),
      devices: store.devices.all(),
      seen: seenNumbers(state),
    }
  }

  const keep = (): void => write(settingsNow)

  /** How far the numbers have come since, in the series that has come furthest. */
  function lag({ day, lastOrdinal }: BranchState): number {
    if (day === null) return 0
    const seen = kept?.seen
    const known = new Map<Series, number>(seen?.date === day.date ? seen.lastOrdinals : [])
    let most = 0
    for (const [series, ordinal] of lastOrdinal) most = Math.max(most, ordinal - (known.get(series) ?? 0))
    return most
  }

  waist.onCommit(() => {
    const { state } = waist.branch()
    const known = kept
    if (isDue || known === null) return keep()
    const behind = lag(state)
    if (behind < NUMBERS_LAG_BEGUN) return
    // What was set up is not read again for that: a page that has rotted meanwhile must not spoil the copy, too.
    const settings = { ...known, seen: seenNumbers(state) }
    if (behind >= NUMBERS_LAG_MAX) write(() => settings)
    else begun ??= writeBehind(settings)
  })
  if (kept === null) keep()
  return {
    keep,
    async close() {
      await begun
    },
  }
}
