import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { BUNDLE_BYTES_MAX, type BundleLine, type DiagnosticsBundle, LINES_MAX } from '#shared/wire/diagnostics.ts'
import { fitted } from './bundle.ts'

/** So many letters in which nothing repeats itself. */
const letters = (seed: number, length: number): string =>
  Array.from({ length: Math.ceil(length / 64) }, (_, at) =>
    createHash('sha512').update(`${seed} ${at}`).digest('base64'),
  )
    .join('')
    .replaceAll(/[^A-Za-z]/g, 'x')
    .slice(0, length)

const lineAt = (at: number, frames: number): BundleLine => ({
  ...{ level: 50, atMs: at, text: letters(at, 240) },
  error: {
    code: null,
    at: Array.from({ length: frames }, (_, frame) => `${letters(at * 100 + frame, 110)}.ts:1`),
  },
})
const withLines = (frames: number): DiagnosticsBundle =>
  ({
    v: 1,
    lines: Array.from({ length: LINES_MAX }, (_, at) => lineAt(at, frames)),
    leftOut: 7,
  }) as unknown as DiagnosticsBundle
const packedBytes = (bundle: DiagnosticsBundle): number => gzipSync(JSON.stringify(bundle)).length

test('a bundle that the cloud would not take loses its oldest lines until it fits, and says how many', () => {
  const large = withLines(12)
  expect(packedBytes(large)).toBeGreaterThan(BUNDLE_BYTES_MAX)
  const small = fitted(large)
  expect(packedBytes(small)).toBeLessThanOrEqual(BUNDLE_BYTES_MAX)
  expect(small.lines.length).toBeGreaterThan(100)
  expect(small.lines).toEqual(large.lines.slice(-small.lines.length))
  expect(small.leftOut).toBe(7 + LINES_MAX - small.lines.length)
})

test('a bundle that fits goes as it is', () => {
  const bundle = withLines(0)
  expect(fitted(bundle)).toBe(bundle)
})
