import { type DestinationStream, pino } from 'pino'
import { logOutput } from '../program/log-output.ts'
import { startSentence } from '../program/start-sentence.ts'
import { tellSupervisor } from '../program/tell-supervisor.ts'
import type { DeviceKind } from '../wire/requests.ts'
import { type HostConfig, PREFIX, readHostConfig } from './host-config.ts'
import type { HostOptions, RunningHost } from './start-host.ts'
import { startOrWait } from './wait-for-disk.ts'

/** A paper that is being printed is waited for. */
const CLOSE_MS_MAX = 20_000

/** What a program entry hands on: the environment and the clocks, read here and nowhere else in a host. */
type Ready = Omit<HostOptions, 'extend'>

/** In this process's own place: whoever watches over it sees it go on, and where nobody does it comes back all the same. */
function startAgain(): void {
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], process.env)
  // A system that has no such call.
  process.exit(0)
}

/**
 * Runs a device host as a program: environment in, one sentence and code 2 when it cannot start, an orderly end.
 * @returns for a window in the same process
 */
export async function runHost<Running extends RunningHost>(
  kind: DeviceKind,
  pageFolder: string,
  start: (ready: Ready) => Promise<Running>,
  destination: DestinationStream = logOutput(),
): Promise<Running> {
  // Whatever is created in the data folder is for this user alone.
  process.umask(0o077)
  const logger = pino({ level: 'info' }, destination)
  const clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }
  try {
    const config = readHostConfig(kind, process.env)
    let again = startAgain
    let whole: Pick<RunningHost, 'close'> | null = null
    const restart: Ready['restart'] = (host) => {
      logger.warn('the program begins anew, as head office wants it')
      // What hangs must not keep it from what it was to be freed from by that.
      setTimeout(() => again(), CLOSE_MS_MAX).unref()
      void (whole ?? host).close().then(() => again())
    }
    const started = (told: HostConfig) =>
      start({ config: told, clocks, random: Math.random, logger, pageFolder, restart })
    const running = await startOrWait({ config, log: logger, start: started, fail })
    whole = running
    const stop = (): void => void running.close().then(() => process.exit(0))
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    tellSupervisor({ environment: process.env, log: logger })
    return Object.assign(running, {
      restartBy(other: () => void) {
        again = other
      },
    })
  } catch (error) {
    return fail(error)
  }

  function fail(error: unknown): never {
    const sentence = startSentence(error, PREFIX[kind])
    console.error(sentence ?? error)
    return process.exit(sentence === null ? 1 : 2)
  }
}
