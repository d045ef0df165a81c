import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Moment } from '../domain/ids.ts'
import type { BranchFollower } from './follow-branch.ts'
import { type BranchView, branchMoment, type ClockAnchor } from './follow-state.ts'

export const useBranchView = (follower: BranchFollower): BranchView =>
  useSyncExternalStore(follower.subscribe, follower.view)

/** The page's steady clock, read anew every so often. */
export function useNowMs(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return nowMs
}

/** The branch's time, ticking. @returns null until the branch was heard of */
export const useBranchMoment = (clock: ClockAnchor | null, everyMs: number): Moment | null =>
  branchMoment(clock, Math.max(useNowMs(everyMs), clock?.takenMs ?? 0))
