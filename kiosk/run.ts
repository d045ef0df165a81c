import { runHost } from '#shared/host/run-host.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import { openPrinters } from './devices/open-printer.ts'
import { startKioskHost } from './host.ts'
import { readKeptPrinters } from './staff/kept-printers.ts'

const pageFolder = new URL('../dist/kiosk', import.meta.url).pathname

// Without a printer the kiosk paints its paper to pictures, and says everywhere that this is simulated.
export const running = await runHost('kiosk', pageFolder, (ready) => {
  const told = process.env['KIOSK_PRINTER']
  const kept = told === undefined ? readKeptPrinters(ready.config.folder, ready.logger) : null
  if (kept !== null) return startKioskHost({ ...ready, printers: kept, printerSource: 'set-up' })
  const printers = openPrinters(told ?? `pretend:${ready.config.folder}/paper`)
  if (!printers.ok) throw new ConfigError(printers.refusal)
  const printerSource = told === undefined ? 'none' : 'environment'
  return startKioskHost({ ...ready, printers: printers.value, printerSource })
})
