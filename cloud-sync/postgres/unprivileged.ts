import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { PostgresError } from './postgres-error.ts'

/** Postgres refuses to run as root, and is right: a user of the system who may do little. */
export interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** The one that Debian's own Postgres would run as, else the one of whom nobody expects anything. */
const NAMES = ['postgres', 'nobody']

/**
 * @param users - as the system lists them
 * @returns null where this process is no root: then Postgres runs as whoever we are
 * @throws PostgresError
 */
export function unprivilegedUser(
  uid = process.getuid?.(),
  users = (): string => readFileSync('/etc/passwd', 'utf8'),
): SystemUser | null {
  if (uid !== 0) return null
  const lines = users()
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of NAMES) {
    const found = lines.find(([it]) => it === name)
    if (found !== undefined) return { name, uid: Number(found[2]), gid: Number(found[3]) }
  }
  throw new PostgresError(
    `Postgres does not run as root, and this system has no user ${NAMES.join(' or ')} to run it as; start the cloud as an ordinary user, or set DATABASE_URL to a Postgres.`,
  )
}

/** @returns the first folder on the way to a path that a user may not pass; null: the way is open */
export function barredFolder(path: string, { uid, gid }: SystemUser): string | null {
  const way: string[] = []
  for (let at = dirname(resolve(path)); at !== dirname(at); at = dirname(at)) way.unshift(at)
  const mayPass = (folder: string): boolean => {
    const { uid: owner, gid: group, mode } = statSync(folder)
    const shift = owner === uid ? 6 : group === gid ? 3 : 0
    return ((mode >> shift) & 1) === 1
  }
  return way.find((folder) => !mayPass(folder)) ?? null
}
