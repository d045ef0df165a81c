import { openPty } from './pty.ts'
import {
  createVirtualPrinter,
  PRINTER_MODELS,
  type PrinterBehaviour,
  type PrinterModel,
  type VirtualPrinter,
} from './virtual-printer.ts'

/** A virtual printer behind a device file, as on a serial cable or on USB. */
export interface PtyPrinter extends VirtualPrinter {
  readonly path: string
  /** The cable is pulled: the device file goes away. */
  pull(): Promise<void>
  close(): Promise<void>
}

/** Plugs a printer into a new device file of this machine. */
export async function startPtyPrinter(
  behaviour: Partial<PrinterBehaviour> = {},
  model: PrinterModel = PRINTER_MODELS['status-only'],
): Promise<PtyPrinter> {
  const printer = createVirtualPrinter(model, behaviour)
  const { path, cable, pull, close } = await openPty()
  const line = { answer: (bytes: Uint8Array) => void cable.stdin.write(bytes), cut: () => void cable.kill() }
  // A cable that is pulled while the printer speaks.
  cable.stdin.on('error', () => cable.kill())
  cable.stdout.on('data', (chunk: Buffer) => {
    printer.receive(chunk, line)
    if (!printer.hasRoom()) cable.stdout.pause()
  })
  printer.onRoom(() => cable.stdout.resume())
  return { ...printer, path, pull, close }
}
