import type { AuditEntry } from '#shared/audit/entry.ts'

/** The newest of a chain are shown; the whole of it is in the file that is taken away. */
export const ENTRIES_MAX = 5_000

/** @returns the newest first */
export function readEntries(lines: string): readonly AuditEntry[] {
  const all = lines.split('\n').filter((it) => it !== '')
  return all
    .slice(-ENTRIES_MAX)
    .toReversed()
    .map((it) => JSON.parse(it) as AuditEntry)
}
