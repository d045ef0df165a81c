import { FolderInUseError } from '../disk/lock-folder.ts'
import { NewerFileError } from '../disk/migrate.ts'
import { ConfigError } from './config-error.ts'

/**
 * Why a program cannot start, in one sentence for the person who started it.
 * @param prefix - of its variables in the environment, as `BRANCH`
 * @returns null for what only its own program can name, or a bug, which keeps its stack
 */
export function startSentence(error: unknown, prefix: string): string | null {
  if (error instanceof ConfigError || error instanceof FolderInUseError) return error.message
  if (error instanceof NewerFileError) return `The database is newer than this program: ${error.message}.`
  if (!(error instanceof Error) || !('code' in error)) return null
  switch (error.code) {
    case 'EADDRINUSE': {
      const port = 'port' in error ? `Port ${String(error.port)}` : 'The port'
      return `${port} is taken: another program listens there; end it or set ${prefix}_PORT.`
    }
    case 'EACCES':
    case 'EROFS':
    case 'EPERM':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return `The data folder cannot be written (${error.message}); check ${prefix}_DATA_DIR and its rights.`
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return 'The disk is full; free some space and start again.'
    default:
      return null
  }
}
