import { connect } from 'node:net'
import { type EscposSettings, escposPrinter } from './escpos-printer.ts'
import type { TicketPrinter } from './printer.ts'
import { linkOver, type OpenLink } from './printer-link.ts'

const openSocket =
  (host: string, port: number): OpenLink =>
  (deadline) => {
    const socket = connect({ host, port, noDelay: true })
    const send = socket.write.bind(socket) as (bytes: Uint8Array, taken: (error?: Error | null) => void) => void
    return linkOver({ stream: socket, openEvent: 'connect', send, drop: () => socket.destroy() }, deadline)
  }

export interface NetworkPrinterOptions extends EscposSettings {
  readonly host: string
  readonly port: number
}

/** A printer on the network, port 9100 and the like. */
export function networkPrinter({ host, port, ...settings }: NetworkPrinterOptions): TicketPrinter {
  return escposPrinter(openSocket(host, port), settings)
}
