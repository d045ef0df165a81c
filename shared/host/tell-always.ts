import type { BusinessDate, Epoch } from '../domain/ids.ts'
import type { DeviceHost } from './device-host.ts'
import type { HostLog } from './host-log.ts'
import { UnreachableError } from './unreachable.ts'

const AGAIN_MS = 3_000

/** What telling needs of the device's host. */
export interface TellingHost extends Pick<DeviceHost, 'pairing' | 'branchKeys' | 'status' | 'ask' | 'onNews'> {
  readonly store: Pick<DeviceHost['store'], 'seen'>
}

export interface Telling {
  /** Does not wait for the next turn. */
  tryNow(): void
  close(): void
}

interface TellingParts {
  readonly host: TellingHost
  /** Where what is to be told is kept; it hears first of which day and log the branch is. */
  readonly store: { meetBranch(epoch: Epoch, date: BusinessDate): void }
  readonly log: HostLog
  /**
   * Tells the next of what waits. An answer that comes when all is closed changes nothing any more.
   * @returns whether there may be more for this turn
   */
  readonly tellNext: (isClosed: () => boolean) => Promise<boolean>
}

/** Tells the branch what was kept for it, one turn at a time, as soon as it is there again and until it has it all. */
export function tellAlways({ host, store, log, tellNext }: TellingParts): Telling {
  let isAtWork = false
  let isClosed = false

  async function tellAll(): Promise<void> {
    for (;;) {
      const seen = host.store.seen()
      if (isClosed || seen === null || host.pairing() === null || host.status().link === 'down') return
      const { bookmark, state } = seen
      if (state.day !== null) store.meetBranch(bookmark.epoch, state.day.date)
      if (!(await tellNext(() => isClosed))) return
    }
  }

  function tryNow(): void {
    if (isAtWork || isClosed) return
    isAtWork = true
    tellAll()
      .catch((error: unknown) => {
        if (!(error instanceof UnreachableError) && !isClosed) log.error({ err: error }, 'telling the branch threw')
      })
      .finally(() => {
        isAtWork = false
      })
  }

  const stop = host.onNews((news) => {
    if (news.type === 'restart' || (news.type === 'link' && news.link === 'up')) tryNow()
  })
  const timer = setInterval(tryNow, AGAIN_MS)
  return {
    tryNow,
    close() {
      isClosed = true
      stop()
      clearInterval(timer)
    },
  }
}
