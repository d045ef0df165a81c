import type { Clocks } from '#shared/domain/clock.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import {
  type KioskPrinters,
  type PaperTrouble,
  PRINTERS_KEPT_MS,
  type PrinterState,
  type PrintersBody,
} from '#shared/wire/printers.ts'
import type { Roster } from '../access/roster.ts'

/**
 * How the kiosks' printers are, and whether they can speak: kept in memory alone, for it is true now or not at all, and a kiosk tells it again.
 * At most one report for each paired kiosk.
 */
export interface PrinterBook {
  note(deviceId: DeviceId, told: PrintersBody): void
  all(): readonly KioskPrinters[]
  /** Staff know of this paper: it is told no more, as long as this server runs. */
  see(deviceId: DeviceId, paper: PaperTrouble): void
  /** The kiosk on whose printer paper is likeliest to come out now; null when none can print. */
  best(): DeviceId | null
}

/** The surer a printer says that paper came out, the better; no printer is worth waiting for that says it cannot. */
function worth({ capability, online, paper, cover, hint }: PrinterState): number {
  if (online === false || paper === 'out' || cover === 'open') return 0
  // Pictures are nobody's paper while any real printer can print.
  if (hint === 'simulated') return 0.5
  return { confirmed: 3, 'status-only': 2, blind: 1 }[capability]
}

export function createPrinterBook(roster: Roster, { monotonicMs }: Clocks): PrinterBook {
  const reportBy = new Map<DeviceId, { readonly told: PrintersBody; readonly atMs: number }>()
  /** Of what is being told alone, so that it cannot grow: told no more, it is forgotten. */
  const seenBy = new Map<DeviceId, ReadonlySet<string>>()
  const keyOf = ({ number, trouble }: PaperTrouble): string => `${trouble} ${number}`
  const unseen = (deviceId: DeviceId, papers: readonly PaperTrouble[]): readonly PaperTrouble[] =>
    papers.filter((paper) => seenBy.get(deviceId)?.has(keyOf(paper)) !== true)
  const all = (): readonly KioskPrinters[] => {
    const nowMs = monotonicMs()
    for (const [deviceId, { atMs }] of reportBy)
      if (nowMs - atMs > PRINTERS_KEPT_MS || roster.find(deviceId) === undefined) reportBy.delete(deviceId)
    return [...reportBy].map(
      ([
        deviceId,
        {
          told: { papers = [], ...told },
        },
      ]) => ({
        deviceId,
        name: roster.find(deviceId)?.name ?? '',
        ...told,
        ...(unseen(deviceId, papers).length > 0 && { papers: unseen(deviceId, papers) }),
      }),
    )
  }
  return {
    note(deviceId, told) {
      reportBy.set(deviceId, { told, atMs: monotonicMs() })
      const keys = new Set((told.papers ?? []).map(keyOf))
      seenBy.set(deviceId, new Set([...(seenBy.get(deviceId) ?? [])].filter((key) => keys.has(key))))
    },
    all,
    see(deviceId, paper) {
      const isTold = reportBy.get(deviceId)?.told.papers?.some((it) => keyOf(it) === keyOf(paper)) === true
      if (isTold) seenBy.set(deviceId, new Set([...(seenBy.get(deviceId) ?? []), keyOf(paper)]))
    },
    best() {
      const able = all()
        .map(({ deviceId, printers }) => ({ deviceId, worth: Math.max(0, ...printers.map(worth)) }))
        .filter((it) => it.worth > 0)
        .toSorted((a, b) => b.worth - a.worth)
      return (able[0]?.deviceId as DeviceId | undefined) ?? null
    },
  }
}
