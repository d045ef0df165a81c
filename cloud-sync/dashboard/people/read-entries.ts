import type { AuditEntry } from '#shared/audit/entry.ts'

/** The newest of a chain are shown; the whole of it is in the file that is taken away. */
const ENTRIES_MAX = 5_000

interface ReadEntries {
  /** The newest first. */
  readonly entries: readonly AuditEntry[]
  /** Of all that the file has. */
  readonly count: number
}

export function readEntries(lines: string): ReadEntries {
  const all = lines.split('\n').filter((it) => it !== '')
  const newest = all.slice(-ENTRIES_MAX).toReversed()
  return { entries: newest.map((it) => JSON.parse(it) as AuditEntry), count: all.length }
}
