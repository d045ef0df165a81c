import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tightenModes } from './tighten-modes.ts'

let folder = ''
const said: object[] = []
const log = { warn: (details: object) => void said.push(details) }
const modeOf = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-modes-'))
  said.length = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what others may read is tightened and said; what is tight is left, and nothing is said twice', () => {
  mkdirSync(join(folder, 'backups'))
  for (const [name, mode] of [
    ['installer-token', 0o644],
    ['branch-key.pem', 0o640],
    ['pairing.json', 0o600],
    ['script', 0o755],
  ] as const) {
    writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), mode)
  }
  chmodSync(join(folder, 'backups'), 0o755)
  chmodSync(folder, 0o755)
  const outside = join(tmpdir(), `smartqueue-outside-${process.pid}`)
  writeFileSync(outside, '')
  chmodSync(outside, 0o644)
  symlinkSync(outside, join(folder, 'link'))

  tightenModes(folder, log)
  tightenModes(folder, log)

  expect(['.', 'installer-token', 'branch-key.pem', 'pairing.json', 'backups', 'script'].map(modeOf)).toEqual([
    ...['700', '600', '600', '600', '700', '700'],
  ])
  // What a link leads to is somebody else's.
  expect((statSync(outside).mode & 0o777).toString(8)).toBe('644')
  rmSync(outside)
  expect(said).toEqual([{ folder, loose: ['.', 'backups', 'branch-key.pem', 'installer-token', 'script'] }])
})

test('a folder that is not there keeps nobody from starting', () => {
  tightenModes(join(folder, 'nowhere'), log)
  expect(said.length).toBe(1)
})
