import { spawn } from 'node:child_process'

/** Node speaks no datagrams on Unix sockets, so that systemd's own little program says it. */
const PROGRAM = 'systemd-notify'
/** A word that has not been said by then is not said any more. */
const SAY_MS_MAX = 10_000
/** Three beats fit into the time after which systemd acts, so that one may be late. */
const BEATS_PER_LIMIT = 3

interface Told {
  warn(details: object, message: string): void
}

export interface Supervised {
  /** What systemd has told the program. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly log: Told
  /** Whether all is well, asked before each beat; left out: as long as the program's loop turns. */
  readonly isWell?: () => boolean
  /** Tests put their own here. */
  readonly program?: string
}

/** @returns how often to beat; null when nobody watches */
function beatMs({ WATCHDOG_USEC: limit }: Supervised['environment']): number | null {
  if (limit === undefined || !/^[1-9]\d{3,14}$/.test(limit)) return null
  return Math.max(1, Math.floor(Number(limit) / 1_000 / BEATS_PER_LIMIT))
}

/**
 * Tells systemd that the program is ready, and then, where the unit has `WatchdogSec`, that it lives: the unit of a program
 * whose loop stands still hears nothing and is started anew. Does nothing where no supervisor has asked for it.
 * @returns stops it
 */
export function tellSupervisor({ environment, log, isWell, program = PROGRAM }: Supervised): () => void {
  const socket = environment['NOTIFY_SOCKET']
  if (socket === undefined || socket === '') return () => {}
  let isSaying = false

  function say(...words: readonly string[]): void {
    // One that does not end must not become a crowd.
    if (isSaying) return
    isSaying = true
    const saying = spawn(program, words, { stdio: 'ignore', timeout: SAY_MS_MAX, env: { ...environment } })
    saying.once('error', (error) => {
      isSaying = false
      log.warn({ err: error }, 'the supervisor could not be told that the program lives')
    })
    saying.once('exit', (code) => {
      isSaying = false
      if (code !== 0) log.warn({ code }, 'the supervisor did not hear that the program lives')
    })
  }

  say('--ready')
  const everyMs = beatMs(environment)
  if (everyMs === null) return () => {}
  const timer = setInterval(() => {
    if (isWell?.() ?? true) say('WATCHDOG=1')
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
