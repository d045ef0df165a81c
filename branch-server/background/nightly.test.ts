import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createNightly } from './nightly.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const HOUR_MS = 3_600_000

test('each night is copied once, and a stick that was pulled out is told and tried again', async () => {
  const root = mkdtempSync(join(tmpdir(), 'smartqueue-nightly-'))
  const folder = join(root, 'stick')
  let nowMs = Date.UTC(2026, 10, 23, 2)
  const worker = {
    async backup() {
      const file = join(folder, `branch-${nowMs}.db`)
      writeFileSync(file, 'a copy')
      utimesSync(file, nowMs / 1_000, nowMs / 1_000)
      return { file }
    },
  }
  const nightly = createNightly({
    folder,
    dataFolder: root,
    worker,
    timezone: () => 'Africa/Dakar',
    wallMs: () => nowMs,
    log: silent,
  })
  const after = async (hours: number): Promise<number | string | null> => {
    nowMs += hours * HOUR_MS
    await nightly.tick()
    return nightly.health().fault ?? readdirSync(folder).length
  }
  expect(await after(0)).toBe('missing')
  expect(nightly.health().detail).toContain(folder)
  mkdirSync(folder)
  expect(await after(0)).toBe('missing')
  expect(await after(0.5)).toBe(1)
  expect(await after(1)).toBe(2)
  expect(await after(6)).toBe(2)
  expect(await after(12)).toBe(2)
  expect(await after(6)).toBe(3)
  // What people have recorded is beside the copies, as it was that night.
  const recordings = join(root, 'voice', 'packs', 'wo')
  mkdirSync(recordings, { recursive: true })
  writeFileSync(join(recordings, 'n-1.wav'), 'one')
  const film = 'f'.repeat(64)
  mkdirSync(join(root, 'media'))
  for (const name of [film, `${film}.json`]) writeFileSync(join(root, 'media', name), '{}')
  await after(24)
  expect(readdirSync(join(folder, 'voice-packs', 'wo'))).toEqual(['n-1.wav'])
  // On the branch's own disk a copy of a film would die with it: its name is enough to ask for it again.
  expect(readdirSync(join(folder, 'media'))).toEqual([`${film}.json`])
  rmSync(join(recordings, 'n-1.wav'))
  writeFileSync(join(recordings, 'n-2.wav'), 'two')
  await after(24)
  expect(readdirSync(join(folder, 'voice-packs', 'wo'))).toEqual(['n-2.wav'])
  rmSync(root, { recursive: true })
})
