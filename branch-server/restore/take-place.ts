import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lockFolder } from '#shared/disk/lock-folder.ts'
import type { Clocks } from '#shared/domain/clock.ts'
import { seenNumbers } from '#shared/domain/epoch.ts'
import { makeCloudKey } from '../access/keys.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { enrol, keptIdentity } from '../sync/enrolment.ts'
import { commitEpoch, createClock, DATABASE_NAME, openBranch } from '../waist/open-branch.ts'
import { RestoreError } from './restore-error.ts'
import type { Outside } from './restore-from-cloud.ts'
import { ENROL_MS_MAX, here } from './restore-from-cloud.ts'

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** @throws RestoreError with what the person there can do */
function refuse(cloudUrl: string | null, code: string | null, folder: string): void {
  if (cloudUrl === null) throw new RestoreError('CLOUD_URL must name the cloud that knows this branch.')
  if (code === null)
    throw new RestoreError('BRANCH_ENROLMENT_CODE must hold a code that head office has just made for this branch.')
  if (!existsSync(join(folder, DATABASE_NAME)))
    throw new RestoreError(`${folder} holds no branch: restore it first, with restore --from-cloud or restore --from.`)
}

/**
 * Says that this box is the branch, where a copy of its disk may say the same, or the cloud has seen more of the branch
 * than this box knows, after its disk was put back. It gets a key of its own for the cloud, by a code of head office, so
 * that no copy can speak for it any more; devices go on knowing it by the key they know. Its log goes on in a new epoch.
 * @returns the cloud's address
 * @throws RestoreError, FolderInUseError, or what the disk says
 */
export async function takePlace(config: Config, clocks: Clocks, outside: Outside = here): Promise<string> {
  const { folder, cloudUrl, enrolmentCode } = config
  refuse(cloudUrl, enrolmentCode, folder)
  const unlock = lockFolder(folder)
  try {
    const before = keptIdentity(folder)
    const made = makeCloudKey(folder)
    const ending = AbortSignal.timeout(ENROL_MS_MAX)
    const asked = { folder, cloudUrl: cloudUrl ?? '', code: enrolmentCode ?? '', keys: made.keys, log: quiet }
    const identity = await enrol({ ...asked, ...outside, random: Math.random, signal: ending })
    if (identity === null)
      throw new RestoreError(
        ending.aborted
          ? `The cloud at ${cloudUrl} cannot be reached; nothing was changed.`
          : 'The code is wrong, used or too old: have a new one made and set BRANCH_ENROLMENT_CODE to it.',
      )
    made.use()
    if (before !== null && before.branchId !== identity.branchId)
      throw new RestoreError(
        'The code was for another branch: have one made for each of the two, and enrol both again.',
      )
    beginAnew(folder, clocks)
    return cloudUrl ?? ''
  } finally {
    unlock()
  }
}

function beginAnew(folder: string, clocks: Clocks): void {
  const { store, state, head } = openBranch({ folder, clocks, log: quiet })
  try {
    const seen = seenNumbers(state)
    commitEpoch(store, state, 'rewound', head, seen === null ? [] : [seen], createClock(state.now, clocks)())
    store.closeWhole()
  } finally {
    store.close()
  }
}
