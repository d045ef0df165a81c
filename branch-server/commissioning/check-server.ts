import { randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { release, type as systemName } from 'node:os'
import { join } from 'node:path'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { ownAddresses } from '#shared/network/own-addresses.ts'
import { percentile, rounded } from './finding.ts'
import type { Site } from './site.ts'

const FLUSHES = 50
const FLUSHED_BYTES = 4_096
/** Faster than any flash memory has written: such a disk, or the machine that pretends to be one, only promises. */
const FLUSH_MS_LEAST = 0.02
const GB = 1e9
const FREE_GB_LEAST = 1

/** File systems by the number the kernel knows them by. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  4076150800: 'f2fs',
  801189825: 'zfs',
  2035054128: 'overlay',
  19780: 'vfat',
  538032816: 'exfat',
  16914836: 'tmpfs',
  2240043254: 'ramfs',
  26985: 'nfs',
}
const IN_MEMORY = ['tmpfs', 'ramfs']

function checkDisk({ config: { folder }, note }: Site): void {
  const { type, bavail, bsize } = statfsSync(folder)
  const kind = FILE_SYSTEMS[type] ?? `0x${type.toString(16)}`
  const freeGb = rounded((bavail * bsize) / GB)
  if (IN_MEMORY.includes(kind)) note('bad', '', 'diskForgets', { kind })
  else if (freeGb < FREE_GB_LEAST) note('bad', '', 'diskFull', { kind, freeGb, leastGb: FREE_GB_LEAST })
  else note('good', '', 'disk', { kind, freeGb })
}

/** How long a small write takes until the disk has it, as each ticket does. */
function checkFlush({ config: { folder }, clocks, note }: Site): void {
  const file = join(folder, 'commissioning', 'flush-test')
  const handle = openSync(file, 'w', 0o600)
  try {
    const took = Array.from({ length: FLUSHES }, () => {
      const startedMs = clocks.monotonicMs()
      writeSync(handle, randomBytes(FLUSHED_BYTES))
      fdatasyncSync(handle)
      return clocks.monotonicMs() - startedMs
    })
    const values = { p50: percentile(took, 50), p99: percentile(took, 99), count: FLUSHES }
    if (values.p50 < FLUSH_MS_LEAST) note('told', '', 'flushTooFast', values)
    else note('good', '', 'flush', values)
  } finally {
    closeSync(handle)
    rmSync(file, { force: true })
  }
}

function checkBackup({ config: { folder, backupFolder }, note }: Site): void {
  if (backupFolder === null) return void note('told', '', 'backupNone')
  const file = join(backupFolder, `commissioning-test-${randomBytes(4).toString('hex')}`)
  const text = randomBytes(16).toString('hex')
  try {
    const handle = openSync(file, 'wx', 0o600)
    try {
      writeSync(handle, text)
      fdatasyncSync(handle)
    } finally {
      closeSync(handle)
    }
    const isSame = readFileSync(file, 'utf8') === text
    rmSync(file, { force: true })
    if (!isSame) note('bad', '', 'backupFails', { folder: backupFolder, reason: 'EIO' })
    else if (statSync(backupFolder).dev === statSync(folder).dev)
      note('bad', '', 'backupSameDisk', { folder: backupFolder })
    else note('good', '', 'backupWritten', { folder: backupFolder })
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    note('bad', '', 'backupFails', { folder: backupFolder, reason })
  }
}

/** The whole log, read and compared by the branch server itself. */
export async function checkLog({ api, note }: Site): Promise<void> {
  const { status, body } = await api.ask<{ eventCount: number; fault: string | null }>('POST', '/api/v1/checks', {})
  if (status !== 200) note('bad', '', 'logUnread')
  else if (body.fault === null) note('good', '', 'logWhole', { count: body.eventCount })
  else note('bad', '', 'logBroken', { reason: body.fault })
}

/** The branch server's own machine: version, reach, disk, backup, log. */
export async function checkServer(site: Site): Promise<void> {
  const { config, note, version } = site
  const system = `${systemName()} ${release()}`
  note('told', '', 'version', { version, node: process.version, system })
  if (isLoopback(config.host)) note('told', '', 'reachedHereOnly')
  else note('good', '', 'reachedByTls', { addresses: ownAddresses().join(', ') })
  checkDisk(site)
  checkFlush(site)
  checkBackup(site)
  await checkLog(site)
}
