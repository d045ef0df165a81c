import { useEffect, useRef, useState } from 'react'
import type { BranchView } from './follow-state.ts'
import { followWaits, type HeardWaits, type Waits, type WaitsFollower, waitsNow } from './follow-waits.ts'
import { getJson } from './get-json.ts'

/**
 * The waits that may be told now; none without the server, and none that are old.
 * @param readNowMs - the page's steady clock; must be the same function each time
 * @param atMs - the branch's time now; null until it was heard of
 */
export function useWaits(
  { link, state }: Pick<BranchView, 'link' | 'state'>,
  readNowMs: () => number,
  atMs: number | null,
): Waits {
  const [heard, setHeard] = useState<HeardWaits | null>(null)
  const follower = useRef<WaitsFollower | null>(null)
  const seq = state?.seq ?? null
  useEffect(() => {
    if (link === 'down') return
    const following = followWaits(
      {
        ask: () => getJson('/api/v1/waits'),
        nowMs: readNowMs,
        later: (waitMs, act) => {
          const timer = setTimeout(act, waitMs)
          return () => clearTimeout(timer)
        },
      },
      setHeard,
    )
    follower.current = following
    return () => {
      follower.current = null
      following.stop()
    }
  }, [link, readNowMs])
  useEffect(() => {
    if (seq !== null && link === 'up') follower.current?.hear(seq)
  }, [seq, link])
  return waitsNow(heard, link, readNowMs(), atMs)
}
