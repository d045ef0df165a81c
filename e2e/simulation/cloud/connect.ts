import type { BranchKeys } from '../../../branch-server/access/keys.ts'
import type { Log } from '../../../branch-server/log.ts'
import { openCloudDoor } from '../../../branch-server/sync/cloud-door.ts'
import type { Outside, Sync } from '../../../branch-server/sync/open-sync.ts'
import type { PresentSender } from '../../../branch-server/sync/present-sender.ts'
import { type CourierParts, startCourier } from '../../../branch-server/sync/side-courier.ts'
import { startUploader } from '../../../branch-server/sync/uploader.ts'
import type { Waist } from '../../../branch-server/waist/execute.ts'
import type { BranchIdentity } from '../../../cloud-sync/store/inbox.ts'
import type { ClockReading } from '../../../shared/domain/clock.ts'
import { presentOf } from '../../../shared/project/present.ts'
import { type Beside, type SlowTime, slowPresent } from './beside.ts'

/** What travels beside the log, and how often it is looked for. */
interface BesideParts {
  readonly kind: Beside
  readonly slow: SlowTime
  readonly readClock: () => ClockReading
  readonly write: CourierParts['write']
}

/** A rush of a story is some dozens of events: so it takes several uploads, as weeks do in life. */
const UPLOAD_EVENTS_FEW = 20

interface ConnectParts {
  readonly identity: BranchIdentity
  readonly waist: Waist
  readonly keys: BranchKeys
  readonly wallMs: () => number
  readonly log: Log
  readonly outside: Outside
  /** Left out: the log alone. */
  readonly beside?: BesideParts
  readonly uploadEventsMax?: number
}

const UNTOLD: PresentSender = { step: () => Promise.resolve(null), dueInMs: () => Number.MAX_SAFE_INTEGER, lose() {} }

/** @param wake - something may be due at once */
type SimulatedSync = Sync & { readonly wake: () => void }

/** Sends up what a branch has to say, as the branch server does. */
export function connect(parts: ConnectParts): SimulatedSync {
  const { identity, waist, keys, wallMs, log, outside, beside, uploadEventsMax = UPLOAD_EVENTS_FEW } = parts
  const ending = new AbortController()
  const door = openCloudDoor({
    identity: { cloudUrl: 'http://cloud', ...identity },
    ...keys,
    ...outside,
    wallMs,
    ending: ending.signal,
  })
  let cloudLife = 0
  const uploader = startUploader({
    onCloudPutBack() {
      cloudLife += 1
    },
    ...outside,
    log,
    door,
    present:
      beside?.kind === 'present'
        ? slowPresent(beside.slow, {
            ...{ log, door },
            present: () => presentOf(waist.branch().state, [], beside.readClock()),
          })
        : UNTOLD,
    events: {
      epochs: () => waist.branch().store.log.epochs(),
      lastSeq: (epoch) => waist.branch().store.log.lastSeq(epoch),
      after: (epoch, seq) => waist.branch().store.log.after(epoch, seq).slice(0, uploadEventsMax),
      catalogue: (version) => waist.branch().store.catalogues.text(version),
    },
  })
  const courier =
    beside?.kind === 'notes'
      ? startCourier({
          ...{ ...outside, door, log, write: beside.write, pause: beside.slow.pause },
          store: () => waist.branch().store,
          epoch: () => waist.branch().head.epoch,
          cloudLife: () => cloudLife,
        })
      : null
  waist.onCommit(() => uploader.wake())
  return {
    status: uploader.status,
    isManaged: () => false,
    hearOrder: () => Promise.resolve(false),
    wake: uploader.wake,
    succession: () => null,
    async close() {
      ending.abort()
      await uploader.close()
      await courier?.close()
    },
  }
}
