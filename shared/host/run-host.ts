import { type DestinationStream, pino } from 'pino'
import type { DeviceKind } from '../wire/requests.ts'
import { HostConfigError, readHostConfig } from './host-config.ts'
import type { HostOptions, RunningHost } from './start-host.ts'

/** What a program entry hands on: the environment and the clocks, read here and nowhere else in a host. */
type Ready = Omit<HostOptions, 'extend'>

function sentenceFor(error: unknown, kind: DeviceKind): string | null {
  if (error instanceof HostConfigError) return error.message
  if (!(error instanceof Error) || !('code' in error)) return null
  switch (error.code) {
    case 'EADDRINUSE':
      return `The port of the ${kind} is taken: another program listens there; end it or set another one.`
    case 'EACCES':
    case 'EROFS':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return `The data folder of the ${kind} cannot be written (${error.message}).`
    default:
      return null
  }
}

/** Runs a device host as a program: environment in, one sentence and code 2 when it cannot start, an orderly end. */
export async function runHost(
  kind: DeviceKind,
  pageFolder: string,
  start: (ready: Ready) => Promise<RunningHost>,
  destination: DestinationStream = pino.destination({ dest: 1, sync: false }),
): Promise<void> {
  const logger = pino({ level: 'info' }, destination)
  const clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }
  try {
    const config = readHostConfig(kind, process.env)
    const running = await start({ config, clocks, random: Math.random, logger, pageFolder })
    logger.info({ url: running.url, folder: config.folder }, `the ${kind} is ready`)
    const stop = (): void => void running.close().then(() => process.exit(0))
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  } catch (error) {
    const sentence = sentenceFor(error, kind)
    console.error(sentence ?? error)
    process.exit(sentence === null ? 1 : 2)
  }
}
