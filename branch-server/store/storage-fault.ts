import { isDamaged } from '#shared/disk/is-damaged.ts'
import { DamagedError } from './projections.ts'

/**
 * What a failure of the database means for the branch.
 * `refused`: the disk took nothing, the next command may try again. `unknown`: it may or may not be on the disk.
 * `damaged`: the file contradicts itself. null: not the disk's fault, a bug of ours.
 */
export type StorageFault = 'refused' | 'unknown' | 'damaged'

/** The core would never break a constraint: here, too, pages lie. */
const CONTRADICTED = ['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH']
const REFUSED = [
  ...['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_CANTOPEN', 'SQLITE_PERM'],
  ...['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'],
]
const UNKNOWN = ['SQLITE_IOERR', 'SQLITE_PROTOCOL', 'SQLITE_NOMEM', 'SQLITE_AUTH', 'SQLITE_INTERRUPT', 'EIO']
/** What the driver says of a file that was closed because it could not be opened again. */
const CLOSED = 'The database connection is not open'

export function storageFault(error: unknown): StorageFault | null {
  if (error instanceof DamagedError || isDamaged(error)) return 'damaged'
  if (error instanceof TypeError && error.message === CLOSED) return 'unknown'
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  const { code } = error
  const isOf = (family: readonly string[]) => family.some((name) => code === name || code.startsWith(`${name}_`))
  if (isOf(CONTRADICTED)) return 'damaged'
  if (isOf(REFUSED)) return 'refused'
  return isOf(UNKNOWN) ? 'unknown' : null
}
