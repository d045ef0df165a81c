import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// What was stripped and compiled once is kept beside the packages, so that the next start only reads it; the launcher
// has said so already when it started this. Where that folder cannot be written, the branch starts more slowly.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
await import('./run.ts')
// A branch ends by a power cut as often as by a signal, so it does not wait for its end to write it down.
flushCompileCache()
