import { runHost } from '#shared/host/run-host.ts'
import { startHost } from '#shared/host/start-host.ts'

const pageFolder = new URL('../dist/display', import.meta.url).pathname
await runHost('display', pageFolder, startHost)
