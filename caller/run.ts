import { runHost } from '#shared/host/run-host.ts'
import { startCallerHost } from './host.ts'

const pageFolder = new URL('../dist/caller', import.meta.url).pathname
await runHost('caller', pageFolder, startCallerHost)
