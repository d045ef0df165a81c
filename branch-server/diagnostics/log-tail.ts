import type { DestinationStream } from 'pino'

/** Lines that are kept for whoever asks how the branch is. */
const LINES_KEPT = 300
/** A longer one is no line of ours. */
const LINE_CHARACTERS_MAX = 8_192

/** The last lines of the log, as they were written, in memory alone. */
export interface LogTail {
  readonly lines: () => readonly string[]
  /** How many there were before these. */
  readonly goneCount: () => number
}

/** @returns where log lines are to go, so that the last of them are kept beside their way out */
export function keepTail(output: DestinationStream): { readonly stream: DestinationStream; readonly tail: LogTail } {
  let lines: string[] = []
  let goneCount = 0
  return {
    stream: {
      write(line) {
        output.write(line)
        lines.push(line.length > LINE_CHARACTERS_MAX ? '' : line)
        if (lines.length < 2 * LINES_KEPT) return
        goneCount += lines.length - LINES_KEPT
        lines = lines.slice(-LINES_KEPT)
      },
    },
    tail: {
      lines: () => lines.slice(-LINES_KEPT),
      goneCount: () => goneCount + Math.max(0, lines.length - LINES_KEPT),
    },
  }
}

/** Of a branch that was started without one. */
export const NO_TAIL: LogTail = { lines: () => [], goneCount: () => 0 }
