import type { FeedStore } from './feed-store.ts'
import { createFinder } from './find-branch.ts'
import type { HostLog } from './host-log.ts'
import type { Pairing } from './pairing.ts'
import { createSuccessions, type Successions } from './succession.ts'

/** Others than the branch that are looked at before it is given up for now. */
const STRANGERS_MAX = 8

/** Finds the branch of a pairing where its key is proved; else the box that took its place, by its cloud's word. */
export interface Seeker extends Pick<Successions, 'learn' | 'keep'> {
  /** @returns the pairing itself when nothing has changed @throws UnreachableError when the branch is nowhere */
  seek(paired: Pairing): Promise<Pairing>
}

export function createSeeker(toldUrl: string | null, store: FeedStore, log: HostLog): Seeker {
  const { follow, learn, keep } = createSuccessions(store, log)
  const strangers = new Set<string>()
  const onStranger = (url: string): void => void (strangers.size < STRANGERS_MAX && strangers.add(url))
  const find = createFinder({ toldUrl, log, onStranger })

  async function seek(paired: Pairing): Promise<Pairing> {
    strangers.clear()
    try {
      const branchUrl = await find(paired)
      if (branchUrl === paired.branchUrl) return paired
      log.info({ branchUrl }, 'the branch has moved')
      return { ...paired, branchUrl }
    } catch (error) {
      for (const url of strangers) {
        const next = await follow(paired, url)
        if (next !== null) return next
      }
      throw error
    }
  }
  return { seek, learn, keep }
}
