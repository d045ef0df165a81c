import type { Box } from './box.ts'
import type { DiskFault } from './disk-fault.ts'
import { CALM, CUT, STORM } from './line.ts'
import type { Luck } from './luck.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const YEAR_MS = 365 * DAY_MS

/** How far off clocks are: a little, a day, or as somebody who typed another year. */
export const CLOCKS_AHEAD_MS = [0, 0, 0, 40, -3_000, HOUR_MS, -HOUR_MS, DAY_MS, -2 * DAY_MS, 2 * YEAR_MS, -2 * YEAR_MS]
const DISK_FAULTS: readonly DiskFault[] = ['refuses', 'lies', 'dies-before', 'dies-after']

/** On most days people come in a few rushes; that is when things break, too. */
export const RUSHES_PER_DAY = 2
export const RUSH_MS = 20 * MINUTE_MS
/** Of a rush: so often do people come, and so many things they do at once. */
export const BURSTS = 4
export const ACTS_MAX = 10

/** What may go wrong at one branch, and how often in a rush. */
export interface Fault {
  readonly name: string
  readonly timesPerRush: number
  readonly strike: (box: Box, luck: Luck) => unknown
}

export const FAULTS: readonly Fault[] = [
  { name: 'the line is cut', timesPerRush: 0.5, strike: (box) => box.setWeather(CUT) },
  { name: 'the line is bad', timesPerRush: 0.5, strike: (box) => box.setWeather(STORM) },
  { name: 'the line is well', timesPerRush: 0.7, strike: (box) => box.setWeather(CALM) },
  { name: 'the program is killed', timesPerRush: 0.1, strike: (box) => box.crash() },
  { name: 'the disk fails', timesPerRush: 0.2, strike: (box, luck) => box.planFault(luck.pick(DISK_FAULTS)) },
  { name: 'the clock is set', timesPerRush: 0.1, strike: (box, luck) => box.setClock(luck.pick(CLOCKS_AHEAD_MS)) },
  { name: 'staff confirm the clock', timesPerRush: 0.1, strike: (box) => box.confirmClock() },
  { name: 'the disk is copied', timesPerRush: 0.15, strike: (box) => box.backUp() },
  {
    name: 'an older disk is put back',
    timesPerRush: 0.08,
    // Of a copied branch nobody can say which one was put back: that is another story.
    strike: (box, luck) => (box.isCloned ? null : box.putBack(luck.happens(0.5))),
  },
  { name: 'the catalogue is edited', timesPerRush: 0.3, strike: (box) => box.editCatalogue() },
]

/** So long after a rush at most the line is well again. */
export const MENDED_MS_MAX = HOUR_MS / 2
