import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A serial cable into this machine: what is written to `stdin` comes out of the device file, and the other way round. */
export interface Pty {
  readonly path: string
  readonly cable: ChildProcessWithoutNullStreams
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

export async function openPty(): Promise<Pty> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-pty-'))
  const cable = spawn(compile(folder), { stdio: ['pipe', 'pipe', 'pipe'] })
  const gone = new Promise<void>((resolve) => cable.on('exit', () => resolve()))
  const path = await new Promise<string>((resolve, reject) => {
    cable.stderr.once('data', (name: Buffer) => resolve(name.toString().trim()))
    cable.once('exit', () => reject(new Error('This machine gives no pseudo-terminal')))
  })
  const pull = async () => {
    cable.kill()
    await gone
  }
  return {
    path,
    cable,
    pull,
    async close() {
      await pull()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
