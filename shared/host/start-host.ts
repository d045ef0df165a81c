import { hash } from 'node:crypto'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { takeFolder } from '../disk/take-folder.ts'
import type { Clocks } from '../domain/clock.ts'
import { createDeviceHost, type DeviceHost } from './device-host.ts'
import { answerOrders, type DeviceOrders } from './device-orders.ts'
import { type DiskWatch, watchDisk } from './disk-watch.ts'
import type { HostConfig } from './host-config.ts'
import type { HostLog } from './host-log.ts'
import type { Question } from './meet-branch.ts'
import { createPagePresses } from './page-presses.ts'
import { servePage } from './page-server.ts'
import { type PageWatch, watchPages } from './page-watch.ts'
import { answerTrials } from './trials.ts'

export interface HostOptions {
  readonly config: HostConfig
  readonly clocks: Clocks
  readonly random: () => number
  readonly logger: FastifyBaseLogger
  /** The built page. */
  readonly pageFolder: string
  /** What this kind of device adds, as the kiosk's tickets. @returns what it adds to the host's state */
  readonly extend?: (
    app: FastifyInstance,
    host: DeviceHost,
    pages: PageWatch,
    disk: DiskWatch,
    orders: DeviceOrders,
  ) => () => object
  /** Begins this program anew, once it has let go of everything; left out: nobody can. */
  readonly restart?: (running: Pick<RunningHost, 'close'>) => void
  /** How often it is looked whether the page draws; left out: as often as it should be. */
  readonly lookMs?: number
}

export interface RunningHost {
  readonly url: string
  readonly host: DeviceHost
  /** Tells one page of this device that something was pressed outside of it. @returns false: there is no page */
  press(act: string): boolean
  /** Says how else this program is begun anew, as by Electron. */
  restartBy?(again: () => void): void
  close(): Promise<void>
}

/** Kept once a page has drawn on this device. */
const PAGE_KEY = 'page'

const PAIR_AGAIN_MS = 2_000

/** The hash of the code from the environment that has had its answer: it stands there at each start. */
const CODE_KEY = 'pairing code'

/**
 * Pairs with the code from the environment as soon as the branch can be reached; a code that is refused is not tried again.
 * A device that is paired follows a code that it has not heard before: whoever writes it there has the machine in hand, and
 * a branch whose key is lost can remove no device.
 */
function pairFromEnvironment(host: DeviceHost, code: string, log: HostLog): () => void {
  const { store } = host
  const isPaired = host.pairing() !== null
  const codeHash = hash('sha256', code)
  if (isPaired && store.meta(CODE_KEY) === codeHash) return () => {}
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  const tryNow = async (): Promise<void> => {
    try {
      const { status, body } = await host.pairAnew(code)
      if (status === 202) {
        const { words } = JSON.parse(body) as Question
        const how = isPaired
          ? 'this device is paired: start it with the whole link instead of the code'
          : 'type the code at this device’s screen and compare these words there'
        log.warn({ words: words.join(' ') }, how)
        return
      }
      if (status !== 201) log.error({ status }, 'the pairing code was refused')
      if (status < 500 && status !== 429) {
        store.setMeta(CODE_KEY, codeHash)
        return
      }
    } catch (error) {
      if (!isStopped) log.warn({ err: error }, 'the branch cannot be reached for pairing')
    }
    if (!isStopped) timer = setTimeout(() => void tryNow(), PAIR_AGAIN_MS)
  }
  void tryNow()
  return () => {
    isStopped = true
    if (timer !== null) clearTimeout(timer)
  }
}

function notePage({ store }: DeviceHost, log: HostLog): void {
  try {
    store.setMeta(PAGE_KEY, 'drawn')
  } catch (error) {
    log.warn({ err: error }, 'it could not be written down that this device shows a page')
  }
}

/** Starts a device host: its store, its link to the branch, its page. */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const { config } = options
  const unlock = takeFolder(config.folder, options.logger)
  try {
    return await startUnlocked(options, unlock)
  } catch (error) {
    // Whoever waits for the disk starts again, in this same program.
    unlock()
    throw error
  }
}

async function startUnlocked(options: HostOptions, unlock: () => void): Promise<RunningHost> {
  const { config, clocks, random, logger, pageFolder, extend, lookMs, restart } = options
  const host = createDeviceHost({ config, clocks, log: logger, random })
  const stopPairing = config.pairingCode === null ? () => {} : pairFromEnvironment(host, config.pairingCode, logger)
  const pages = watchPages({
    log: logger,
    hadPage: host.store.meta(PAGE_KEY) !== null,
    notePage: () => notePage(host, logger),
    ...(lookMs === undefined ? {} : { lookMs }),
  })
  const presses = createPagePresses()
  const disk = watchDisk(host, config.folder, logger)
  const end = (): void => {
    stopPairing()
    pages.close()
    disk.close()
  }
  const page = await servePage({
    host,
    presses,
    // A caller's agent puts its window away as she likes.
    pages: config.kind === 'caller' ? null : pages,
    port: config.port,
    folder: pageFolder,
    logger,
    extend(app) {
      answerTrials(app, { host, folder: config.folder, clocks, log: logger })
      const again = restart === undefined ? null : () => restart({ close })
      const orders = answerOrders(app, { host, log: logger, restart: again })
      return extend?.(app, host, pages, disk, orders) ?? (() => ({}))
    },
  }).catch((error: unknown) => {
    end()
    host.close()
    throw error
  })
  async function close(): Promise<void> {
    end()
    await page.close()
    host.close()
    unlock()
  }
  return { url: page.url, host, press: presses.press, close }
}
