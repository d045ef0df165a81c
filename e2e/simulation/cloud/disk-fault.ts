import type { WaistParts } from '../../../branch-server/waist/execute.ts'

/** What the disk does with the next commit. */
export type DiskFault =
  /** It is full. */
  | 'refuses'
  /** It says that it failed, though it has written. */
  | 'lies'
  /** The program dies before, or after the commit and before anybody is told. */
  | 'dies-before'
  | 'dies-after'

const diskError = (code: string): Error => Object.assign(new Error(code), { code })

/** Commits as the disk does: now and then otherwise than well. */
export function faultyCommit(nextFault: () => DiskFault | null, die: () => void): NonNullable<WaistParts['commit']> {
  return (store, head, batch) => {
    const fault = nextFault()
    if (fault === 'refuses') throw diskError('SQLITE_FULL')
    if (fault === 'dies-before') {
      die()
      throw diskError('SQLITE_IOERR')
    }
    const committed = store.commit(head, batch)
    if (fault === 'dies-after') die()
    if (fault === 'dies-after' || fault === 'lies') throw diskError('SQLITE_IOERR_FSYNC')
    return committed
  }
}
