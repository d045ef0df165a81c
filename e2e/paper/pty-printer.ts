import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

function compile(folder: string): string {
  const program = join(folder, 'pty')
  const source = join(import.meta.dirname, 'pty.c')
  const { status, stderr, error } = spawnSync('cc', ['-O1', '-Wall', '-o', program, source], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`A C compiler (cc) is needed: ${error?.message ?? stderr}`)
  return program
}

/** Plugs a printer into a new device file of this machine. */
export async function startPtyPrinter(
  behaviour: Partial<PrinterBehaviour> = {},
  model: PrinterModel = PRINTER_MODELS['status-only'],
): Promise<PtyPrinter> {
  const printer = createVirtualPrinter(model, behaviour)
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-pty-'))
  const cable = spawn(compile(folder), { stdio: ['pipe', 'pipe', 'pipe'] })
  const gone = new Promise<void>((resolve) => cable.on('exit', () => resolve()))
  const path = await new Promise<string>((resolve, reject) => {
    cable.stderr.once('data', (name: Buffer) => resolve(name.toString().trim()))
    cable.once('exit', () => reject(new Error('This machine gives no pseudo-terminal')))
  })
  const line = { answer: (bytes: Uint8Array) => void cable.stdin.write(bytes), cut: () => void cable.kill() }
  // A cable that is pulled while the printer speaks.
  cable.stdin.on('error', () => cable.kill())
  cable.stdout.on('data', (chunk: Buffer) => {
    printer.receive(chunk, line)
    if (!printer.hasRoom()) cable.stdout.pause()
  })
  printer.onRoom(() => cable.stdout.resume())
  const pull = async () => {
    cable.kill()
    await gone
  }
  return {
    ...printer,
    path,
    pull,
    async close() {
      await pull()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
