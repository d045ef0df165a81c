import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))

/**
 * Runs a program whose code is stripped and compiled once, and kept beside the packages: the next start only reads it.
 * The launcher has said so already when it started this. Where that folder cannot be written, the start is slower.
 * @param load - loads and starts it; started without the launcher, nothing that is imported before is kept
 */
export async function runCompiled(load: () => Promise<unknown>): Promise<void> {
  enableCompileCache(COMPILED)
  await load()
  // A box ends by a power cut as often as by a signal, so it does not wait for its end to write it down.
  flushCompileCache()
}
