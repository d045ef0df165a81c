import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startBranch } from '../../branch-server/start-branch.ts'
import { type SentCatalogue, withPins } from '../../branch-server/testing/bank-catalogue.ts'
import { type Client, createClient, createDeviceClient, type DeviceClient } from '../../branch-server/testing/client.ts'
import { INSTALLER_TOKEN } from '../../branch-server/testing/test-branch.ts'
import { NINE_OCLOCK_MS } from '../../branch-server/testing/test-clock.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { bank } from '../../shared/domain/testing/bank.ts'
import type { DeviceKind } from '../../shared/wire/requests.ts'

const PROGRAM = join(import.meta.dirname, 'branch-program.ts')
const COMPILED = join(tmpdir(), 'smartqueue-offline-compiled')

/** All services of the bank in one line that takes everybody, so that its order can be compared with that of the taps. */
export const oneLine: SentCatalogue = withPins({
  ...bank,
  services: bank.services.map((service) => ({ ...service, queueId: bank.queues[0]?.id ?? service.queueId })),
  queues: bank.queues.slice(0, 1),
  counters: bank.counters.map((counter) => ({ ...counter, queueIds: bank.queues.slice(0, 1).map(({ id }) => id) })),
})

export type StartedAs = 'process' | 'in-process'

/** The branch server's box: one folder, one port, and a server on it or none. */
export interface BranchBox extends AsyncDisposable {
  readonly folder: string
  readonly port: number
  readonly url: string
  readonly installer: Client
  /** How far the branch's wall clock is ahead of the machine's. */
  readonly aheadMs: number
  /** What its wall clock says, whether a server is on or not. */
  nowMs(): EpochMs
  start(as: StartedAs): Promise<void>
  /** Time goes by on both clocks of a server in this process, or of the next that is started. */
  pass(ms: number): void
  /** SIGKILL for a process; the one in this process is closed. */
  stop(): Promise<void>
  /** A code for one device. */
  invite(kind: DeviceKind, name: string): Promise<string>
  pair(kind: DeviceKind, name: string): Promise<DeviceClient>
}

interface Running {
  readonly url: string
  stop(): Promise<void>
}

async function startProcess(folder: string, port: number, aheadMs: number): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, folder, String(port), String(aheadMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
  })
  const exit = once(child, 'exit')
  const said = child.stdout === null ? [] : await Promise.race([once(child.stdout, 'data'), exit])
  if (child.exitCode !== null) throw new Error(`The branch server ended with ${child.exitCode}`)
  return {
    url: String(said[0]).trim(),
    async stop() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

async function startHere(folder: string, port: number, aheadMs: number, passedMs: () => number): Promise<Running> {
  const branch = await startBranch({
    config: {
      host: '127.0.0.1',
      port,
      folder,
      backupFolder: null,
      installerToken: INSTALLER_TOKEN,
      cloudUrl: null,
      enrolmentCode: null,
    },
    clocks: {
      wallMs: () => Date.now() + aheadMs + passedMs(),
      monotonicMs: () => performance.now() + passedMs(),
    },
    logger: pino({ level: 'silent' }),
  })
  return { url: branch.url, stop: () => branch.close() }
}

/**
 * A branch with the bank in one line, open since this moment, which it takes for nine in the morning.
 * @param before - the box that it replaces, which is off: its port and its time go on
 */
export async function openBranchBox(
  folder: string,
  catalogue: SentCatalogue = oneLine,
  before: Pick<BranchBox, 'port' | 'aheadMs'> | null = null,
): Promise<BranchBox> {
  mkdirSync(folder, { recursive: true })
  const aheadMs = before?.aheadMs ?? NINE_OCLOCK_MS - Date.now()
  let passedMs = 0
  let running: Running | null = await startHere(folder, before?.port ?? 0, aheadMs, () => passedMs)
  const { url } = running
  const port = Number(new URL(url).port)
  const installer = createClient(url, INSTALLER_TOKEN)
  const { status, body } = await installer.send('PUT', '/api/v1/catalogue', catalogue)
  if (status !== 200) throw new Error(`The catalogue was refused: ${JSON.stringify(body)}`)

  async function invite(kind: DeviceKind, name: string): Promise<string> {
    const made = await installer.post<{ code: string }>('/api/v1/pairings', { kind, name })
    return made.body.code
  }
  async function stop(): Promise<void> {
    await running?.stop()
    running = null
  }
  return {
    folder,
    port,
    url,
    installer,
    aheadMs,
    nowMs: () => (Date.now() + aheadMs + passedMs) as EpochMs,
    async start(as) {
      running =
        as === 'process'
          ? await startProcess(folder, port, aheadMs + passedMs)
          : await startHere(folder, port, aheadMs, () => passedMs)
    },
    pass(ms) {
      passedMs += ms
    },
    stop,
    [Symbol.asyncDispose]: stop,
    invite,
    async pair(kind, name) {
      const code = await invite(kind, name)
      const claim = await createClient(url, null).post<Parameters<typeof createDeviceClient>[1]>(
        '/api/v1/pairings/claim',
        { code },
      )
      return createDeviceClient(url, claim.body)
    },
  }
}
