import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { isProfile, type PrinterProfile } from '#shared/slip/profile.ts'
import { openPrinter } from '../devices/open-printer.ts'
import { parsePrinterAddresses } from '../devices/printer-address.ts'
import type { ProfiledPrinter } from '../print-queue.ts'

/** A printer as the set-up left it on the kiosk's disk. */
export interface KeptPrinter {
  /** As in KIOSK_PRINTER, without a profile. */
  readonly address: string
  readonly profile: PrinterProfile
}

const FILE = 'printers.json'

/** Makes the printers that were set up. @returns null when one of them cannot be: the file is not to be believed */
export function openKept(kept: readonly KeptPrinter[]): readonly ProfiledPrinter[] | null {
  const opened = kept.flatMap(({ address, profile }) => {
    const parsed = parsePrinterAddresses(address)
    const place = parsed.ok && parsed.value.length === 1 ? parsed.value[0]?.place : undefined
    return place === undefined ? [] : [openPrinter(place, profile)]
  })
  return opened.length === kept.length && opened.length > 0 ? opened : null
}

function isKept(value: unknown): value is KeptPrinter {
  if (typeof value !== 'object' || value === null || !('address' in value) || !('profile' in value)) return false
  const { address, profile } = value
  return typeof address === 'string' && typeof profile === 'object' && profile !== null && isProfile(profile)
}

/** @returns null when nothing was set up here, or it cannot be read: the kiosk then starts without paper, and says so */
export function readKeptPrinters(folder: string, log: HostLog): readonly ProfiledPrinter[] | null {
  const file = join(folder, FILE)
  if (!existsSync(file)) return null
  try {
    const { printers } = JSON.parse(readFileSync(file, 'utf8')) as { printers?: unknown }
    const opened = Array.isArray(printers) && printers.every(isKept) ? openKept(printers) : null
    if (opened !== null) return opened
  } catch (error) {
    log.error({ err: error, file }, 'the printers that were set up cannot be read: set them up again')
    return null
  }
  log.error({ file }, 'the printers that were set up cannot be read: set them up again')
  return null
}

/** @throws Error of the file system; what was kept before stays */
export const writeKeptPrinters = (folder: string, printers: readonly KeptPrinter[]): void =>
  writeWhole(join(folder, FILE), JSON.stringify({ printers }))
