import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import NODE_WORDS from './node-words.json' with { type: 'json' }

/** The root of the project. */
export const ROOT = new URL('..', import.meta.url).pathname
const END_MS_MAX = 5_000
export const READY_MS_MAX = 30_000
const READY_PAUSE_MS = 100

export interface Program {
  readonly name: string
  readonly child: ChildProcess
  readonly logFile: string
  /** Where in it this run begins. */
  readonly logFrom: number
  /** How long it may take to end. */
  readonly endMsMax: number
}

/** What a program is told of memory, wherever it is started. */
const wordsForNode = (file: string): readonly string[] =>
  (NODE_WORDS as Readonly<Record<string, readonly string[]>>)[file] ?? []

/** Starts a file of the project on this Node, its output in a file of its own. */
export function startProgram(
  name: string,
  file: string,
  environment: Readonly<Record<string, string>>,
  logFolder: string,
  endMsMax = END_MS_MAX,
): Program {
  mkdirSync(logFolder, { recursive: true })
  const logFile = join(logFolder, `${name}.log`)
  // What a program says may hold a one-time link: it is read by whoever runs it alone.
  const log = openSync(logFile, 'a', 0o600)
  const logFrom = fstatSync(log).size
  const child = spawn(process.execPath, [...wordsForNode(file), join(ROOT, file)], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  return { name, child, logFile, logFrom, endMsMax }
}

/** What a program has said in this run. */
const saidBy = ({ logFile, logFrom }: Program): string => readFileSync(logFile).subarray(logFrom).toString()

/** Why it ended: its last words for people, else its last line for machines. */
export function lastWordsOf(program: Program): string {
  const lines = saidBy(program).trim().split('\n')
  return lines.findLast((line) => !line.startsWith('{')) ?? lines.at(-1) ?? ''
}

/** Where it listens, as it said itself: who answers on a port could be anybody. null: it has not said so yet. */
export const listensAt = (program: Program): string | null =>
  /"url":"([^"]+)".*is ready"/.exec(saidBy(program))?.[1] ?? null

/** The one-time link by which the cloud lets its first administrator in; null: somebody can sign in already. */
export const firstLinkOf = (program: Program): string | null =>
  /"link":"([^"]+)".*nobody can sign in yet/.exec(saidBy(program))?.[1] ?? null

/** Waits until an address answers well. @returns false when it did not within READY_MS_MAX */
export async function untilReady(url: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < READY_MS_MAX; waitedMs += READY_PAUSE_MS) {
    try {
      if ((await fetch(url)).ok) return true
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS))
  }
  return false
}

/** Ends programs in the order given, each orderly if it will, by force if it will not. */
export async function endPrograms(programs: readonly Program[]): Promise<void> {
  for (const { child, endMsMax } of programs) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), endMsMax)
    await gone
    clearTimeout(force)
  }
}

/** Runs a command of an installed package to its end. @returns whether it succeeded */
export async function runToEnd(words: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [join(ROOT, 'tools/run.mjs'), ...words], { cwd: ROOT, stdio: 'inherit' })
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)))
}
