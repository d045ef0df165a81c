import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Clocks } from '#shared/domain/clock.ts'
import { newestBackup } from './place.ts'
import { restoreBranch } from './restore-branch.ts'
import { RestoreError } from './restore-error.ts'

const COUNTED = ['event', 'ticket', 'device', 'agent_pin', 'catalogue'] as const

function countsIn(file: string): readonly number[] {
  const db = new Database(file, { readonly: true })
  try {
    return COUNTED.map((table) => Number(db.prepare(`select count(*) from ${table}`).pluck().get()))
  } finally {
    db.close()
  }
}

/**
 * Restores a backup into a folder of its own, checks it whole, compares what it holds, and removes it again.
 * @param file - null: the newest of the folder
 * @returns one line for the person who asked
 * @throws RestoreError when a branch could not be made of it
 */
export function drillBackup(folder: string, file: string | null, clocks: Clocks): string {
  const from = file ?? (existsSync(folder) ? newestBackup(folder) : undefined)
  if (from === undefined) throw new RestoreError(`There is no backup in ${folder}.`)
  const scratch = mkdtempSync(join(tmpdir(), 'smartqueue-drill-'))
  try {
    // First, for it says in a sentence what a backup that is no good is.
    const { livingCount } = restoreBranch({ folder: join(scratch, 'branch'), places: [from], clocks })
    // Counted in a copy: even reading would lay files beside it.
    copyFileSync(from, join(scratch, 'before.db'))
    const before = countsIn(join(scratch, 'before.db'))
    const after = countsIn(join(scratch, 'branch', 'branch.db'))
    // The new epoch is one event more.
    const wrong = COUNTED.filter((_, index) => (before[index] ?? 0) + (index === 0 ? 1 : 0) !== after[index])
    if (wrong.length > 0) throw new RestoreError(`The backup ${from} came back with other rows of ${wrong.join(', ')}.`)
    const held = COUNTED.map((table, index) => `${before[index]} ${table}`).join(', ')
    return `The backup ${from} makes a whole branch again: ${held}; ${livingCount} living tickets.`
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
