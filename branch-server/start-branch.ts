import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { takeFolder } from '#shared/disk/take-folder.ts'
import type { Clocks } from '#shared/domain/clock.ts'
import { closeApp } from '#shared/http/close-app.ts'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { createPace } from '#shared/http/pace.ts'
import { sixWords } from '#shared/words/six-words.ts'
import { type BranchKeys, openKeys } from './access/keys.ts'
import { openAgents } from './access/open-agents.ts'
import { createPairings } from './access/pairings.ts'
import { createRoster, type Roster } from './access/roster.ts'
import { buildApp } from './app.ts'
import { createNightly } from './background/nightly.ts'
import { startWorker, type Worker } from './background/worker.ts'
import { createAbsenceBook } from './books/absence-book.ts'
import { createClockWitness } from './books/clock-witness.ts'
import { createInstanceBook } from './books/instance-book.ts'
import { createJumpBook } from './books/jump-book.ts'
import { openLearned } from './books/learned-file.ts'
import { createPrinterBook } from './books/printer-book.ts'
import { type Config, DEVICE_REQUESTS_MAX } from './config.ts'
import { type LogTail, NO_TAIL } from './diagnostics/log-tail.ts'
import { createFeed } from './feed.ts'
import { openGuests } from './guest/guest-door.ts'
import { openDisplays } from './media/open-displays.ts'
import type { App, Parts } from './parts.ts'
import { openLine } from './sync/open-line.ts'
import type { Sync } from './sync/open-sync.ts'
import { openVoice } from './voice/open-voice.ts'
import type { Waist, WaistParts } from './waist/execute.ts'
import { keepTime, writer } from './waist/keep-time.ts'
import { DATABASE_NAME, SETTINGS_NAME } from './waist/open-branch.ts'
import { openWaist } from './waist/open-waist.ts'
import { createSecondCopy, type SecondCopy } from './waist/second-copy.ts'
import { createWaitBook } from './waits/waits.ts'

/** The day rolls with the first command after the cut-over; this brings one when nobody else does. */
const TICK_MS = 15_000
/** The whole file is read and compared this often, the first time soon after the start. */
const CHECK_MS = 24 * 3_600_000
const FIRST_CHECK_MS = 5_000
const DEVICE_PACE = { windowMs: 10_000, askersMax: 2_000 } as const

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
  /** When the file is first read through. */
  readonly firstCheckMs?: number
  /** What turns sentences into sound; left out: espeak-ng, where it is installed. */
  readonly speechProgram?: string
  /** The last lines of what is logged; left out: none are kept. */
  readonly tail?: LogTail
  /** Tests plant their faults here. */
  readonly commit?: WaistParts['commit']
}

const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
  .version

/** Finds what no single command would: a byte that changed on the disk. The branch is healed on the spot. */
async function checkFile(worker: Worker, waist: Waist, logger: FastifyBaseLogger): Promise<void> {
  const { store } = waist.branch()
  try {
    const { eventCount, fault, wrongPeriods } = await worker.check()
    // Meanwhile the file was opened anew or healed: what was found is not true of this one.
    if (waist.branch().store !== store) return
    if (fault === null) logger.info({ eventCount }, 'the log and the state agree')
    else {
      logger.error({ fault }, 'the database contradicts itself')
      await waist.heal()
    }
    if (wrongPeriods.length > 0)
      logger.error({ first: wrongPeriods[0], count: wrongPeriods.length }, 'sums of the figures are made anew')
    // One commit each: nobody waits behind ten years of sums.
    for (const period of wrongPeriods) await keepTime(waist, ({ rollups }) => rollups.mend(period))
  } catch (error) {
    logger.error({ err: error }, 'the database could not be checked')
  }
}

function keepGoing(
  waist: Waist,
  worker: Worker,
  sweep: () => void,
  firstCheckMs: number,
  logger: FastifyBaseLogger,
): () => void {
  const tick = setInterval(() => {
    sweep()
    void keepTime(waist)
  }, TICK_MS)
  const check = (): void => void checkFile(worker, waist, logger)
  const first = setTimeout(check, firstCheckMs)
  const daily = setInterval(check, CHECK_MS)
  return () => {
    for (const timer of [tick, first, daily]) clearInterval(timer)
  }
}

/** The worker, and the night's backup when there is a second folder for it. */
function startBackground(
  { folder, backupFolder }: Config,
  waist: Waist,
  { wallMs }: Clocks,
  log: FastifyBaseLogger,
): Pick<Parts, 'worker' | 'nightly'> {
  const to = backupFolder ?? join(folder, 'backups')
  const worker = startWorker(join(folder, DATABASE_NAME), to, wallMs, backupFolder !== null)
  const timezone = (): string => waist.branch().state.catalogue?.body.branch.timezone ?? 'UTC'
  const nightly =
    backupFolder === null
      ? null
      : createNightly({ folder: backupFolder, dataFolder: folder, worker, timezone, wallMs, log })
  return { worker, nightly }
}

/** The devices as they are stored. @returns beside the roster what reads them once more, and keeps them a second time */
function openRoster(
  waist: Waist,
  installerToken: string,
  copy: Pick<SecondCopy, 'keep'>,
  log: FastifyBaseLogger,
): [Roster, () => void] {
  const { devices: stored } = waist.branch().store
  const roster = createRoster(installerToken, stored.all(), stored.formerTokens())
  const reload = (): void => {
    try {
      const { devices } = waist.branch().store
      roster.reload(devices.all(), devices.formerTokens())
    } catch (error) {
      log.error({ err: error }, 'the devices could not be read; those known before stay')
    }
  }
  // A file that was opened again may know devices that the one before had lost.
  waist.onCommit((frames) => {
    if (frames.length === 0) reload()
  })
  const keepDevices = (): void => {
    reload()
    copy.keep()
  }
  return [roster, keepDevices]
}

