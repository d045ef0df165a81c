import type { Helper } from '../helper.ts'
import type { LimitTasks } from '../limits.ts'
import type { LoadTasks } from '../load.ts'
import type { Measured } from '../report.ts'

/** What every line works with. */
export interface Context {
  /** A fresh folder on the disk that is measured. */
  readonly folder: (name: string) => string
  readonly load: Helper<LoadTasks>
  readonly limits: Helper<LimitTasks>
  readonly roundCount: number
  /** Tickets of the long history. */
  readonly historyLong: number
}

export type Line = (context: Context) => Promise<readonly Measured[]>
