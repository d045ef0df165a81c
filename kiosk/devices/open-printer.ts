import { ok, type Result } from '#shared/domain/result.ts'
import { type PrinterProfile, profileNamed } from '#shared/slip/profile.ts'
import type { ProfiledPrinter } from '../print-queue.ts'
import { devicePrinter } from './device-file.ts'
import { networkPrinter } from './network.ts'
import { osPrinter } from './os-queue.ts'
import { pretendPrinter } from './pretend.ts'
import type { TicketPrinter } from './printer.ts'
import { addressText, type PrinterPlace, parsePrinterAddresses } from './printer-address.ts'
import { serialPrinter } from './serial.ts'

function openPlace(place: PrinterPlace, profile: PrinterProfile): TicketPrinter {
  const { receipt, automaticStatus } = profile
  const settings = { receipt, automaticStatus }
  switch (place.type) {
    case 'network':
      return networkPrinter({ ...place, ...settings })
    case 'serial':
      return serialPrinter({ ...place, ...settings })
    case 'usb':
      return devicePrinter({ ...place, ...settings })
    case 'os':
      return osPrinter({ queue: place.queue, profile })
    case 'pretend':
      return pretendPrinter({ folder: place.folder, profile })
  }
}

/** Makes one printer, without speaking to it yet. */
export const openPrinter = (place: PrinterPlace, profile: PrinterProfile): ProfiledPrinter => ({
  address: addressText(place),
  printer: openPlace(place, profile),
  profile,
})

/** Makes the printers that KIOSK_PRINTER names, without speaking to them yet. */
export function openPrinters(value: string): Result<readonly ProfiledPrinter[], string> {
  const parsed = parsePrinterAddresses(value)
  if (!parsed.ok) return parsed
  return ok(
    parsed.value.map(({ place, profile: name }) => {
      const profile = profileNamed(name)
      return openPrinter(place, profile)
    }),
  )
}
