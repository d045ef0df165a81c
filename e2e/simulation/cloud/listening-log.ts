import type { Log } from '../../../branch-server/log.ts'
import type { Timeline } from './timeline.ts'

/** Said by the program only when it is in the wrong itself. */
const BUGS = ['a command threw', 'a reader of the log threw', 'the upload to the cloud has ended']

const describe = (it: unknown): string => {
  const error = typeof it === 'object' && it !== null && 'err' in it ? it.err : null
  return error instanceof Error ? (error.stack ?? error.message) : ''
}

/** What a program says is noted; what it says only when it is in the wrong itself is complained of. */
export function listeningLog(name: string, timeline: Timeline, complain: (what: string) => void): Log {
  const say = (it: unknown, message = ''): void => {
    timeline.note(name, `says: ${message}`)
    if (BUGS.some((bug) => message.startsWith(bug))) complain(`${name} says: ${message} ${describe(it)}`)
  }
  return { info: say, warn: say, error: say } as Log
}
