import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { BRANCH_ORIGIN } from '#shared/domain/step.ts'
import { type App, buildApp, type Parts } from './app.ts'
import { createClockWitness } from './clock-witness.ts'
import type { Config } from './config.ts'
import { createWaist, type Waist, type WaistParts } from './execute.ts'
import { createFeed } from './feed.ts'
import { openKeys } from './keys.ts'
import { lockFolder } from './lock.ts'
import {
  type Clocks,
  createClock,
  DATABASE_NAME,
  healBranch,
  newEpoch,
  openBranch,
  SETTINGS_NAME,
} from './open-branch.ts'
import { createPairings } from './pairings.ts'
import { createPinGuard } from './pins.ts'
import { createRoster } from './roster.ts'
import { writeSettings } from './store/settings-copy.ts'
import { startWorker, type Worker } from './work/worker.ts'

/** The day rolls with the first command after the cut-over; this brings one when nobody else does. */
const TICK_MS = 15_000
/** The whole file is read and compared this often, the first time soon after the start. */
const CHECK_MS = 24 * 3_600_000
const FIRST_CHECK_MS = 5_000

export interface RunningBranch {
  readonly url: string
  readonly waist: Waist
  readonly app: App
  readonly installerToken: string
  /** Takes nothing more, answers what was accepted, closes the file. */
  close(): Promise<void>
}

export interface StartOptions {
  readonly config: Config
  readonly clocks: Clocks
  readonly logger: FastifyBaseLogger
  /** Tests plant their faults here. */
  readonly commit?: WaistParts['commit']
}

const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
  .version

function keepSettings(waist: Waist, file: string, logger: FastifyBaseLogger): void {
  const { store, state } = waist.branch()
  const { catalogue } = state
  const text = catalogue === null ? null : store.catalogues.text(catalogue.version)
  try {
    writeSettings(file, {
      catalogue:
        catalogue === null || text === null ? null : { version: catalogue.version, hash: catalogue.hash, body: text },
      pins: store.catalogues.pins(),
      devices: store.devices.all(),
    })
  } catch (error) {
    logger.error({ err: error }, 'the second copy of the settings could not be written')
  }
}

/** Finds what no single command would: a byte that changed on the disk. The branch is healed on the spot. */
async function checkFile(worker: Worker, waist: Waist, logger: FastifyBaseLogger): Promise<void> {
  try {
    const { eventCount, fault } = await worker.check()
    if (fault === null) logger.info({ eventCount }, 'the log and the state agree')
    else {
      logger.error({ fault }, 'the database contradicts itself')
      await waist.heal()
    }
  } catch (error) {
    logger.error({ err: error }, 'the database could not be checked')
    if (/malformed|not a database|disk image/.test(String(error))) await waist.heal()
  }
}

function keepGoing(waist: Waist, worker: Worker, sweep: () => void, logger: FastifyBaseLogger): () => void {
  const tick = setInterval(() => {
    sweep()
    void waist.execute({
      origin: BRANCH_ORIGIN,
      command: { type: 'KeepTime' },
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
    })
  }, TICK_MS)
  const check = (): void => void checkFile(worker, waist, logger)
  const first = setTimeout(check, FIRST_CHECK_MS)
  const daily = setInterval(check, CHECK_MS)
  return () => {
    for (const timer of [tick, first, daily]) clearInterval(timer)
  }
}

function openWaist({ config, clocks, logger, commit }: StartOptions): { waist: Waist; readClock: Parts['readClock'] } {
  const parts = { folder: config.folder, clocks, log: logger }
  const branch = openBranch(parts)
  const readClock = createClock(branch.state.now, clocks)
  const waist: Waist = createWaist({
    branch,
    readClock,
    newEpoch,
    log: logger,
    ...(commit === undefined ? {} : { commit }),
    reopen(isDamaged) {
      const former = waist.branch().store
      former.close()
      return isDamaged ? healBranch(parts, readClock) : openBranch(parts, readClock)
    },
  })
  return { waist, readClock }
}

/**
 * Starts a branch: folder, keys, file, waist, routes, port.
 * @throws ConfigError, FolderInUseError, NewerFileError, or what the disk or the network says (main.ts has a sentence for each)
 */
export async function startBranch(options: StartOptions): Promise<RunningBranch> {
  const { config, clocks, logger } = options
  mkdirSync(config.folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(config.folder)
  const keys = openKeys(config.folder, config.installerToken)
  const { waist, readClock } = openWaist(options)
  const settingsFile = join(config.folder, SETTINGS_NAME)
  const worker = startWorker(join(config.folder, DATABASE_NAME), join(config.folder, 'backups'), clocks.wallMs)
  const feed = createFeed(waist, clocks.monotonicMs, logger)
  const app = await buildApp(
    {
      waist,
      feed,
      roster: createRoster(keys.installerToken, waist.branch().store.devices.all()),
      pairings: createPairings(clocks.monotonicMs),
      pins: createPinGuard(clocks.monotonicMs),
      keys,
      clocks,
      readClock,
      witness: createClockWitness(waist, readClock),
      worker,
      keepSettings: () => keepSettings(waist, settingsFile, logger),
      version,
    },
    logger,
  )
  const url = await app.listen({ host: config.host, port: config.port })
  const stop = keepGoing(waist, worker, () => feed.sweep(), logger)
  return {
    url,
    waist,
    app,
    installerToken: keys.installerToken,
    async close() {
      stop()
      feed.close()
      await app.close()
      await waist.close()
      await worker.close()
      waist.branch().store.close()
      unlock()
    },
  }
}
