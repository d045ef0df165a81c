import type { HostLog } from '#shared/host/host-log.ts'
import { PRINTERS_TOLD_MS, type PrinterState } from '#shared/wire/printers.ts'
import type { PrintQueue } from './print-queue.ts'
import { type TellingHost, tellBranch } from './tell-branch.ts'

/** Tells the branch how the printers are: when that changes, when the branch is back, and now and then. */
export function reportPrinters(
  host: TellingHost,
  queue: Pick<PrintQueue, 'onStatus'>,
  log: HostLog,
): { close(): void } {
  let printers: readonly PrinterState[] = []
  const teller = tellBranch({
    host,
    path: '/api/v1/devices/self/printer',
    everyMs: PRINTERS_TOLD_MS,
    body: () => (printers.length === 0 ? null : { printers }),
    log,
  })
  queue.onStatus((status) => {
    printers = status.printers
    teller.tellNow()
  })
  return teller
}