/** Outside its own machine the branch is looked for by its key, and compared by six words. */
async function beFound(
  url: string,
  host: string,
  { fingerprint }: BranchKeys,
  log: FastifyBaseLogger,
): Promise<() => void> {
  const { announceBranch } = await import('./announce.ts')
  const words = sixWords(Buffer.from(fingerprint, 'base64url')).join(' ')
  log.info({ fingerprint, words }, 'a device that is paired by a typed code must show these six words')
  return announceBranch({ host, port: Number(new URL(url).port), fingerprint, log })
}

/** Outside its own machine the branch is found by devices and, where the catalogue has it so, looked at by guests. */
async function beSeen(
  url: string,
  config: Config,
  keys: BranchKeys,
  board: Parameters<typeof openGuests>[1],
  log: FastifyBaseLogger,
): Promise<() => void> {
  if (isLoopback(config.host)) return () => {}
  const closeGuests = openGuests(config, board, log)
  const stopAnnouncing = await beFound(url, config.host, keys, log)
  return () => {
    stopAnnouncing()
    closeGuests()
  }
}

/** @returns looks who is away */
function looker(absences: Parts['absences'], waist: Waist, log: FastifyBaseLogger): () => void {
  return () => {
    try {
      absences.look((writes) => void keepTime(waist, writes))
    } catch (error) {
      log.error({ err: error }, 'who is away could not be read; it is looked for again')
    }
  }
}

/** Whoever mends what keeps the branch from starting must be let into its folder. */
function orUnlocked<Opened>(unlock: () => void, open: () => Opened): Opened {
  try {
    return open()
  } catch (error) {
    unlock()
    throw error
  }
}

/**
 * Starts a branch: folder, keys, file, waist, routes, port.
 * @throws ConfigError, FolderInUseError, NewerFileError, or what the disk or the network says (run.ts has a sentence for each)
 */
export async function startBranch(options: StartOptions): Promise<RunningBranch> {
  const { config, clocks, logger, commit, firstCheckMs = FIRST_CHECK_MS, speechProgram = 'espeak-ng' } = options
  const { folder } = config
  const unlock = takeFolder(folder, logger)
  const keys = openKeys(config.folder, config.installerToken)
  const { waist, readClock } = orUnlocked(unlock, () => openWaist({ folder, clocks, log: logger }, commit))
  const copy = createSecondCopy(waist, join(config.folder, SETTINGS_NAME), logger)
  const [roster, keepDevices] = openRoster(waist, keys.installerToken, copy, logger)
  const { worker, nightly } = startBackground(config, waist, clocks, logger)
  const learnedFile = openLearned(config.folder, logger)
  const waits = createWaitBook({ waist, readClock, learned: learnedFile.learned, log: logger })
  const feed = createFeed(waist, clocks.monotonicMs, logger)
  const absences = createAbsenceBook({ waist, roster, readClock })
  const common = { waist, keys, readClock, log: logger }
  const agents = await openAgents({ ...common, isManaged: () => sync.isManaged(), write: writer(waist) })
  const printers = createPrinterBook(roster, clocks)
  const sync: Sync = openLine(
    { ...common, config, ...clocks, printers, copy, heard: agents.rights.heard },
    {
      ...{ waist, roster, feed, keepDevices, version, wallMs: clocks.wallMs },
      ...{ tail: options.tail ?? NO_TAIL, speech: () => voice.state() },
    },
  )
  const voice = openVoice({ ...config, ...clocks, program: speechProgram, log: logger, waist, roster })
  const app = await buildApp(
    {
      ...{ waist, feed, roster, printers },
      ...openDisplays(config.folder, roster, clocks),
      ...{ ...agents, pairings: createPairings(clocks.monotonicMs), keys, clocks, readClock, absences },
      pace: createPace({ ...DEVICE_PACE, max: config.deviceRequestsMax ?? DEVICE_REQUESTS_MAX }, clocks.monotonicMs),
      jumps: createJumpBook(clocks.monotonicMs, logger),
      instances: createInstanceBook(clocks.monotonicMs, logger),
      witness: createClockWitness(waist, readClock, (deviceId) => roster.find(deviceId) !== undefined),
      ...{ worker, nightly, waits, voice, sync },
      keepSettings: copy.keep,
      keepDevices,
      version,
    },
    logger,
    isLoopback(config.host) ? null : await keys.tls(),
  )
  const url = await app.listen({ host: config.host, port: config.port })
  const hide = await beSeen(url, config, keys, { waist, readClock }, logger)
  const look = looker(absences, waist, logger)
  // The power may go again before the first tick.
  look()
  const stop = keepGoing(
    waist,
    worker,
    () => {
      feed.sweep()
      waist.branch().store.forgetErased()
      look()
      void nightly?.tick()
    },
    firstCheckMs,
    logger,
  )
  return {
    ...{ url, waist, app, installerToken: keys.installerToken },
    async close() {
      stop()
      hide()
      feed.close()
      await sync.close()
      await closeApp(app)
      await waist.close()
      await worker.close()
      waits.close()
      voice.close()
      await learnedFile.close()
      await copy.close()
      waist.branch().store.close()
      unlock()
    },
  }
}
