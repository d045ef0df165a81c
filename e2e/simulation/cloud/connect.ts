import type { Waist } from '../../../branch-server/execute.ts'
import type { BranchKeys } from '../../../branch-server/keys.ts'
import type { Log } from '../../../branch-server/log.ts'
import { openCloudDoor } from '../../../branch-server/sync/cloud-door.ts'
import type { Outside, Sync } from '../../../branch-server/sync/open-sync.ts'
import type { PresentSender } from '../../../branch-server/sync/present-sender.ts'
import { startUploader } from '../../../branch-server/sync/uploader.ts'
import type { BranchIdentity } from '../../../cloud-sync/store/inbox.ts'

interface ConnectParts {
  readonly identity: BranchIdentity
  readonly waist: Waist
  readonly keys: BranchKeys
  readonly wallMs: () => number
  readonly log: Log
  readonly outside: Outside
}

/** How the branch is now is told every minute, whatever happens: days of that would take longer than all the rest. */
const UNTOLD: PresentSender = { step: () => Promise.resolve(null), dueInMs: () => Number.MAX_SAFE_INTEGER, lose() {} }

/**
 * Sends a branch's log up as the branch server does. What lies beside the log is left out, too: it is looked for every two
 * seconds.
 */
export function connect({ identity, waist, keys, wallMs, log, outside }: ConnectParts): Sync {
  const ending = new AbortController()
  const door = openCloudDoor({
    identity: { cloudUrl: 'http://cloud', ...identity },
    ...keys,
    ...outside,
    wallMs,
    ending: ending.signal,
  })
  const uploader = startUploader({
    ...outside,
    log,
    door,
    present: UNTOLD,
    events: {
      epochs: () => waist.branch().store.log.epochs(),
      lastSeq: (epoch) => waist.branch().store.log.lastSeq(epoch),
      after: (epoch, seq) => waist.branch().store.log.after(epoch, seq),
      catalogue: (version) => waist.branch().store.catalogues.text(version),
    },
  })
  waist.onCommit(() => uploader.wake())
  return {
    status: uploader.status,
    isManaged: () => false,
    async close() {
      ending.abort()
      await uploader.close()
    },
  }
}
