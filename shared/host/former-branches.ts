import { hash } from 'node:crypto'
import type { FormerDevice } from '../wire/requests.ts'
import type { FeedStore } from './feed-store.ts'
import type { Pairing } from './pairing.ts'

/** Whose log the feed's file holds. */
const BRANCH_KEY = 'branch'
/** Who this device was when it was paired last; it outlives a pairing that the branch has ended. */
const FORMER_KEY = 'former device'
/** Keys that the same branch had before its disk was replaced, newest first. */
const FORMER_KEYS_KEY = 'former keys'
const FORMER_KEYS_MAX = 8

/** What a device remembers of its branch beyond the pairing itself, so that it is itself again to a branch on a new disk. */
export interface FormerBranches {
  /** What is told to a branch that the device is paired with now; null when it has never followed one. */
  asDevice(): FormerDevice | null
  /** The keys of this branch: the present one, then those it had before. */
  keysOf(pairing: Pairing | null): readonly string[]
  /**
   * The device is paired. What was kept of another branch is dropped: it is no bookmark in this one.
   * @param saysSame - the branch says that it is the one whose log this device keeps
   * @returns whether the log was kept
   */
  meet(pairing: Pairing, saysSame: boolean): boolean
}

type Remembered = Pick<FormerDevice, 'deviceId' | 'tokenHash' | 'slot'>

export function createFormerBranches(store: FeedStore): FormerBranches {
  const list = (): readonly string[] => JSON.parse(store.meta(FORMER_KEYS_KEY) ?? '[]') as readonly string[]

  return {
    asDevice() {
      const seen = store.seen()
      const text = store.meta(FORMER_KEY)
      if (seen === null || text === null) return null
      const { epoch } = seen.bookmark
      return { ...(JSON.parse(text) as Remembered), epoch, branchId: seen.state.catalogue?.body.branch.id ?? null }
    },
    keysOf: (pairing) => (pairing === null ? [] : [pairing.branchKey, ...list()]),
    meet({ deviceId, token, slot, branchKey }, saysSame) {
      const known = store.meta(BRANCH_KEY)
      const isKept = known === branchKey || saysSame
      const former = known === null || known === branchKey ? list() : [known, ...list()]
      if (!isKept) store.forget()
      store.setMeta(BRANCH_KEY, branchKey)
      const keys = former.filter((key) => key !== branchKey).slice(0, FORMER_KEYS_MAX)
      if (isKept) store.setMeta(FORMER_KEYS_KEY, JSON.stringify(keys))
      store.setMeta(
        FORMER_KEY,
        JSON.stringify({ deviceId, slot, tokenHash: hash('sha256', token) } satisfies Remembered),
      )
      return isKept
    },
  }
}
