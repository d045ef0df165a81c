import { createServer, type Server, type Socket } from 'node:net'
import {
  createVirtualPrinter,
  PRINTER_MODELS,
  type PrinterBehaviour,
  type PrinterModel,
  type VirtualPrinter,
} from './virtual-printer.ts'

/** A virtual printer behind a real socket. */
export interface TcpPrinter extends VirtualPrinter {
  readonly host: string
  readonly port: number
  /** For KIOSK_PRINTER. */
  readonly address: string
  connectionCount(): number
  /** Stops listening and hangs up, as a cable that is pulled; what was printed stays readable. */
  refuse(): Promise<void>
  /** Listens again on the same port. */
  listen(): Promise<void>
  close(): Promise<void>
}

const HOST = '127.0.0.1'

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

function serve(socket: Socket, printer: VirtualPrinter): void {
  const line = {
    answer: (bytes: Uint8Array) => void socket.write(bytes),
    cut: () => void socket.resetAndDestroy(),
  }
  socket.on('data', (chunk: Buffer) => {
    printer.receive(chunk, line)
    if (!printer.hasRoom()) socket.pause()
  })
  // Over before the printer saw it: what counts is what came.
  socket.on('error', () => socket.destroy())
}

/** Starts an ESC/POS printer on a free port of this machine; one that is spoken to talks to nobody else meanwhile. */
export async function startTcpPrinter(
  behaviour: Partial<PrinterBehaviour> = {},
  model: PrinterModel = PRINTER_MODELS['status-only'],
): Promise<TcpPrinter> {
  const printer = createVirtualPrinter(model, behaviour)
  let current: Socket | null = null
  let connectionCount = 0
  printer.onRoom(() => current?.resume())
  const server = createServer((socket) => {
    connectionCount += 1
    const isBusy = current !== null && !current.destroyed && !current.readableEnded
    if (isBusy || !printer.hasPower()) {
      socket.resetAndDestroy()
      return
    }
    current = socket
    serve(socket, printer)
  })
  const port = await listenOn(server, 0)
  const refuse = () =>
    new Promise<void>((resolve) => {
      current?.destroy()
      if (server.listening) server.close(() => resolve())
      else resolve()
    })
  return {
    ...printer,
    host: HOST,
    port,
    address: `tcp://${HOST}:${port}`,
    connectionCount: () => connectionCount,
    refuse,
    listen: async () => {
      if (!server.listening) await listenOn(server, port)
    },
    close: refuse,
  }
}
