import { runHost } from '#shared/host/run-host.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import { openPrinters } from './devices/open-printer.ts'
import { startKioskHost } from './host.ts'

const pageFolder = new URL('../dist/kiosk', import.meta.url).pathname

// Without a printer the kiosk paints its paper to pictures, and says everywhere that this is simulated.
await runHost('kiosk', pageFolder, (ready) => {
  const printers = openPrinters(process.env['KIOSK_PRINTER'] ?? `pretend:${ready.config.folder}/paper`)
  if (!printers.ok) throw new ConfigError(printers.refusal)
  return startKioskHost({ ...ready, printers: printers.value })
})
