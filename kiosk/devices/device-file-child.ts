// Holds a printer's device file open, writes what it is sent and tells what it hears. It may be killed at any moment.
import { close, constants, open, read, stat, write } from 'node:fs'

export interface ToChild {
  readonly id: number
  readonly bytes: Buffer
}

export type FromChild =
  | { readonly type: 'open' }
  | { readonly type: 'taken'; readonly id: number }
  | { readonly type: 'heard'; readonly bytes: Buffer }

const ANSWER_BYTES_MAX = 256
/** A device that has nothing to say answers at once with nothing. */
const SILENCE_MS = 50

const tell = (message: FromChild): void => void process.send?.(message)
const giveUp = (): never => process.exit(1)

/** Printers that only listen refuse to be read. */
function listen(file: number): void {
  const buffer = Buffer.alloc(ANSWER_BYTES_MAX)
  read(file, buffer, 0, buffer.length, null, (error, count) => {
    if (error !== null && error.code !== 'EAGAIN') return
    if (count > 0) tell({ type: 'heard', bytes: Buffer.from(buffer.subarray(0, count)) })
    setTimeout(() => listen(file), count > 0 ? 0 : SILENCE_MS)
  })
}

function writeAll(file: number, bytes: Buffer, done: () => void): void {
  write(file, bytes, 0, bytes.length, null, (error, count) => {
    if (error !== null && error.code !== 'EAGAIN') giveUp()
    else if (count < bytes.length)
      setTimeout(() => writeAll(file, bytes.subarray(count), done), error === null ? 0 : SILENCE_MS)
    else done()
  })
}

function serve(file: number): void {
  let last = Promise.resolve()
  process.on('message', ({ id, bytes }: ToChild) => {
    last = last
      .then(() => new Promise<void>((done) => writeAll(file, bytes, done)))
      .then(() => tell({ type: 'taken', id }))
  })
  process.on('disconnect', () => close(file, () => process.exit()))
  process.on('SIGTERM', () => close(file, () => process.exit()))
  tell({ type: 'open' })
}

const [, , path = ''] = process.argv
const { O_RDWR, O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants
stat(path, (error, found) => {
  if (error !== null) return giveUp()
  // What is no device says nothing: a pipe would give back what was written to it.
  const isDevice = found.isCharacterDevice()
  open(path, isDevice ? O_RDWR | O_NOCTTY | O_NONBLOCK : O_WRONLY, (failure, file) => {
    if (failure !== null) return giveUp()
    serve(file)
    if (isDevice) listen(file)
  })
})
