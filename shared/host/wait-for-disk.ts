import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { v7 as newKey } from 'uuid'
import { type DiskFault, diskFaultOf, probeDisk } from '../disk/disk-fault.ts'
import { DISKS_TOLD_MS } from '../wire/screens.ts'
import { askBranch, proveBranch } from './branch-client.ts'
import { type CalmPage, serveCalmPage } from './calm-page.ts'
import type { HostConfig } from './host-config.ts'
import type { HostLog } from './host-log.ts'
import { PAIRING_NAME, readPairing } from './pairing.ts'
import type { RunningHost } from './start-host.ts'

/** The disk is tried again this often. */
const AGAIN_MS = 2_000
const TELL_MS_MAX = 5_000

export interface Waiting<Running extends RunningHost> {
  readonly config: HostConfig
  readonly log: HostLog
  readonly start: (config: HostConfig) => Promise<Running>
  /** It is not the disk any more: the program ends as it would have at its first start. */
  readonly fail: (error: unknown) => void
}

/** A device has lived here before: what is wrong is the disk, not the name of a folder that nobody has made yet. */
const isHome = (folder: string): boolean => existsSync(join(folder, 'feed.db'))

const sayReady = ({ url }: RunningHost, { kind, folder }: HostConfig, log: HostLog): void =>
  log.info({ url, folder }, `the ${kind} is ready`)

/** Tells the branch, as far as this device can still say who it is. */
async function tellFault({ folder }: HostConfig, disk: DiskFault, log: HostLog): Promise<void> {
  const pairing = readPairing(join(folder, PAIRING_NAME))
  if (pairing === null) return
  try {
    await proveBranch(pairing, TELL_MS_MAX)
    const body = JSON.stringify({ disk })
    const asking = { method: 'POST', path: '/api/v1/devices/self/disk', body, key: newKey(), timeoutMs: TELL_MS_MAX }
    const { status } = await askBranch(pairing, asking)
    if (status !== 200) log.warn({ status }, 'the branch did not hear that the disk takes nothing')
  } catch (error) {
    log.warn({ err: error }, 'the branch could not be told that the disk takes nothing')
  }
}

/** What stands in for a host that is not there yet: it has an address and an end, and nothing to press. */
function standIn<Running extends RunningHost>(
  url: string,
  present: () => Running | null,
  close: () => Promise<void>,
): Running {
  return new Proxy({} as Running, {
    get(_, name) {
      if (name === 'url') return url
      if (name === 'close') return close
      // Awaited, it is no promise.
      if (name === 'then') return undefined
      const value: unknown = Reflect.get(present() ?? {}, name)
      return present() === null ? () => false : value
    },
  })
}

/**
 * Starts a device. Where its disk is full or does not let itself be written, it shows a calm page instead of nothing,
 * tells staff through the branch, and starts by itself as soon as the disk takes something again.
 * @throws whatever else keeps it from starting
 */
export async function startOrWait<Running extends RunningHost>(waiting: Waiting<Running>): Promise<Running> {
  const { config, log, start } = waiting
  try {
    const running = await start(config)
    sayReady(running, config, log)
    return running
  } catch (error) {
    const fault = diskFaultOf(error, config.folder)
    if (fault === null || !isHome(config.folder)) throw error
    log.error(
      { err: error, fault, folder: config.folder },
      'the disk does not let this device start; it says so and waits',
    )
    return waitForDisk(waiting, fault)
  }
}

async function waitForDisk<Running extends RunningHost>(
  { config, log, start, fail }: Waiting<Running>,
  first: DiskFault,
): Promise<Running> {
  let fault = first
  let isClosed = false
  let running: Running | null = null
  const serve = (port: number): Promise<CalmPage> => serveCalmPage(config.kind, port, () => fault)
  let page = await serve(config.port)
  const { port } = page
  const tell = (): void => void tellFault(config, fault, log)
  const telling = setInterval(tell, DISKS_TOLD_MS)
  tell()

  async function tryNow(): Promise<void> {
    const found = probeDisk(config.folder)
    if (found !== null) {
      fault = found
      return
    }
    await page.close()
    try {
      running = await start({ ...config, port })
      clearInterval(telling)
      sayReady(running, config, log)
    } catch (error) {
      const again = diskFaultOf(error, config.folder)
      if (again === null) return fail(error)
      fault = again
      if (!isClosed) page = await serve(port)
    }
  }
  function again(): void {
    if (isClosed || running !== null) return
    timer = setTimeout(() => void tryNow().catch(fail).finally(again), AGAIN_MS)
  }
  let timer: NodeJS.Timeout | undefined
  again()
  return standIn(
    `http://127.0.0.1:${port}`,
    () => running,
    async () => {
      isClosed = true
      clearInterval(telling)
      clearTimeout(timer)
      if (running === null) await page.close()
      else await running.close()
    },
  )
}
