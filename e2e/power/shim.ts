// Runs a program on a disk that fails, fills up or loses its power on order. The disk is a shared library that stands
// before libc (shim.c); this is its remote control. README.md tells what it models and what it does not.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { constants, tmpdir, userInfo } from 'node:os'
import { join, relative, resolve } from 'node:path'

export const OPERATION_KINDS = ['write', 'fsync', 'rename', 'unlink', 'truncate', 'create'] as const
export type OperationKind = (typeof OPERATION_KINDS)[number]

/** A failure with this count stays until it is disarmed. */
export const UNTIL_DISARMED = 0

/** From the `at`-th matching operation on (1 is the next one), `count` operations fail. */
export interface FailureOrder {
  readonly errno: 'EIO' | 'ENOSPC' | 'EROFS'
  readonly at?: number
  readonly count?: number
  readonly kinds?: readonly OperationKind[]
}

/** The process dies right before or after the `at`-th matching operation, or, torn, with a write or fsync half done. */
export interface KillOrder {
  readonly at: number
  readonly when?: 'before' | 'after' | 'torn'
  readonly kinds?: readonly OperationKind[]
}

export interface FaultPlan {
  /** Only what happens to files under this folder counts. It must exist. */
  readonly folder: string
  /** Where the bytes are kept that a power cut would leave; best on the same file system as `folder`, not inside. */
  readonly durable?: string
  readonly fail?: FailureOrder
  readonly kill?: KillOrder
  /** A file through which orders can be given, and operations counted, while the program runs. */
  readonly control?: string
  readonly slowFsyncMicroseconds?: number
}

export interface OperationCounts extends Readonly<Record<OperationKind, number>> {
  readonly total: number
  /** How many of them were made to fail. */
  readonly failed: number
  /** Bytes that the writes among them have taken. */
  readonly writtenBytes: number
}

const SOURCES = ['shim.c', 'orders.c', 'durable.c', 'power.h']
const FLAGS = ['-shared', '-fPIC', '-O2', '-fvisibility=hidden']
const EXIT_STOPPED = 70 // The shim's own exit code, when it cannot do its work.
const COMPILE_MS_MAX = 60_000
const SECTOR_BYTES = 512
const NANOSECONDS = 1_000_000_000n

// The slots of `struct control` in orders.c: 64-bit numbers in this order.
const SLOT_BYTES = 8
const FAIL_SLOT = 1
const KILL_SLOT = 7
const FAILED_SLOT = 13
const COUNTS_SLOT = 14
const SLOW_TIMES_SLOT = COUNTS_SLOT + OPERATION_KINDS.length
const WRITTEN_SLOT = SLOW_TIMES_SLOT + 1
const SLOTS = WRITTEN_SLOT + 1
const KILL_WHEN = ['before', 'after', 'torn'] as const

/** Compiles the shim, once for each version of its source, and returns the library. */
export function compileShim(compiler = 'cc'): string {
  if (process.platform !== 'linux') throw new Error('The power tests preload a library before glibc: they need Linux.')
  const hash = createHash('sha256').update(`${compiler} ${FLAGS.join(' ')} ${process.arch}`)
  for (const name of SOURCES) hash.update(readFileSync(join(import.meta.dirname, name)))
  const cache = join(tmpdir(), `smartqueue-power-${userInfo().uid}`)
  const library = join(cache, `${hash.digest('hex').slice(0, 16)}.so`)
  if (existsSync(library)) return library
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  const draft = `${library}.${process.pid}`
  const sources = SOURCES.filter((name) => name.endsWith('.c')).map((name) => join(import.meta.dirname, name))
  const run = spawnSync(compiler, [...FLAGS, '-o', draft, ...sources, '-ldl'], {
    encoding: 'utf8',
    timeout: COMPILE_MS_MAX,
  })
  if (run.error) throw new Error(`The power tests need a C compiler, and \`${compiler}\` does not run: install gcc.`)
  if (run.status !== 0) throw new Error(`The power shim does not compile:\n${run.stderr}`)
  proveLoads(draft)
  renameSync(draft, library)
  return library
}

/** The loader passes over a library that it cannot preload, and every test would then prove nothing. */
function proveLoads(library: string): void {
  const env = { LD_PRELOAD: library, POWER_FOLDER: join(library, 'no-such-folder') }
  const { status, stderr } = spawnSync(process.execPath, ['--version'], { encoding: 'utf8', env })
  if (status !== EXIT_STOPPED) throw new Error(`The power shim does not load before libc: ${stderr}`)
}

/** The variables that put a program on the faulty disk; the control file is started afresh. */
export function faultEnvironment(plan: FaultPlan): Record<string, string> {
  const { folder, durable, fail, kill, control, slowFsyncMicroseconds } = plan
  const all: Record<string, string | undefined> = {
    LD_PRELOAD: compileShim(),
    POWER_FOLDER: resolve(folder),
    POWER_DURABLE: durable && resolve(durable),
    POWER_CONTROL: control && resolve(control),
    POWER_FAIL_AT: fail && String(fail.at ?? 1),
    POWER_FAIL_COUNT: fail && String(fail.count ?? 1),
    POWER_FAIL_ERRNO: fail?.errno,
    POWER_FAIL_KINDS: fail?.kinds?.join(','),
    POWER_KILL_AT: kill && String(kill.at),
    POWER_KILL_WHEN: kill?.when === 'after' ? 'after' : undefined,
    POWER_TEAR: kill?.when === 'torn' ? '1' : undefined,
    POWER_KILL_KINDS: kill?.kinds?.join(','),
    POWER_SLOW_FSYNC_US: slowFsyncMicroseconds?.toString(),
    UV_USE_IO_URING: '0', // Operations that go through a ring pass libc by.
  }
  if (control) writeFileSync(control, Buffer.alloc(SLOTS * SLOT_BYTES))
  const set: Record<string, string> = {}
  for (const [name, value] of Object.entries(all)) if (value !== undefined) set[name] = value
  return set
}

