import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'

/**
 * Lets everybody else of this machine go first, this program's main thread above all. Only Linux counts threads one by
 * one; elsewhere, and where it is not allowed, the thread shares alike.
 */
export function goLast(): void {
  try {
    const threadId = Number(basename(readlinkSync('/proc/thread-self')))
    setPriority(threadId, constants.priority.PRIORITY_LOW)
  } catch {
    // Slower company is no reason not to work.
  }
}
