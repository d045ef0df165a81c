// A program that runs on the faulty disk, and what it said before it died.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { type FaultPlan, faultEnvironment } from './shim.ts'

// A program that nothing cuts ends by SIGTERM: no test waits for ever, and none takes that for its cut.
const LIFE_MS_MAX = 120_000

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** A program on the faulty disk. What it prints is read to the last byte, even when it was cut in the middle. */
export class PoweredProgram {
  readonly child: Child
  /** The lines it printed so far; an acknowledgement printed before the cut is always among them. */
  readonly lines: string[] = []
  readonly ended: Promise<Exit>
  errors = ''
  #waiting: (() => void)[] = []

  constructor(child: Child) {
    this.child = child
    let rest = ''
    child.stdin.on('error', () => undefined) // Cut in the middle of a write to it.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? '' // A line without its end was not said.
      this.lines.push(...parts)
      this.#wake()
    })
    this.ended = new Promise((settle) => {
      child.on('close', (code, signal) => {
        settle({ code, signal })
        this.#wake()
      })
    })
  }

  /** Waits until it printed that many lines, or ended. */
  async untilLines(count: number): Promise<void> {
    while (this.lines.length < count && !this.child.stdout.closed)
      await new Promise<void>((wake) => this.#waiting.push(wake))
  }

  /** Pulls the plug. */
  async cut(): Promise<Exit> {
    this.child.kill('SIGKILL')
    return this.ended
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

/** Starts `node ...words` on the faulty disk. */
export function startUnderShim(words: readonly string[], plan: FaultPlan, environment = process.env): PoweredProgram {
  const env = { ...environment, ...faultEnvironment(plan) }
  return new PoweredProgram(
    spawn(process.execPath, words, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: LIFE_MS_MAX }),
  )
}