/** Gives orders to a running program through its control file, and reads what the program did to its disk. */
export class PowerControl {
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'r+')
  }

  /** Counts from now on: `at: 1` is the next matching operation. */
  fail(order: FailureOrder): void {
    this.wellAgain()
    const errno = constants.errno[order.errno]
    this.#give(FAIL_SLOT, [order.at ?? 1, order.count ?? 1, errno, kindBits(order.kinds), 0])
  }

  wellAgain(): void {
    this.#write(FAIL_SLOT, [0])
  }

  kill(order: KillOrder): void {
    this.#write(KILL_SLOT, [0])
    this.#give(KILL_SLOT, [order.at, KILL_WHEN.indexOf(order.when ?? 'before'), kindBits(order.kinds), 0])
  }

  /** From now on each flush takes so many times as long as it would have taken. */
  slowFlushes(times: number): void {
    this.#write(SLOW_TIMES_SLOT, [times])
  }

  counts(): OperationCounts {
    const bytes = Buffer.alloc(SLOTS * SLOT_BYTES)
    readSync(this.#file, bytes, 0, bytes.length, 0)
    const slot = (index: number) => Number(bytes.readBigInt64LE(index * SLOT_BYTES))
    const [write = 0, fsync = 0, rename = 0, unlink = 0, truncate = 0, create = 0] = OPERATION_KINDS.map((_, index) =>
      slot(COUNTS_SLOT + index),
    )
    const total = write + fsync + rename + unlink + truncate + create
    return {
      write,
      fsync,
      rename,
      unlink,
      truncate,
      create,
      total,
      failed: slot(FAILED_SLOT),
      writtenBytes: slot(WRITTEN_SLOT),
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }

  /** The order first, then the slot that arms it: the program never acts on half an order. */
  #give(armed: number, order: readonly number[]): void {
    this.#write(armed + 1, order)
    this.#write(armed, [1])
  }

  #write(slot: number, values: readonly number[]): void {
    const bytes = Buffer.alloc(values.length * SLOT_BYTES)
    for (const [index, value] of values.entries()) bytes.writeBigInt64LE(BigInt(value), index * SLOT_BYTES)
    writeSync(this.#file, bytes, 0, bytes.length, slot * SLOT_BYTES)
  }
}

function kindBits(kinds: readonly OperationKind[] = OPERATION_KINDS): number {
  return kinds.reduce((bits, kind) => bits | (1 << OPERATION_KINDS.indexOf(kind)), 0)
}

/** How many storage operations happened since the control file was started; it outlives the program. */
export function countOperations(control: string): OperationCounts {
  using file = new PowerControl(control)
  return file.counts()
}

/**
 * The power returns: `folder` becomes what its disk still held. Uses the durable folder up, so that the next start
 * under the shim takes the restored files as its new beginning. Call it after the program is gone. What was not synced
 * is lost, unless `reached` says, sector by sector, that a disk in a hurry had written it nonetheless, in any order.
 */
export function restoreDurable(durable: string, folder: string, reached?: () => boolean): void {
  // Without the mark the program died before it could touch a file: the folder is as it was.
  if (existsSync(join(durable, 'ready'))) {
    if (reached) scatter(durable, folder, reached)
    rmSync(folder, { recursive: true, force: true })
    rmSync(join(durable, 'inode'), { recursive: true })
    move(join(durable, 'tree'), folder)
    separateLinks(folder)
  }
  rmSync(durable, { recursive: true, force: true })
}

function scatter(durable: string, folder: string, reached: () => boolean): void {
  const tree = join(durable, 'tree')
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const kept = join(entry.parentPath, entry.name)
    const live = join(folder, relative(tree, kept))
    if (!entry.isFile() || !isSameFile(durable, kept, live)) continue
    const [now, then] = [readFileSync(live), readFileSync(kept)]
    if (now.equals(then)) continue
    const after = Buffer.alloc(reached() ? now.length : then.length)
    then.copy(after)
    for (let at = 0; at < Math.min(now.length, after.length); at += SECTOR_BYTES) {
      const sector = now.subarray(at, at + SECTOR_BYTES)
      if (!sector.equals(then.subarray(at, at + SECTOR_BYTES)) && reached()) sector.copy(after, at)
    }
    writeFileSync(kept, after)
  }
}

/** False when the live file under this name is another one than the disk knows: its bytes never go into the old one. */
function isSameFile(durable: string, kept: string, live: string): boolean {
  const { ino, birthtimeNs = 0n } = statSync(live, { bigint: true, throwIfNoEntry: false }) ?? {}
  const inode = join(durable, 'inode', `${ino}-${birthtimeNs / NANOSECONDS}-${birthtimeNs % NANOSECONDS}`)
  return statSync(inode, { throwIfNoEntry: false })?.ino === statSync(kept).ino
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    cpSync(from, to, { recursive: true })
  }
}

// A cut within the fsync of a folder can leave a renamed file under both names; they must not stay one file.
function separateLinks(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || statSync(path).nlink === 1) continue
    copyFileSync(path, `${path}.power`)
    renameSync(`${path}.power`, path)
  }
}
