import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../dist/cloud-sync/dashboard')
const SCRIPT_BYTES_MAX = 250 * 1_024

/** A script, and those that it cannot do without. */
function withImports(name: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  const text = readFileSync(join(FOLDER, 'assets', name), 'utf8')
  for (const [, imported = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(imported, seen)
  return seen
}

test('the first page, the list of branches, brings no more script than a slow line bears', () => {
  const entry = /assets\/(index-[^"]+\.js)/.exec(readFileSync(join(FOLDER, 'index.html'), 'utf8'))?.[1] ?? ''
  // Files of the build before lie there, too: the entry names those of its own.
  const fleet = /fleet-page-[\w-]+\.js/.exec(readFileSync(join(FOLDER, 'assets', entry), 'utf8'))?.[0] ?? ''
  const scripts = new Set([entry, fleet].flatMap((name) => [...withImports(name)]))
  const bytes = [...scripts].reduce((sum, name) => sum + gzipSync(readFileSync(join(FOLDER, 'assets', name))).length, 0)
  console.log(
    `script of the dashboard's first page: ${(bytes / 1_024).toFixed(1)} kB gzip of ${SCRIPT_BYTES_MAX / 1_024}`,
  )
  expect(scripts.size).toBeGreaterThan(1)
  expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES_MAX)
})
