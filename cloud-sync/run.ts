import { pino } from 'pino'
import { AuditError } from '#shared/audit/audit-error.ts'
import { logOutput } from '#shared/program/log-output.ts'
import { startSentence } from '#shared/program/start-sentence.ts'
import { tellSupervisor } from '#shared/program/tell-supervisor.ts'
import { type Config, readConfig } from './config.ts'
import { PostgresError } from './postgres/postgres-error.ts'
import { startCloud } from './start-cloud.ts'

// Whatever is created in the data folder is for this user alone.
process.umask(0o077)

const LAST_WORDS_MS = 100

/** What is asked for beside a start. */
async function commanded(words: readonly string[], config: Config): Promise<string> {
  if (words[0] === 'audit') {
    const { runAuditCommand } = await import('./audit/run-command.ts')
    return runAuditCommand(words.slice(1), config, logger, (text) => process.stdout.write(text), Date.now())
  }
  if (words[0] === 'recover') {
    const { runRecover } = await import('./recover-command.ts')
    return runRecover(words, config, logger, Date.now())
  }
  if (['add-client', 'clients', 'remove-client'].includes(words[0] ?? '')) {
    const { runClientCommand } = await import('./client-command.ts')
    return runClientCommand(words, config, Date.now())
  }
  const { runMakeKey } = await import('./make-key-command.ts')
  return runMakeKey(words, config, Date.now())
}

const logger = pino({ level: 'info' }, logOutput())

try {
  const config = readConfig(process.env)
  const words = process.argv.slice(2)
  if (words.length > 0) {
    const said = await commanded(words, config)
    if (said !== '') console.log(said)
    process.exit(0)
  }
  const starting = startCloud(config, logger, () => Date.now())
  let isEnding = false
  const stop = (): void => {
    // Ctrl-C tells all programs of a terminal, and whoever has started this one tells it again.
    if (isEnding) return
    isEnding = true
    // Also while it starts: what it has begun is ended, too. What cannot be started is told below.
    void starting.then(async (begun) => {
      await begun.close()
      process.exit(0)
    })
  }
  // Its Postgres would outlive it: a terminal that is closed must not end it without a word.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  const cloud = await starting
  if (!isEnding) logger.info({ url: cloud.url, folder: config.folder }, 'the cloud is ready')
  void cloud.databaseEnded.then((words) => {
    if (isEnding) return
    // Whoever watches this program starts both anew. A line that is being written is followed by this one first.
    logger.fatal({ words }, 'the database has ended by itself, and the cloud with it: start it again')
    setTimeout(() => process.exit(1), LAST_WORDS_MS)
  })
  tellSupervisor({ environment: process.env, log: logger })
} catch (error) {
  const isOurs = error instanceof PostgresError || error instanceof AuditError
  const sentence = isOurs ? error.message : startSentence(error, 'CLOUD')
  console.error(sentence ?? error)
  process.exit(sentence === null ? 1 : 2)
}
