import { mkdirSync } from 'node:fs'
import { pino } from 'pino'
import { networkPrinter } from '../../kiosk/devices/network.ts'
import { decodePaper } from '../../kiosk/devices/paper.ts'
import { startKioskHost } from '../../kiosk/host.ts'
import type { Taken } from '../../kiosk/take-ticket.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { profileNamed } from '../../shared/slip/profile.ts'
import { readPaperCode } from '../../shared/wire/paper-code.ts'
import { showsNumber } from '../paper/read-paper.ts'
import { startTcpPrinter, type TcpPrinter } from '../paper/tcp-printer.ts'
import { type FlakyProxy, startFlakyProxy } from './flaky-proxy.ts'

const PROFILE = profileNamed('paper-80')
const DAY_MS = 24 * 3_600_000

export interface TapAnswer {
  readonly status: number
  readonly body: Taken & { readonly code?: string }
}

/** A kiosk's box: its folder and clocks, its printer, and its way to the branch. The host on it may be off. */
export interface KioskBox {
  readonly name: string
  readonly folder: string
  readonly proxy: FlakyProxy
  readonly printer: TcpPrinter
  readonly log: readonly string[]
  host(): RunningHost
  /** Time goes by on both of its clocks. */
  pass(ms: number): void
  /** Cold: nothing but what is on its disk, and a monotonic clock that begins anew. */
  boot(newPairingCode?: string): Promise<void>
  off(): Promise<void>
  tap(serviceId: string, key?: string): Promise<TapAnswer>
  get<Body>(path: string): Promise<Body>
  post(path: string, body: string): Promise<{ status: number; text: string }>
  /**
   * The tickets whose paper came out, in order, by their code; each must show its number in large letters.
   * @param isLookedAt - whether the letters of the next paper are read; its code always is
   */
  papers(numberById: ReadonlyMap<string, string>, isLookedAt?: () => boolean): readonly string[]
  close(): Promise<void>
}

export interface KioskBoxOptions {
  readonly name: string
  readonly folder: string
  readonly branchPort: number
  readonly pairingCode: string | null
  /** How far its wall clock is from the machine's. */
  readonly aheadMs: number
  readonly random: () => number
  /** Begins its program anew when head office wants it; left out: nobody can. */
  readonly restart?: () => void
}

/** The ticket a job is for, as its QR code says, and whether the paper shows that ticket's number. */
function readJob(job: Buffer, numberById: ReadonlyMap<string, string>, isLookedAt: boolean): string {
  const paper = decodePaper(job, PROFILE)
  const code = paper.elements.find((element) => element.type === 'qr')
  const ticketId = code?.type === 'qr' ? (readPaperCode(code.data)?.ticketId ?? 'not signed') : 'no code'
  const number = numberById.get(ticketId)
  return number !== undefined && (!isLookedAt || showsNumber(paper, number))
    ? ticketId
    : `${ticketId} does not show ${number}`
}

/** A piece that was cut off before its code was printed is no ticket: the kiosk was switched off in the middle of it. */
const isTorn = (job: Buffer): boolean => decodePaper(job, PROFILE).elements.every(({ type }) => type !== 'qr')

/** The tickets of all papers that came out of a printer. */
export const papersOn = (printer: TcpPrinter, numberById: ReadonlyMap<string, string>): readonly string[] =>
  printer
    .jobs()
    .filter((job) => !isTorn(job))
    .map((job) => readJob(job, numberById, true))

export async function openKioskBox(options: KioskBoxOptions): Promise<KioskBox> {
  const { name, folder, branchPort, aheadMs, random } = options
  let { pairingCode } = options
  mkdirSync(folder, { recursive: true })
  const proxy = await startFlakyProxy(branchPort)
  const printer = await startTcpPrinter()
  const log: string[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) })
  const read: string[] = []
  let jobsRead = 0
  let passedMs = 0
  let host: RunningHost | null = null

  const running = (): RunningHost => {
    if (host === null) throw new Error(`${name} is off`)
    return host
  }
  async function ask(path: string, init?: RequestInit): Promise<{ status: number; text: string }> {
    const response = await fetch(running().url + path, init)
    return { status: response.status, text: await response.text() }
  }
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

  return {
    name,
    folder,
    proxy,
    printer,
    log,
    pass(ms) {
      passedMs += ms
    },
    host: running,
    async boot(newPairingCode) {
      pairingCode = newPairingCode ?? pairingCode
      const startedMs = performance.now() - random() * DAY_MS
      host = await startKioskHost({
        config: { kind: 'kiosk', port: 0, branchUrl: proxy.url, pairingCode, folder },
        clocks: {
          wallMs: () => Date.now() + aheadMs + passedMs,
          monotonicMs: () => performance.now() - startedMs + passedMs,
        },
        random,
        logger,
        pageFolder: `${folder}/no-page`,
        printerSource: 'none',
        ...(options.restart !== undefined && { restart: options.restart }),
        printers: [
          {
            address: printer.address,
            printer: networkPrinter({ host: printer.host, port: printer.port, receipt: 'none' }),
            profile: PROFILE,
          },
        ],
      })
    },
    async off() {
      await host?.close()
      host = null
    },
    async tap(serviceId, key = crypto.randomUUID()) {
      const { status, text } = await post('/local/v1/tickets', JSON.stringify({ serviceId }), {
        'idempotency-key': key,
      })
      return { status, body: JSON.parse(text) as TapAnswer['body'] }
    },
    get: async <Body>(path: string) => JSON.parse((await ask(path)).text) as Body,
    post: (path, body) => post(path, body),
    papers(numberById, isLookedAt = () => true) {
      const fresh = printer.jobs().slice(jobsRead)
      jobsRead += fresh.length
      for (const job of fresh) if (!isTorn(job)) read.push(readJob(job, numberById, isLookedAt()))
      return read
    },
    async close() {
      await host?.close()
      await printer.close()
      await proxy.close()
    },
  }
}
