import { write, writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

const STANDARD_OUTPUT = 1
/** Lines that wait while the disk or the reader is slow; what comes beyond is dropped. */
const WAITING_CHARACTERS_MAX = 1024 * 1024
/** In a rush, lines wait so long after a write for others to go with them: each write wakes a thread. */
const PAUSE_MS = 10

/**
 * Where a program's log lines go. Never the program's concern: what a full disk does not take is dropped,
 * and nobody waits for it.
 */
export function logOutput(descriptor = STANDARD_OUTPUT): DestinationStream {
  let waiting = ''
  /** Due: the write that takes along what waits comes at the end of this turn, or of a pause. */
  let state: 'idle' | 'due' | 'writing' = 'idle'

  function writeAll(bytes: Buffer): void {
    write(descriptor, bytes, (error, writtenCount) => {
      // A part was taken: the rest follows, so that no line is torn.
      if (error === null && writtenCount < bytes.length) writeAll(bytes.subarray(writtenCount))
      else {
        state = 'due'
        setTimeout(afterPause, PAUSE_MS).unref()
      }
    })
  }

  function afterPause(): void {
    if (waiting === '') state = 'idle'
    else writeWaiting()
  }

  function writeWaiting(): void {
    const bytes = Buffer.from(waiting)
    waiting = ''
    state = 'writing'
    writeAll(bytes)
  }

  // The last words of a program that ends before they are due.
  process.once('exit', () => {
    if (state !== 'due' || waiting === '') return
    try {
      writeSync(descriptor, waiting)
    } catch {
      // As at any other time, what the disk does not take is dropped.
    }
  })

  return {
    write(line) {
      if (waiting.length + line.length <= WAITING_CHARACTERS_MAX) waiting += line
      if (state !== 'idle' || waiting === '') return
      state = 'due'
      // Requests that shared a commit are answered together: one write for all, where each is a thread to be woken.
      setImmediate(writeWaiting)
    },
  }
}
