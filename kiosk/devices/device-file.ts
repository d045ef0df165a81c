import { type ChildProcess, fork } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { FromChild, ToChild } from './device-file-child.ts'
import { type EscposSettings, escposPrinter, PRINTER_WAITS } from './escpos-printer.ts'
import type { TicketPrinter } from './printer.ts'
import { linkOver, type OpenLink } from './printer-link.ts'

/** A process is started first, and on a slow or busy box that takes far longer than opening a line does. */
const OPEN_WAIT_MS = 2_000

const CHILD = new URL('./device-file-child.ts', import.meta.url)

/** A process of its own for the device file: a write at the end of the paper never returns, and can only be killed. */
const openDevice =
  (path: string): OpenLink =>
  (deadline) => {
    const child: ChildProcess = fork(CHILD, [path], { serialization: 'advanced', stdio: 'ignore' })
    const takenById = new Map<number, (error: Error | null) => void>()
    let writeCount = 0
    const stream = new Duplex({
      autoDestroy: false,
      read: () => {},
      final(done) {
        child.kill('SIGTERM')
        done()
      },
    })
    const drop = () => {
      child.kill('SIGKILL')
    }
    child.on('message', (message: FromChild) => {
      if (message.type === 'open') stream.emit('open')
      else if (message.type === 'heard') stream.push(message.bytes)
      else {
        takenById.get(message.id)?.(null)
        // A line is kept for months, and asked every other second.
        takenById.delete(message.id)
      }
    })
    child.on('error', () => stream.destroy())
    child.on('exit', () => stream.destroy())
    const send = (bytes: Uint8Array, taken: (error: Error | null) => void) => {
      writeCount += 1
      takenById.set(writeCount, taken)
      const message: ToChild = { id: writeCount, bytes: Buffer.from(bytes) }
      child.send(message, (error) => {
        if (error !== null) stream.destroy()
      })
    }
    return linkOver({ stream, openEvent: 'open', send, drop }, deadline)
  }

export interface DevicePrinterOptions extends EscposSettings {
  readonly path: string
}

/** A printer behind a device file, as the kernel makes for one on USB. */
export function devicePrinter({ path, ...settings }: DevicePrinterOptions): TicketPrinter {
  return escposPrinter(openDevice(path), { waits: { ...PRINTER_WAITS, connectMs: OPEN_WAIT_MS }, ...settings })
}
