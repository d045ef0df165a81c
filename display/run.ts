import { runHost } from '#shared/host/run-host.ts'
import { startDisplayHost } from './host.ts'

const pageFolder = new URL('../dist/display', import.meta.url).pathname
export const running = await runHost('display', pageFolder, startDisplayHost)
