import { write } from 'node:fs'
import type { DestinationStream } from 'pino'

const STANDARD_OUTPUT = 1
/** Lines that wait while the disk or the reader is slow; what comes beyond is dropped. */
const WAITING_CHARACTERS_MAX = 1024 * 1024

/**
 * Where a program's log lines go. Never the program's concern: what a full disk does not take is dropped,
 * and nobody waits for it.
 */
export function logOutput(descriptor = STANDARD_OUTPUT): DestinationStream {
  let waiting = ''
  let isWriting = false

  function writeAll(bytes: Buffer): void {
    write(descriptor, bytes, (error, writtenCount) => {
      // A part was taken: the rest follows, so that no line is torn.
      if (error === null && writtenCount < bytes.length) writeAll(bytes.subarray(writtenCount))
      else {
        isWriting = false
        flush()
      }
    })
  }

  function flush(): void {
    if (isWriting || waiting === '') return
    isWriting = true
    const bytes = Buffer.from(waiting)
    waiting = ''
    writeAll(bytes)
  }

  return {
    write(line) {
      if (waiting.length + line.length <= WAITING_CHARACTERS_MAX) waiting += line
      flush()
    },
  }
}
