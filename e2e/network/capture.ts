import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Box } from './lan.ts'

export interface Captured {
  readonly frames: readonly Buffer[]
  readonly missed: number
}

export interface Capture {
  /** Ends it. */
  stop(): Promise<Captured>
}

/** Of one helper in C: whoever captures must not be able to lose what it would rather not see. */
function compile(folder: string): string {
  const program = join(folder, 'capture')
  const source = join(import.meta.dirname, 'capture.c')
  const { error, status, stderr } = spawnSync('cc', ['-O2', '-Wall', '-o', program, source], { encoding: 'utf8' })
  if (error) throw new Error('The network tests need a C compiler: install gcc.')
  if (status !== 0) throw new Error(`The capture helper does not compile:\n${stderr}`)
  return program
}

function framesIn(bytes: Buffer): readonly Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at)
    frames.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return frames
}

const ended = (child: ChildProcess): Promise<unknown> => once(child, 'exit')

/** Takes down every frame that passes a box, from now on. */
export async function startCapture(box: Box, folder: string): Promise<Capture> {
  const file = join(folder, 'frames')
  const out = openSync(file, 'w')
  const [command, ...words] = box.inside([compile(folder)])
  const child = spawn(command ?? '', words, { stdio: ['ignore', out, 'pipe'] })
  closeSync(out)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  const exit = ended(child)
  if (child.stderr !== null) await Promise.race([once(child.stderr, 'data'), exit])
  if (!said.startsWith('listening')) throw new Error(`The network cannot be listened to: ${said}`)
  return {
    async stop() {
      child.kill('SIGTERM')
      await exit
      const missed = /missed (\d+)/.exec(said)?.[1]
      if (missed === undefined) throw new Error(`The capture broke off: ${said}`)
      return { frames: framesIn(readFileSync(file)), missed: Number(missed) }
    },
  }
}

/** Which of these texts passed in the open, whatever protocol they were in. */
export const textsSeen = ({ frames }: Captured, texts: readonly string[]): readonly string[] =>
  texts.filter((text) => frames.some((frame) => frame.includes(text)))
