import type { Origin } from '#shared/domain/commands.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import type { Feed } from '../feed.ts'
import type { Store } from '../store/store.ts'
import type { Waist } from '../waist/execute.ts'
import type { Reply } from '../waist/settle.ts'
import type { Roster } from './roster.ts'

export interface RemovalParts {
  readonly waist: Waist
  readonly roster: Roster
  readonly feed: Pick<Feed, 'drop'>
  /** Takes over which devices are stored now. */
  readonly keepDevices: () => void
  readonly wallMs: () => number
}

/**
 * Ends a device: its token opens nothing any more and its lines are cut before the removal is decided, so that nothing of
 * it can be decided after. Where the removal does not come true, it is known again.
 * @param decide - has the removal decided, with the rows that go with it
 */
export async function removeDevice<Answer>(
  { waist, roster, feed, keepDevices, wallMs }: RemovalParts,
  deviceId: DeviceId,
  decide: (writes: (store: Store) => void) => Promise<Answer>,
): Promise<Answer> {
  const settled = roster.forget(deviceId)
  feed.drop(deviceId)
  try {
    return await decide((store) =>
      store.devices.remove(deviceId, Math.floor(wallMs()), waist.branch().state.day?.date ?? null),
    )
  } finally {
    settled()
    keepDevices()
  }
}

/** Has it removed by head office, in one commit with what is to be said of it. */
export const removeAs = (
  parts: RemovalParts,
  origin: Origin,
  deviceId: DeviceId,
  noting: (store: Store) => void,
): Promise<Reply> =>
  removeDevice(parts, deviceId, (writes) =>
    parts.waist.execute({
      origin,
      command: { type: 'RemoveDevice', deviceId },
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
      writes(store) {
        writes(store)
        noting(store)
      },
    }),
  )
