import { type DestinationStream, pino } from 'pino'
import { logOutput } from '../program/log-output.ts'
import { startSentence } from '../program/start-sentence.ts'
import { tellSupervisor } from '../program/tell-supervisor.ts'
import type { DeviceKind } from '../wire/requests.ts'
import { type HostConfig, PREFIX, readHostConfig } from './host-config.ts'
import type { HostOptions, RunningHost } from './start-host.ts'
import { startOrWait } from './wait-for-disk.ts'

/** What a program entry hands on: the environment and the clocks, read here and nowhere else in a host. */
type Ready = Omit<HostOptions, 'extend'>

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
    const started = (told: HostConfig) => start({ config: told, clocks, random: Math.random, logger, pageFolder })
    const running = await startOrWait({ config, log: logger, start: started, fail })
    const stop = (): void => void running.close().then(() => process.exit(0))
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    tellSupervisor({ environment: process.env, log: logger })
    return running
  } catch (error) {
    return fail(error)
  }

  function fail(error: unknown): never {
    const sentence = startSentence(error, PREFIX[kind])
    console.error(sentence ?? error)
    return process.exit(sentence === null ? 1 : 2)
  }
}
