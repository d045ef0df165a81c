import { runHost } from '#shared/host/run-host.ts'
import { startHost } from '#shared/host/start-host.ts'

const pageFolder = new URL('../dist/caller', import.meta.url).pathname
await runHost('caller', pageFolder, startHost)
