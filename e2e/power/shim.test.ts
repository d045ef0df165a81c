// The shim has to be believed by the tests that build on it: each of its claims is proved here on a small program.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type PoweredProgram, startUnderShim } from './program.ts'
import {
  compileShim,
  countOperations,
  type FaultPlan,
  type KillOrder,
  PowerControl,
  restoreDurable,
  UNTIL_DISARMED,
} from './shim.ts'

const CUTS = 60
const SCATTERED_CUTS = 20
const LAST_CUT_MS = 60
const THREAD_CUTS = 6
const WRITERS = ['a', 'b', 'c', 'd']
const CHECKPOINT_PAGES = 10 // Often, so that cuts meet checkpoints and logs that start over.
const CHILD = join(import.meta.dirname, 'child.ts')

let [root, folder, durable, control] = ['', '', '', '']

beforeAll(() => {
  compileShim()
  root = mkdtempSync(join(tmpdir(), 'power-test-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeEach(() => {
  const own = mkdtempSync(join(root, 'case-'))
  folder = join(own, 'data')
  durable = join(own, 'durable')
  control = join(own, 'control')
  mkdirSync(folder)
})

function start(synchronous: 'FULL' | 'NORMAL', plan: Partial<FaultPlan>): PoweredProgram {
  // A checkpoint syncs: the program with synchronous=NORMAL does one only when it is told to.
  const checkpointPages = synchronous === 'FULL' ? CHECKPOINT_PAGES : 0
  return startUnderShim([CHILD, folder, synchronous, String(checkpointPages)], { folder, ...plan })
}

/** Gives one command and returns the answer. */
async function ask(program: PoweredProgram, command: string): Promise<string | undefined> {
  const before = Math.max(1, program.lines.length) // The first line says that it is ready.
  await program.untilLines(before)
  program.child.stdin.write(`${command}\n`)
  await program.untilLines(before + 1)
  return program.lines[before]
}

async function askAll(program: PoweredProgram, ...commands: string[]): Promise<void> {
  for (const command of commands) expect(await ask(program, command)).toBe('ok')
}

function acknowledged(program: PoweredProgram): number[] {
  return program.lines.map(Number).filter(Number.isInteger)
}

/** Opens the database without the shim, as the next start would, and returns the ids of its rows. */
function survivors(): Set<number> {
  const database = new Database(join(folder, 'rows.db'))
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  const there = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'rows'").get() !== undefined
  const ids = there ? database.prepare<[], number>('SELECT id FROM rows').pluck().all() : []
  database.close()
  return new Set(ids)
}

function lost(acks: readonly number[]): number[] {
  const alive = survivors()
  return acks.filter((id) => !alive.has(id))
}

/** Starts, inserts until the plug is pulled, and puts back what was durable. */
async function cycle(afterMs: number, kill?: KillOrder, reached?: () => boolean): Promise<number[]> {
  const program = start('FULL', { durable, ...(kill && { kill }) })
  program.child.stdin.write('insert-for-ever\n')
  if (kill === undefined) {
    await program.untilLines(1)
    await new Promise((wake) => setTimeout(wake, afterMs))
    await program.cut()
  }
  expect(await program.ended).toEqual({ code: null, signal: 'SIGKILL' })
  expect(program.errors).toBe('')
  restoreDurable(durable, folder, reached)
  return acknowledged(program)
}

describe('a power cut', () => {
  test('loses no acknowledged row with synchronous=FULL, whenever it comes', async () => {
    const acks: number[] = []
    const startedAt = performance.now()
    for (let cut = 0; cut < CUTS; cut++) {
      acks.push(...(await cycle(Math.random() * LAST_CUT_MS)))
      expect(lost(acks)).toEqual([])
    }
    expect(acks.length).toBeGreaterThan(CUTS)
    const each = (performance.now() - startedAt) / CUTS
    console.info(`${CUTS} cuts, ${acks.length} acknowledged rows, ${each.toFixed(0)} ms for each cycle`)
  })

  test.each(['before', 'after', 'torn'] as const)('loses none right %s any storage operation', async (when) => {
    const acks: number[] = []
    for (let at = 1; at <= 106; at += 5) {
      acks.push(...(await cycle(0, { at, when })))
      expect(lost(acks)).toEqual([])
    }
    expect(acks.length).toBeGreaterThan(0)
  })

  test('loses none when any part of what was not synced reached the disk', async () => {
    const acks: number[] = []
    for (let cut = 0; cut < SCATTERED_CUTS; cut++) {
      acks.push(...(await cycle(Math.random() * LAST_CUT_MS, undefined, () => Math.random() < 0.5)))
      expect(lost(acks)).toEqual([])
    }
  })

  test('in the middle of an fsync leaves every other changed sector', async () => {
    const program = start('FULL', { durable, control })
    await askAll(program, `write a ${'o'.repeat(2048)}`, 'sync a', `write a ${'n'.repeat(2048)}`)
    using disk = new PowerControl(control)
    disk.kill({ at: 1, when: 'torn', kinds: ['fsync'] })
    expect(await ask(program, 'sync a')).toBeUndefined()
    restoreDurable(durable, folder)
    expect(
      read('a')
        .match(/n+|o+/g)
        ?.map((run) => `${run.charAt(0)}${run.length}`),
    ).toEqual(['n512', 'o512', 'n512', 'o512'])
  })

  test('may keep any part of what was not synced', async () => {
    const program = start('FULL', { durable })
    await askAll(program, `write a ${'o'.repeat(2048)}`, 'sync a', `write a ${'n'.repeat(2048)}`)
    await program.cut()
    let asked = 0
    restoreDurable(durable, folder, () => asked++ % 2 === 0) // The first answer is for the length.
    expect(runs('a')).toEqual(['o512', 'n512', 'o512', 'n512'])
  })

  test('loses acknowledged rows with synchronous=NORMAL', async () => {
    const program = start('NORMAL', { durable })
    await ask(program, 'insert')
    await askAll(program, 'checkpoint')
    for (let row = 0; row < 20; row++) await ask(program, 'insert')
    await program.cut()
    restoreDurable(durable, folder)
    const acks = acknowledged(program)
    expect(acks).toHaveLength(21)
    // The checkpoint synced the first row; since then nothing was.
    expect(lost(acks)).toEqual(acks.slice(1))
  })
})

test('a killed process alone loses nothing, even with synchronous=NORMAL', async () => {
  const program = start('NORMAL', {})
  program.child.stdin.write('insert-for-ever\n')
  await program.untilLines(30)
  await program.cut()
  expect(lost(acknowledged(program))).toEqual([])
})

describe('a failure', () => {
  test.each([
    { errno: 'ENOSPC', kinds: ['write'], code: 'SQLITE_FULL' },
    { errno: 'EIO', kinds: ['write'], code: 'SQLITE_IOERR_WRITE' },
    { errno: 'EROFS', kinds: ['write'], code: 'SQLITE_IOERR_WRITE' },
    { errno: 'EIO', kinds: ['fsync'], code: 'SQLITE_IOERR_FSYNC' },
  ] as const)('$errno on $kinds is $code, until the disk is well again', async ({ errno, kinds, code }) => {
    const program = start('FULL', { durable, control })
    await ask(program, 'insert')
    using disk = new PowerControl(control)
    disk.fail({ errno, kinds, count: UNTIL_DISARMED })
    expect(await ask(program, 'insert')).toBe(code)
    expect(await ask(program, 'insert')).toBe(code)
    expect(disk.counts().failed).toBeGreaterThanOrEqual(2)
    disk.wellAgain()
    expect(await ask(program, 'insert')).toMatch(/^\d+$/)
    await program.cut()
    restoreDurable(durable, folder)
    expect(lost(acknowledged(program))).toEqual([])
  })

  test('at the k-th operation meets that one only', async () => {
    const program = start('FULL', { fail: { errno: 'EIO', kinds: ['rename'], at: 2 } })
    await askAll(program, 'write a text', 'rename a b')
    expect(await ask(program, 'rename b c')).toBe('EIO')
    await askAll(program, 'rename b c')
    await program.cut()
  })

  test('of an fsync loses what was written, though the next fsync succeeds', async () => {
    const program = start('FULL', { durable, control })
    await askAll(program, 'write a old', 'sync a', 'write a new')
    using disk = new PowerControl(control)
    disk.fail({ errno: 'EIO', kinds: ['fsync'] })
    expect(await ask(program, 'sync a')).toBe('EIO')
    await askAll(program, 'sync a', 'write b new')
    disk.fail({ errno: 'EIO', kinds: ['fsync'] })
    expect(await ask(program, 'sync b')).toBe('EIO')
    await askAll(program, 'write b new', 'sync b')
    expect(await ask(program, 'read a')).toBe('new')
    await program.cut()
    restoreDurable(durable, folder)
    expect(read('a')).toBe('old')
    expect(read('b')).toBe('new')
  })
})

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

/** A file of letters, as each letter and how often it follows itself. */
function runs(name: string): string[] {
  return Array.from(read(name).matchAll(/(.)\1*/g), ([run]) => `${run.charAt(0)}${run.length}`)
}

describe('a name', () => {
  test('moved without an fsync of the folder goes back', async () => {
    const program = start('FULL', { durable })
    await askAll(program, 'write a old', 'sync a', 'write next new', 'sync next', 'rename next a')
    expect(await ask(program, 'read a')).toBe('new')
    await program.cut()
    restoreDurable(durable, folder)
    expect([read('a'), read('next')]).toEqual(['old', 'new'])
  })

  test('moved before an fsync of the folder stays', async () => {
    const program = start('FULL', { durable })
    await askAll(program, 'write a old', 'sync a', 'write next new', 'sync next', 'rename next a', 'sync .')
    await program.cut()
    restoreDurable(durable, folder)
    expect(read('a')).toBe('new')
    expect(readdirSync(folder)).not.toContain('next')
  })

  test('without its bytes comes back empty, and a removed one comes back', async () => {
    const program = start('FULL', { durable })
    await askAll(program, 'write a text', 'sync .', 'write b text', 'sync b', 'remove b', 'write c text')
    await program.cut()
    restoreDurable(durable, folder)
    expect([read('a'), read('b')]).toEqual(['', 'text'])
    expect(readdirSync(folder)).not.toContain('c')
    expect(readdirSync(folder)).not.toContain('rows.db-shm')
  })
})

test('many threads at once lose nothing that was acknowledged', async () => {
  for (let cut = 0; cut < THREAD_CUTS; cut++) {
    const program = start('FULL', { durable })
    for (const writer of WRITERS) program.child.stdin.write(`swap-for-ever ${writer}\n`)
    await program.untilLines(150 + Math.random() * 100)
    await program.cut()
    restoreDurable(durable, folder)
    for (const writer of WRITERS) {
      const turns = program.lines.filter((line) => line.startsWith(`${writer} `)).map((line) => Number(line.slice(2)))
      if (turns.length > 0) expect(Number(read(`state-${writer}`))).toBeGreaterThanOrEqual(Math.max(...turns))
    }
  }
})

describe('the controller', () => {
  test('counts what SQLite does: the shim stands between it and libc', async () => {
    const program = start('FULL', { control })
    await ask(program, 'insert')
    const before = countOperations(control)
    await ask(program, 'insert')
    const after = countOperations(control)
    expect(before.create).toBeGreaterThanOrEqual(3) // The database, its log and its index.
    expect(after.fsync - before.fsync).toBe(1)
    expect(after.write - before.write).toBeGreaterThanOrEqual(2)
    expect(after.failed).toBe(0)
    await program.cut()
  })

  test('kills at an operation chosen while the program runs', async () => {
    const program = start('FULL', { durable, control })
    await ask(program, 'insert')
    using disk = new PowerControl(control)
    disk.kill({ at: 2, kinds: ['fsync'] })
    expect(await ask(program, 'insert')).toBe('2')
    expect(await ask(program, 'insert')).toBeUndefined()
    expect(await program.ended).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('says in one sentence that a compiler is missing', () => {
    expect(() => compileShim('no-such-compiler')).toThrow(/need a C compiler, and `no-such-compiler` does not run/)
  })
})
