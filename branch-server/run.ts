import { pino } from 'pino'
import { NewerFileError } from '#shared/disk/migrate.ts'
import { ConfigError, readConfig } from './config.ts'
import { FolderInUseError } from './lock.ts'
import { startBranch } from './start-branch.ts'
import { storageFault } from './store/storage-fault.ts'

// Whatever is created in the data folder is for this user alone.
process.umask(0o077)

const logger = pino({ level: 'info' }, pino.destination({ dest: 1, sync: false }))
const clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

/** One sentence for the person who started it; null for a bug, which keeps its stack. */
function sentenceFor(error: unknown): string | null {
  if (error instanceof ConfigError || error instanceof FolderInUseError) return error.message
  if (error instanceof NewerFileError) return `The branch's database is newer than this program: ${error.message}.`
  if (!(error instanceof Error) || !('code' in error)) return null
  const port = process.env['BRANCH_PORT'] ?? '7070'
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken: another program listens there; end it or set BRANCH_PORT.`
    case 'EACCES':
    case 'EROFS':
    case 'EPERM':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return `The data folder cannot be written (${error.message}); check BRANCH_DATA_DIR and its rights.`
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return 'The disk is full; free some space and start again.'
    default:
      return storageFault(error) === null
        ? null
        : `The disk that holds BRANCH_DATA_DIR fails (${error.message}); check it and start again.`
  }
}

try {
  const config = readConfig(process.env)
  for (const name of config.ignored) logger.warn(`${name} is set, but this version has no cloud link yet`)
  const branch = await startBranch({ config, clocks, logger })
  logger.info({ url: branch.url, folder: config.folder }, 'the branch server is ready')
  const stop = (): void => void branch.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
} catch (error) {
  const sentence = sentenceFor(error)
  console.error(sentence ?? error)
  process.exit(sentence === null ? 1 : 2)
}
