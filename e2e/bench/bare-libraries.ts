import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const LIBRARIES = fileURLToPath(new URL('./libraries.mjs', import.meta.url))

/** A process that loads the libraries as node does by itself: nothing is compiled ahead of it, as it is for ours. */
export function startLibraries(...words: readonly 'stay'[]): ChildProcess {
  const { NODE_COMPILE_CACHE: _ours, ...env } = process.env
  return spawn(process.execPath, [LIBRARIES, ...words], { stdio: 'ignore', env })
}
