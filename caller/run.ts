import { runHost } from '#shared/host/run-host.ts'
import { ConfigError } from '#shared/program/config-error.ts'
import { readButtonPlace } from './devices/buttons.ts'
import { startCallerHost } from './host.ts'

const pageFolder = new URL('../dist/caller', import.meta.url).pathname
export const running = await runHost('caller', pageFolder, (ready) => {
  const told = process.env['CALLER_BUTTONS'] ?? ''
  if (told === '') return startCallerHost(ready)
  const buttons = readButtonPlace(told)
  if (!buttons.ok) throw new ConfigError(buttons.refusal)
  return startCallerHost({ ...ready, buttons: buttons.value })
})
