import { type DiskFault, diskFaultOf, freeBytes, probeDisk } from '../disk/disk-fault.ts'
import { DISKS_TOLD_MS } from '../wire/screens.ts'
import type { HostLog } from './host-log.ts'
import { type TellingHost, tellBranch } from './tell-branch.ts'

/** With less, a device that still works is soon one that does not: staff have time to do something. */
const ROOM_BYTES_MIN = 32 * 1024 * 1024

export interface DiskWatch {
  /** The disk has not taken something. */
  failed(error: unknown): void
  close(): void
}

/** Tells staff when the disk of a running device is full, or takes nothing; and once, that it does again. */
export function watchDisk(host: TellingHost, folder: string, log: HostLog): DiskWatch {
  let fault: DiskFault | null = null
  let isTold = false

  const teller = tellBranch({
    host,
    path: '/api/v1/devices/self/disk',
    everyMs: DISKS_TOLD_MS,
    body() {
      if (fault === null && !isTold) return null
      isTold = fault !== null
      return { disk: fault ?? 'ok' }
    },
    log,
  })

  function look(): void {
    const before = fault
    // Written to only while it is in doubt: each probe is a wear of its own.
    if (fault !== null) fault = probeDisk(folder)
    if (fault === null && (freeBytes(folder) ?? ROOM_BYTES_MIN) < ROOM_BYTES_MIN) fault = 'full'
    if (fault === before) return
    if (fault === null) log.info({ folder }, 'there is room on the disk again')
    else log.error({ folder, fault }, 'the disk of this device is nearly full, or takes nothing; tell staff')
    teller.tellNow()
  }
  look()
  const timer = setInterval(look, DISKS_TOLD_MS)
  return {
    failed(error) {
      const found = diskFaultOf(error, folder)
      if (found === null || found === fault) return
      fault = found
      teller.tellNow()
    },
    close() {
      clearInterval(timer)
      teller.close()
    },
  }
}
