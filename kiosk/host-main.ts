import { runHost } from '#shared/host/run-host.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import { profileNamed } from '#shared/slip/profile.ts'
import { openPrinter } from './devices/open-printer.ts'
import { startKioskHost } from './host.ts'

const pageFolder = new URL('../dist/kiosk', import.meta.url).pathname

// Without a printer the kiosk paints its paper to pictures, and says everywhere that this is simulated.
await runHost('kiosk', pageFolder, (ready) => {
  const profile = profileNamed('paper-80')
  const printer = openPrinter(process.env['KIOSK_PRINTER'] ?? `pretend:${ready.config.folder}/paper`, profile)
  if (!printer.ok) throw new ConfigError(printer.refusal.sentence)
  return startKioskHost({ ...ready, printer: printer.value, profile })
})
