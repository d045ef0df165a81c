import { ok, type Result } from '#shared/domain/result.ts'
import { type PrinterProfile, profileNamed } from '#shared/slip/profile.ts'
import type { ProfiledPrinter } from '../print-queue.ts'
import { devicePrinter } from './device-file.ts'
import { networkPrinter } from './network.ts'
import { osPrinter } from './os-queue.ts'
import { pretendPrinter } from './pretend.ts'
import type { TicketPrinter } from './printer.ts'
import { type PrinterPlace, parsePrinterAddresses } from './printer-address.ts'
import { serialPrinter } from './serial.ts'

function openPlace(place: PrinterPlace, profile: PrinterProfile): TicketPrinter {
  const { receipt } = profile
  switch (place.type) {
    case 'network':
      return networkPrinter({ ...place, receipt })
    case 'serial':
      return serialPrinter({ ...place, receipt })
    case 'usb':
      return devicePrinter({ ...place, receipt })
    case 'os':
      return osPrinter({ queue: place.queue, profile })
    case 'pretend':
      return pretendPrinter({ folder: place.folder, profile })
  }
}

/** Makes the printers that KIOSK_PRINTER names, without speaking to them yet. */
export function openPrinters(value: string): Result<readonly ProfiledPrinter[], string> {
  const parsed = parsePrinterAddresses(value)
  if (!parsed.ok) return parsed
  return ok(
    parsed.value.map(({ place, profile: name }) => {
      const profile = profileNamed(name)
      return { printer: openPlace(place, profile), profile }
    }),
  )
}
