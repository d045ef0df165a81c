/** A table that is not there means that pages lie. */
const DAMAGED = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR', 'SQLITE_FORMAT']

/** Whether what SQLite says means that the file contradicts itself; a full or failing disk is another matter. */
export function isDamaged(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  const { code } = error
  return DAMAGED.some((name) => code === name || code.startsWith(`${name}_`))
}
