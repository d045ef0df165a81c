import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { Clocks } from '#shared/domain/clock.ts'
import { openKeys, PIN_PEPPER_NAME } from '../access/keys.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { openCloudDoor } from '../sync/cloud-door.ts'
import { enrol } from '../sync/enrolment.ts'
import { isOtherCode, PLACE_NAME, readPlace } from '../sync/place-file.ts'
import { backOffMs } from '../sync/uploader.ts'
import type { Pause } from '../sync/within.ts'
import { SETTINGS_NAME } from '../waist/open-branch.ts'
import { bringDown, createAsk, type Lost } from './cloud-place.ts'
import { bringBeside, putBeside } from './cloud-side.ts'
import { type Restored, refuseLiving, restoreBranch } from './restore-branch.ts'
import { NothingHeldError, RestoreError } from './restore-error.ts'

/** Whoever stands there with a dead box is told sooner than a server that would try for ever. */
export const ENROL_MS_MAX = 30_000
const FILE = 'from-cloud.db'

const never = new AbortController().signal
const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} }
const pause: Pause = (ms, signal) => wait(ms, undefined, { signal }).catch(() => {})

function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true })
}

export interface RestoredFromCloud extends Restored {
  readonly lost: Lost | null
}

/** What lies outside of this program; tests put their own here. */
export interface Outside {
  readonly fetch: typeof globalThis.fetch
  readonly pause: Pause
}

export const here: Outside = { fetch: globalThis.fetch, pause }

/**
 * Makes this box the branch that its cloud knows: takes its place there by a code, which ends the belief in the key of the
 * box before; brings the log down; rebuilds the branch from it as from a device, in a new epoch whose numbers jump ahead.
 * Cut off anywhere, the same command goes on, without another code.
 * @throws RestoreError, FolderInUseError, or what the disk says
 */
export async function restoreFromCloud(
  config: Config,
  clocks: Clocks,
  { fetch, pause: waitFor }: Outside = here,
): Promise<RestoredFromCloud> {
  const { folder, cloudUrl, enrolmentCode, installerToken } = config
  if (cloudUrl === null) throw new RestoreError('CLOUD_URL must name the cloud that knows this branch.')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  refuseLiving(folder)
  const ending = AbortSignal.timeout(ENROL_MS_MAX)
  const place = readPlace(folder)
  const isKept = place.kind === 'kept' && (enrolmentCode === null || !isOtherCode(place, enrolmentCode))
  const kept = isKept ? place.identity : null
  if (kept === null && enrolmentCode === null)
    throw new RestoreError('BRANCH_ENROLMENT_CODE must hold a code that head office has just made for this branch.')
  const keys = openKeys(folder, installerToken)
  const outside = { fetch, random: Math.random, pause: waitFor }
  const common = { keys, log: quiet, ...outside }
  const identity = kept ?? (await enrol({ ...common, folder, cloudUrl, code: enrolmentCode ?? '', signal: ending }))
  if (identity === null)
    throw new RestoreError(
      ending.aborted
        ? `The cloud at ${cloudUrl} cannot be reached; nothing was restored.`
        : 'The code is wrong, used or too old: have a new one made and set BRANCH_ENROLMENT_CODE to it.',
    )
  const door = openCloudDoor({
    identity: { ...identity, cloudUrl },
    ...keys,
    ...outside,
    wallMs: clocks.wallMs,
    ending: never,
  })
  const file = join(folder, FILE)
  const again = (failures: number): Promise<void> => waitFor(backOffMs(failures, Math.random), never)
  removeFile(file)
  try {
    const lost = await bringDown({ door, file, pause: again })
    const beside = await bringBeside(createAsk({ door, pause: again }), identity.branchId)
    const { role } = beside
    // PINs are worth nothing without it, nor it without them.
    if (role?.pinPepper !== undefined && !existsSync(join(folder, SETTINGS_NAME)))
      writeWhole(join(folder, PIN_PEPPER_NAME), role.pinPepper)
    const restored = restoreBranch({ folder, places: [file], clocks, role, more: putBeside(identity.branchId, beside) })
    const { place, hasSettings } = restored
    return { ...restored, place: { ...place, name: cloudUrl }, hasSettings: hasSettings || role !== null, lost }
  } catch (error) {
    // A place without a log is a restore that was cut off, and is not started: this one is a branch that begins.
    if (error instanceof NothingHeldError) rmSync(join(folder, PLACE_NAME), { force: true })
    throw error
  } finally {
    removeFile(file)
  }
}
