import type { Series } from '#shared/domain/ids.ts'
import type { SeenNumbers } from '#shared/domain/numbering.ts'
import type { BranchState } from '#shared/domain/state.ts'
import type { Waist } from './execute.ts'
import type { Log } from './log.ts'
import { writeSettings } from './store/settings-copy.ts'

/** The copy lags behind the numbers given by fewer than this: well within the jump of a new epoch. */
const NUMBERS_LAG_MAX = 20

/** Keeps beside the database what no log of tickets could bring back, and how far the numbers have come. */
export interface SecondCopy {
  /** Writes it now; when the disk refuses, again with the next commit. */
  keep(): void
}

/** @param file - where it lies */
export function createSecondCopy(waist: Waist, file: string, log: Log): SecondCopy {
  let kept: SeenNumbers | null = null
  let isDue = true

  function keep(): void {
    const { store, state } = waist.branch()
    const { catalogue } = state
    const seen = seenIn(state)
    try {
      const body = catalogue === null ? null : store.catalogues.text(catalogue.version)
      writeSettings(file, {
        catalogue:
          catalogue === null || body === null ? null : { version: catalogue.version, hash: catalogue.hash, body },
        pins: store.catalogues.pins(),
        devices: store.devices.all(),
        seen,
      })
      kept = seen
      isDue = false
    } catch (error) {
      isDue = true
      log.error({ err: error }, 'the second copy of the settings could not be written')
    }
  }

  function lags({ day, lastOrdinal }: BranchState): boolean {
    if (day === null) return false
    const known = new Map<Series, number>(kept?.date === day.date ? kept.lastOrdinals : [])
    return lastOrdinal.some((ordinal, series) => ordinal - (known.get(series) ?? 0) >= NUMBERS_LAG_MAX)
  }

  waist.onCommit(() => {
    if (isDue || lags(waist.branch().state)) keep()
  })
  return { keep }
}

function seenIn({ day, lastOrdinal }: BranchState): SeenNumbers | null {
  return day === null ? null : { date: day.date, lastOrdinals: [...lastOrdinal.entries()] }
}
