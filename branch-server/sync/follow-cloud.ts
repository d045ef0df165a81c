import type { DeviceId } from '#shared/domain/ids.ts'
import type { Roster } from '../access/roster.ts'
import type { Log } from '../log.ts'
import type { ShapeName } from '../store/cloud.ts'
import type { Store } from '../store/store.ts'
import type { Waist } from '../waist/execute.ts'
import type { Reply } from '../waist/settle.ts'
import { createCatalogueSink } from './catalogue-sink.ts'
import type { CloudDoor } from './cloud-door.ts'
import { createInboxSink } from './inbox-sink.ts'
import type { OrderDesk } from './order-desk.ts'
import { createPace } from './pace.ts'
import type { DocumentOwner } from './read-document.ts'
import { sendReceipts } from './receipts.ts'
import { createShapeFetch } from './shape-fetch.ts'
import { followShape, type Sink } from './shape-follower.ts'

export interface FollowParts {
  readonly waist: Waist
  readonly door: CloudDoor
  readonly cloudUrl: string
  readonly owner: DocumentOwner
  readonly keepSettings: () => void
  readonly pinPepper: string
  /** The cloud has said that there is nothing newer. */
  readonly heard: () => void
  /** Rows in a commit of their own. @returns whether they were committed */
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  readonly desk: OrderDesk
  readonly roster: Pick<Roster, 'find'>
  readonly removeDevice: (deviceId: DeviceId, noting: (store: Store) => void) => Promise<Reply>
  readonly monotonicMs: () => number
  readonly wallMs: () => number
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random: () => number
  readonly log: Log
  readonly ending: AbortSignal
}

/** Does what comes down from the cloud, and says what became of it. @returns when it was ended */
export async function followCloud(parts: FollowParts): Promise<void> {
  const { waist, door, owner, keepSettings, pinPepper, write, monotonicMs, wallMs, pause, log } = parts
  const pace = createPace(monotonicMs, pause)
  const receipts = sendReceipts(parts)
  const catalogue = createCatalogueSink({ waist, owner, log, keepSettings, pinPepper, wallMs })
  const { desk, roster, removeDevice: remove } = parts
  const inbox = createInboxSink({
    ...{ waist, write, owner, log, desk, roster, remove },
    cloudNowMs: door.nowMs,
    wakeReceipts: receipts.wake,
  })

  /** Which of the two have been told to their end, since the last time that both had. */
  const told = new Set<ShapeName>()
  function noteTold(shape: ShapeName): void {
    if (told.add(shape).size < 2) return
    told.clear()
    parts.heard()
  }

  function follow(shape: ShapeName, sink: Sink): Promise<void> {
    const stand = () => waist.branch().store.cloud.stand(shape, owner.branchId)
    return followShape({
      ...parts,
      shape,
      sink,
      fetch: createShapeFetch({ ...parts, pace, done: () => stand().place }),
      stand,
      onSettled: () => noteTold(shape),
      goOnFrom: (handle, offset) => write((store) => store.cloud.goOnFrom(shape, owner.branchId, handle, offset)),
    })
  }

  await Promise.all([follow('catalogue', catalogue), follow('inbox', inbox), receipts.over, desk.over])
}
