import { pino } from 'pino'
import { AuditError } from '#shared/audit/audit-error.ts'
import { logOutput } from '#shared/program/log-output.ts'
import { startSentence } from '#shared/program/start-sentence.ts'
import { tellSupervisor } from '#shared/program/tell-supervisor.ts'
import { CommissioningError } from './commissioning/commissioning-error.ts'
import { type Config, readConfig } from './config.ts'
import { keepTail } from './diagnostics/log-tail.ts'
import { PowerError } from './power-error.ts'
import { RestoreError } from './restore/restore-error.ts'
import { startBranch } from './start-branch.ts'
import { storageFault } from './store/storage-fault.ts'

// Whatever is created in the data folder is for this user alone.
process.umask(0o077)

const { stream, tail } = keepTail(logOutput())
const logger = pino({ level: 'info' }, stream)
const clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

/** One sentence for the person who started it; null for a bug, which keeps its stack. */
function sentenceFor(error: unknown): string | null {
  const isOurs = [RestoreError, CommissioningError, PowerError, AuditError].some((kind) => error instanceof kind)
  if (error instanceof Error && isOurs) return error.message
  const sentence = startSentence(error, 'BRANCH')
  if (sentence !== null || storageFault(error) === null) return sentence
  return `The disk that holds BRANCH_DATA_DIR fails (${String(error)}); check it and start again.`
}

/** Commands beside the start; what they are made of is loaded for them alone. */
async function commanded(words: readonly string[], config: Config): Promise<string> {
  if (words[0] === 'audit') {
    const { runAuditCommand } = await import('./audit/run-command.ts')
    return runAuditCommand(words.slice(1), config, (text) => process.stdout.write(text))
  }
  if (words[0] !== 'commission' && words[0] !== 'verify') {
    const { runCommand } = await import('./restore/run-command.ts')
    return runCommand(words, config, clocks)
  }
  const { runCommissioningCommand } = await import('./commissioning/run-command.ts')
  const { REAL_PACE } = await import('./commissioning/site.ts')
  const { stdin: input, stdout: output } = process
  return runCommissioningCommand(words, { config, clocks, input, output, pace: REAL_PACE })
}

try {
  const config = readConfig(process.env)
  const words = process.argv.slice(2)
  if (words.length > 0) {
    const said = await commanded(words, config)
    if (said !== '') console.log(said)
    process.exit(0)
  }
  const branch = await startBranch({ config, clocks, logger, tail })
  logger.info({ url: branch.url, folder: config.folder }, 'the branch server is ready')
  const stop = (): void => void branch.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  tellSupervisor({ environment: process.env, log: logger })
} catch (error) {
  const sentence = sentenceFor(error)
  console.error(sentence ?? error)
  process.exit(sentence === null ? 1 : 2)
}
