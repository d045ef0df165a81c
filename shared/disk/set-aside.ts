import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from './write-whole.ts'

const ENDS = ['', '-wal', '-shm'] as const

/**
 * Moves a database file and its companions away, where a person can look at it later. When it returns, no part of it
 * is left where a new file could take it for its own.
 * @returns the folder it lies in now
 */
export function setAside(folder: string, name: string, nowMs: number): string {
  const base = join(folder, 'set-aside')
  mkdirSync(base, { recursive: true, mode: 0o700 })
  let to = join(base, String(nowMs))
  for (let count = 1; existsSync(to); count += 1) to = join(base, `${nowMs}-${count}`)
  mkdirSync(to, { mode: 0o700 })
  for (const end of ENDS) {
    const from = join(folder, name + end)
    if (existsSync(from)) renameSync(from, join(to, name + end))
  }
  for (const changed of [to, base, folder]) syncFolder(changed)
  return to
}

/** Gives a finished file its name; that is on the disk when it returns. */
export function putInPlace(folder: string, fresh: string, name: string): void {
  renameSync(join(folder, fresh), join(folder, name))
  syncFolder(folder)
}
