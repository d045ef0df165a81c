import { useEffect } from 'react'

/** More often than the host looks, so that one beat that comes late is not missed. */
const BEAT_MS = 2_000

/** Tells the host that this page draws, as long as it does: a frame came, and something stands in it. */
export function useHeartbeat(tellAlive: () => void): void {
  useEffect(() => {
    const beat = (): void => {
      if (document.querySelector('#root > *') !== null) tellAlive()
    }
    const timer = setInterval(() => requestAnimationFrame(beat), BEAT_MS)
    return () => clearInterval(timer)
  }, [tellAlive])
}
