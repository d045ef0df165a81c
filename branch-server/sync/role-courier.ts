import { seal } from '#shared/network/sealed-side.ts'
import type { Log } from '../log.ts'
import type { Settings } from '../store/settings-copy.ts'
import type { Store } from '../store/store.ts'
import type { CloudDoor } from './cloud-door.ts'
import { backOffMs, REFUSED_AGAIN_MS } from './uploader.ts'
import type { Pause } from './within.ts'

const PATH = '/api/v1/sync/role'
/** What somebody set up is looked at this often. */
const LOOK_MS = 5_000

/** What the box that takes this one's place needs beside the log and the catalogue. */
export interface Role extends Pick<Settings, 'pins' | 'devices'> {
  /** Without it no PIN could be proved there; left out by a box of the version before. */
  readonly pinPepper?: string
}

export interface RoleParts {
  readonly door: CloudDoor
  readonly store: () => Store
  /** Whose it is: sealed with it. */
  readonly branchId: string
  readonly log: Log
  readonly pinPepper: string
  readonly pause: Pause
  readonly random: () => number
  readonly ending: AbortSignal
  /** Another number once the cloud was seen to be put back to an older copy. */
  readonly cloudLife: () => number
  /** Has the cloud say by which key devices know this box. @throws Error when it cannot be reached */
  readonly beKnown: () => Promise<void>
}

const roleIn = ({ catalogues, devices }: Store, pinPepper: string): Role => ({
  pins: catalogues.pins(),
  devices: devices.all(),
  pinPepper,
})

/**
 * Tells the cloud who the devices are and which PINs there are whenever that has changed: tokens and PINs as hashes, all
 * of it sealed under a key that is made for each sending. @returns when it was ended
 */
export async function sendRole(parts: RoleParts): Promise<void> {
  const { door, store, branchId, log, pause, random, ending, cloudLife } = parts
  let told = ''
  for (let failures = 0; !ending.aborted; ) {
    try {
      await parts.beKnown()
      const role = roleIn(store(), parts.pinPepper)
      const text = JSON.stringify([cloudLife(), role])
      if (text !== told) {
        const { status } = await door.post(PATH, seal(branchId, role))
        if (status >= 500 || status === 429) throw new Error(`The cloud answers ${status}`)
        // A cloud of the version before has no such address; to one that refuses us a person must speak first.
        if (status === 200) told = text
        else await pause(REFUSED_AGAIN_MS, ending)
      }
      failures = 0
      await pause(LOOK_MS, ending)
    } catch (error) {
      failures += 1
      if (!ending.aborted) log.info({ err: error }, 'the cloud does not hear what was set up here; it is tried again')
      await pause(backOffMs(failures, random), ending)
    }
  }
}
