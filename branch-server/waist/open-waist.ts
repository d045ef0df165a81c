import type { ClockReading } from '#shared/domain/clock.ts'
import { createWaist, type Waist, type WaistParts } from './execute.ts'
import { createClock, healBranch, newEpoch, type OpenParts, openBranch } from './open-branch.ts'

export interface OpenWaist {
  readonly waist: Waist
  readonly readClock: () => ClockReading
}

/**
 * Opens the branch's file and stands the waist on it. What the waist doubts later is opened again in the same way.
 * @param commit - tests plant their faults here
 * @throws as openBranch does
 */
export function openWaist(parts: OpenParts, commit?: WaistParts['commit']): OpenWaist {
  const branch = openBranch(parts)
  const readClock = createClock(branch.state.now, parts.clocks)
  const waist: Waist = createWaist({
    branch,
    readClock,
    newEpoch: parts.newEpoch ?? newEpoch,
    log: parts.log,
    ...(commit === undefined ? {} : { commit }),
    reopen(isDamaged) {
      waist.branch().store.close()
      return isDamaged ? healBranch(parts, readClock) : openBranch(parts, readClock)
    },
  })
  return { waist, readClock }
}
