import type { Series } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import type { BranchState } from '#shared/domain/state.ts'
import type { Waist } from './execute.ts'
import type { Log } from './log.ts'
import { readSettings, type Settings, writeSettings } from './store/settings-copy.ts'

/** The copy lags behind the numbers given by fewer than this: well within the jump of a new epoch. */
const NUMBERS_LAG_MAX = 20

/** Keeps beside the database what no log of tickets could bring back, and how far the numbers have come. */
export interface SecondCopy {
  /** Writes what was set up by hand as it is now; when the disk refuses, again with the next commit. */
  keep(): void
}

/** @param file - where it lies; a copy that is whole is not touched before there is something new to keep */
export function createSecondCopy(waist: Waist, file: string, log: Log): SecondCopy {
  let kept = readSettings(file)
  let isDue = false

  function write(settings: Settings): void {
    try {
      writeSettings(file, settings)
      kept = settings
      isDue = false
    } catch (error) {
      isDue = true
      log.error({ err: error }, 'the second copy of the settings could not be written')
    }
  }

  function keep(): void {
    const { store, state } = waist.branch()
    const { catalogue } = state
    const body = catalogue === null ? null : store.catalogues.text(catalogue.version)
    write({
      catalogue:
        catalogue === null || body === null ? null : { version: catalogue.version, hash: catalogue.hash, body },
      pins: store.catalogues.pins(),
      devices: store.devices.all(),
      seen: seenIn(state),
    })
  }

  function lags({ day, lastOrdinal }: BranchState): boolean {
    if (day === null) return false
    const seen = kept?.seen
    const known = new Map<Series, number>(seen?.date === day.date ? seen.lastOrdinals : [])
    return lastOrdinal.some((ordinal, series) => ordinal - (known.get(series) ?? 0) >= NUMBERS_LAG_MAX)
  }

  waist.onCommit(() => {
    const { state } = waist.branch()
    if (isDue || kept === null) keep()
    // What was set up is not read again for that: a page that has rotted meanwhile must not spoil the copy, too.
    else if (lags(state)) write({ ...kept, seen: seenIn(state) })
  })
  if (kept === null) keep()
  return { keep }
}

function seenIn({ day, lastOrdinal }: BranchState): SeenNumbers | null {
  return day === null ? null : { date: day.date, lastOrdinals: [...lastOrdinal.entries()] }
}
