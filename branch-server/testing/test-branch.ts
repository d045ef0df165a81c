import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { DeviceKind } from '#shared/wire/requests.ts'
import { keepTail, type LogTail } from '../diagnostics/log-tail.ts'
import { type RunningBranch, type StartOptions, startBranch } from '../start-branch.ts'
import { type SentCatalogue, sentBank } from './bank-catalogue.ts'
import { type Client, createClient, createDeviceClient, type DeviceClient } from './client.ts'
import { type TestClock, testClock } from './test-clock.ts'

export const INSTALLER_TOKEN = 'installer-token-of-the-tests-7Qk2'

/** A whole branch in a folder of its own, on its real port; `await using` closes it and takes the folder away. */
export interface TestBranch extends AsyncDisposable {
  readonly folder: string
  readonly clock: TestClock
  /** Changes when the branch is started again. */
  readonly url: string
  readonly running: RunningBranch
  /** Everything it has logged since the folder was made. */
  readonly logLines: readonly string[]
  readonly installer: Client
  readonly stranger: Client
  pair(kind: DeviceKind, name?: string): Promise<DeviceClient>
  /** A caller with an agent signed in at a counter. */
  staff(counterId: string, agentId: string): Promise<DeviceClient>
  /** Ends the branch and starts it again on the same folder and port; clients go on. */
  restart(): Promise<void>
  /** Starts it again after it was closed. */
  start(more?: Pick<StartOptions, 'firstCheckMs'>): Promise<void>
}

export interface TestBranchOptions {
  /** null: none is sent. */
  readonly catalogue?: SentCatalogue | null
  readonly clock?: TestClock
  /** What is logged from; `info` unless given. */
  readonly logLevel?: string
  /** What speaks for it; left out: the espeak-ng of this machine. */
  readonly speechProgram?: string
  /** Where to enrol, and the code for it; left out: it stands alone. */
  readonly cloud?: { readonly url: string; readonly code: string | null }
  /** A folder of a branch that was; left out: a new one. */
  readonly folder?: string
  /** Plants a fault under the waist. */
  readonly commit?: StartOptions['commit']
}

function keepLines(level: string): { logger: StartOptions['logger']; tail: LogTail; lines: string[] } {
  const lines: string[] = []
  const { stream, tail } = keepTail({ write: (line: string) => void lines.push(line) })
  return { logger: pino({ level }, stream), tail, lines }
}

async function pairDevice(url: string, installer: Client, kind: DeviceKind, name: string): Promise<DeviceClient> {
  const { body } = await installer.post<{ code: string }>('/api/v1/pairings', { kind, name })
  const claim = await createClient(url, null).post<Parameters<typeof createDeviceClient>[1]>('/api/v1/pairings/claim', {
    code: body.code,
  })
  if (claim.status !== 201) throw new Error(`${name} was not paired: ${JSON.stringify(claim.body)}`)
  return createDeviceClient(url, claim.body)
}

/** Opens a branch with the small bank of Dakar, on a Monday at nine. */
export async function openTestBranch(options: TestBranchOptions = {}): Promise<TestBranch> {
  const { catalogue = sentBank, clock = testClock(), logLevel = 'info', commit, speechProgram, cloud } = options
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'smartqueue-branch-'))
  const { logger, tail, lines } = keepLines(logLevel)
  const start = (
    port: number,
    more: Pick<StartOptions, 'firstCheckMs'> = {},
    // Not `undefined` for none: that would stand for what is given by default.
    joins: TestBranchOptions['cloud'] | null = cloud,
  ): Promise<RunningBranch> =>
    startBranch({
      config: {
        host: '127.0.0.1',
        port,
        folder,
        backupFolder: null,
        installerToken: INSTALLER_TOKEN,
        cloudUrl: joins?.url ?? null,
        enrolmentCode: joins?.code ?? null,
      },
      clocks: clock,
      ...{ logger, tail },
      ...more,
      ...(commit === undefined ? {} : { commit }),
      ...(speechProgram === undefined ? {} : { speechProgram }),
    })
  // A branch stands alone until it has a catalogue: once it has joined, that is the cloud's.
  const isAlone = catalogue !== null && cloud !== undefined
  let running = await start(0, {}, isAlone ? null : cloud)
  const { url } = running
  const installer = createClient(url, INSTALLER_TOKEN)
  if (catalogue !== null) {
    const { status, body } = await installer.send('PUT', '/api/v1/catalogue', catalogue)
    if (status !== 200) throw new Error(`The catalogue was refused: ${JSON.stringify(body)}`)
  }
  if (isAlone) {
    await running.close()
    running = await start(Number(new URL(url).port))
  }
  const branch: TestBranch = {
    folder,
    clock,
    url,
    get running() {
      return running
    },
    logLines: lines,
    installer,
    stranger: createClient(url, null),
    pair: (kind, name = `a ${kind}`) => pairDevice(url, installer, kind, name),
    async staff(counterId, agentId) {
      const caller = await branch.pair('caller', `caller at ${counterId}`)
      const { status, body } = await caller.open(counterId, agentId)
      if (status !== 200) throw new Error(`${counterId} did not open: ${JSON.stringify(body)}`)
      return caller
    },
    async restart() {
      await running.close()
      await branch.start()
    },
    async start(more) {
      running = await start(Number(new URL(url).port), more)
    },
    async [Symbol.asyncDispose]() {
      await running.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return branch
}
