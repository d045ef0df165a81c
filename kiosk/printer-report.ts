import type { HostLog } from '#shared/host/host-log.ts'
import { type TellingHost, tellBranch } from '#shared/host/tell-branch.ts'
import type { Speech } from '#shared/speech/espeak.ts'
import { type PaperTrouble, PRINTERS_TOLD_MS, type PrinterState } from '#shared/wire/printers.ts'
import type { PrintQueue } from './print-queue.ts'

/** Tells the branch how the printers are, and whether the kiosk can speak: when that changes, when the branch is back, and now and then. */
export function reportPrinters(
  host: TellingHost,
  queue: Pick<PrintQueue, 'onStatus'>,
  speech: Pick<Speech, 'state' | 'onState'>,
  log: HostLog,
  /** Papers of which staff must know. */
  paperTroubles: () => readonly PaperTrouble[] = () => [],
): { close(): void } {
  let printers: readonly PrinterState[] = []
  const teller = tellBranch({
    host,
    path: '/api/v1/devices/self/printer',
    everyMs: PRINTERS_TOLD_MS,
    body: () => {
      const isMute = speech.state() === 'missing' || speech.state() === 'failing'
      const papers = paperTroubles()
      const more = { ...(isMute && { isMute }), ...(papers.length > 0 && { papers }) }
      return printers.length === 0 ? null : { printers, ...more }
    },
    log,
  })
  queue.onStatus((status) => {
    printers = status.printers
    teller.tellNow()
  })
  // An agent who is to help whoever needs the voice hears at once that there is none.
  speech.onState(() => teller.tellNow())
  return teller
}
