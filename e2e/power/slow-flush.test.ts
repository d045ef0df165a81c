// The slow disk of the bench: the same program, now at its usual pace, now slower by as much as it was told.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startUnderShim } from './program.ts'
import { PowerControl } from './shim.ts'

let [root, folder, control] = ['', '', '']
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slow-flush-'))
  folder = join(root, 'data')
  control = join(root, 'control')
  mkdirSync(folder)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a flush takes as many times as long as it is told, from one moment to the next', async () => {
  const flushes = `
    const { openSync, writeSync, fsyncSync } = require('node:fs')
    const file = openSync(process.argv[1], 'w')
    process.stdin.on('data', () => {
      const startedMs = performance.now()
      for (let index = 0; index < 20; index += 1) {
        writeSync(file, 'x'.repeat(4096))
        fsyncSync(file)
      }
      console.log(performance.now() - startedMs)
    })
    console.log('ready')`
  const program = startUnderShim(['--eval', flushes, join(folder, 'file')], { folder, control })
  await program.untilLines(1)
  using disk = new PowerControl(control)
  const tookMs = async (times: number): Promise<number> => {
    disk.slowFlushes(times)
    const lines = program.lines.length
    program.child.stdin.write('go')
    await program.untilLines(lines + 1)
    return Number(program.lines[lines])
  }
  await tookMs(1)
  const ratios: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const usualMs = await tookMs(1)
    ratios.push((await tookMs(20)) / usualMs)
  }
  await program.cut()
  expect(ratios.toSorted((a, b) => a - b)[2]).toBeGreaterThan(4)
})
