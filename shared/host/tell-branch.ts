import { v7 as newKey } from 'uuid'
import type { DeviceHost } from './device-host.ts'
import type { HostLog } from './host-log.ts'
import { UnreachableError } from './unreachable.ts'

/** A branch that did not take it is told again after so long. */
const AGAIN_MS = 1_000

/** What telling needs of the device's host. */
export type TellingHost = Pick<DeviceHost, 'pairing' | 'status' | 'ask' | 'onNews'>

export interface Teller {
  /** Something is new; while another telling is on its way, it follows right after it. */
  tellNow(): void
  close(): void
}

export interface Telling {
  readonly host: TellingHost
  readonly path: string
  /** Said again after so long, whatever happens. */
  readonly everyMs: number
  /** What is so now; null: nothing to tell yet. */
  readonly body: () => object | null
  readonly log: HostLog
}

/** Tells the branch how something is: when that changes, when the branch is back, and now and then. */
export function tellBranch({ host, path, everyMs, body, log }: Telling): Teller {
  let isDue = false
  let isClosed = false
  let isTelling = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function tell(told: object): Promise<void> {
    isDue = false
    const { status } = await host.ask({ method: 'POST', path, body: JSON.stringify(told), key: newKey() })
    if (status === 200) return
    isDue = true
    log.warn({ status, path }, 'the branch did not hear how this device is')
  }

  function tryNow(): void {
    const told = body()
    if (isTelling || isClosed || told === null || host.pairing() === null || host.status().link !== 'up') return
    clearTimeout(timer)
    isTelling = true
    tell(told)
      .catch((error: unknown) => {
        isDue = true
        if (!(error instanceof UnreachableError) && !isClosed)
          log.error({ err: error, path }, 'telling the branch threw')
      })
      .finally(() => {
        isTelling = false
        if (!isClosed) timer = setTimeout(tryNow, isDue ? AGAIN_MS : everyMs)
      })
  }

  const stop = host.onNews((news) => {
    if (news.type === 'link' && news.link === 'up') tryNow()
  })
  return {
    tellNow() {
      isDue = true
      tryNow()
    },
    close() {
      isClosed = true
      stop()
      clearTimeout(timer)
    },
  }
}
