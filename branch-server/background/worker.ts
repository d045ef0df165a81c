import { join } from 'node:path'
import type { BackupResult } from './backup.ts'
import { createLane } from './lane.ts'
import type { CheckResult, FigureTask } from './tasks.ts'

/** Reports, backups and checks, beside the main thread. */
export interface Worker {
  /** As JSON. */
  report(span: { readonly from: string; readonly to: string }): Promise<Uint8Array>
  /** As JSON, CSV or PDF. */
  figures(task: FigureTask): Promise<Uint8Array>
  backup(): Promise<BackupResult>
  check(): Promise<CheckResult>
  close(): Promise<void>
}

export function startWorker(file: string, backupFolder: string, wallMs: () => number, isGiven = false): Worker {
  // Somebody waits for a report; a copy and a check take their time, and must not stand before it.
  const quick = createLane()
  const long = createLane()
  return {
    report: (span) => quick.run({ kind: 'report', file, ...span }),
    figures: (task) => quick.run({ kind: 'figures', file, ...task }),
    backup() {
      const name = `branch-${new Date(wallMs()).toISOString().replaceAll(/[:.]/g, '-')}.db`
      return long.run({ kind: 'backup', file, folder: backupFolder, name: join('.', name), isGiven })
    },
    check: () => long.run({ kind: 'check', file }),
    async close() {
      await Promise.all([quick.close(), long.close()])
    },
  }
}
