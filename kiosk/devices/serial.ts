import { SerialPort } from 'serialport'
import { type EscposSettings, escposPrinter } from './escpos-printer.ts'
import type { TicketPrinter } from './printer.ts'
import { linkOver, type OpenLink } from './printer-link.ts'

/** Start, eight bits, stop. */
const BITS_PER_BYTE = 10

const openSerial =
  (path: string, baud: number): OpenLink =>
  (deadline) => {
    const port = new SerialPort({ path, baudRate: baud, autoOpen: false })
    port.open()
    // What the library has taken is not on the wire: the port is drained before bytes count as taken. When the other end
    // goes away it calls nobody back, which is why every wait here has its own end.
    const send = (bytes: Uint8Array, taken: (error: Error | null | undefined) => void) => {
      port.write(Buffer.from(bytes))
      port.drain(taken)
    }
    const drop = () => {
      if (port.isOpen) port.close(() => {})
    }
    return linkOver({ stream: port, openEvent: 'open', send, drop }, deadline)
  }

export interface SerialPrinterOptions extends EscposSettings {
  /** Best one of /dev/serial/by-id, which stays the same whatever else is plugged in. */
  readonly path: string
  readonly baud: number
}

/** A printer on a serial port. It is opened again and again, as long as it is away. */
export function serialPrinter({ path, baud, ...settings }: SerialPrinterOptions): TicketPrinter {
  return escposPrinter(openSerial(path, baud), { ...settings, bytesPerMs: baud / BITS_PER_BYTE / 1000 })
}
