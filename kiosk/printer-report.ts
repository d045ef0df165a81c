import { v7 as newKey } from 'uuid'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { PRINTERS_TOLD_MS, type PrinterState } from '#shared/wire/printers.ts'
import type { PrintQueue } from './print-queue.ts'

/** A branch that did not take it is told again after so long. */
const AGAIN_MS = 1_000

/** Tells the branch how the printers are: when that changes, when the branch is back, and now and then. */
export function reportPrinters(
  host: Pick<DeviceHost, 'pairing' | 'status' | 'ask' | 'onNews'>,
  queue: Pick<PrintQueue, 'onStatus'>,
  log: HostLog,
): { close(): void } {
  let printers: readonly PrinterState[] = []
  let isDue = false
  let isClosed = false
  let isTelling = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function tell(): Promise<void> {
    isDue = false
    const body = JSON.stringify({ printers })
    const path = '/api/v1/devices/self/printer'
    const { status } = await host.ask({ method: 'POST', path, body, key: newKey() })
    if (status === 200) return
    isDue = true
    log.warn({ status }, 'the branch did not hear of the printers')
  }

  function tellNow(): void {
    const canTell = printers.length > 0 && host.pairing() !== null && host.status().link === 'up'
    if (isTelling || isClosed || !canTell) return
    clearTimeout(timer)
    isTelling = true
    tell()
      .catch((error: unknown) => {
        isDue = true
        if (!(error instanceof UnreachableError) && !isClosed)
          log.error({ err: error }, 'telling of the printers threw')
      })
      .finally(() => {
        isTelling = false
        if (!isClosed) timer = setTimeout(tellNow, isDue ? AGAIN_MS : PRINTERS_TOLD_MS)
      })
  }

  queue.onStatus((status) => {
    printers = status.printers
    // One that comes while another is on its way is told right after it.
    isDue = true
    tellNow()
  })
  const stop = host.onNews((news) => {
    if (news.type === 'link' && news.link === 'up') tellNow()
  })
  return {
    close() {
      isClosed = true
      stop()
      clearTimeout(timer)
    },
  }
}
