import { type Problem, problem } from '#shared/wire/problem.ts'

/** Postgres cannot write: its disk is full, or fails. */
const FULL = '53100'
const FAILING = '58030'

/** What whoever looks after the cloud must do, where its database takes nothing; null: it is no fault of the disk. */
export function storageProblem(error: unknown): Problem | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === FULL)
    return problem('StorageUnavailable', {
      detail: 'The disk of the database is full: make room; it goes on by itself',
    })
  return code === FAILING ? problem('StorageUnavailable', { detail: 'The disk of the database fails: check it' }) : null
}
