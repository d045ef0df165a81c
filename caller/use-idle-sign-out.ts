import { useEffect, useRef } from 'react'

/** So long may a manager's pages lie open without a touch or a key before she is signed out. */
export const MANAGER_IDLE_MS = 10 * 60_000
const LOOK_MS = 1_000

/**
 * Signs a manager out who has left her pages open. A page that begins with a sign-in it has not seen, as after a power
 * cut, has nobody before it: it signs her out at once.
 * @param isSignedIn - a manager is signed in here without a counter of her own
 * @param onIdle - asked again each second until it is so
 */
export function useIdleSignOut(isSignedIn: boolean, readNowMs: () => number, onIdle: () => void): void {
  const lastTouchMs = useRef(Number.NEGATIVE_INFINITY)
  const onIdleNow = useRef(onIdle)
  useEffect(() => {
    onIdleNow.current = onIdle
  })
  useEffect(() => {
    const touch = (): void => {
      lastTouchMs.current = readNowMs()
    }
    const kinds = ['pointerdown', 'keydown', 'wheel'] as const
    for (const kind of kinds) document.addEventListener(kind, touch, { capture: true, passive: true })
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, touch, { capture: true })
    }
  }, [readNowMs])
  useEffect(() => {
    if (!isSignedIn) return
    const look = (): void => {
      if (readNowMs() - lastTouchMs.current >= MANAGER_IDLE_MS) onIdleNow.current()
    }
    look()
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
    // Not with each new `onIdle`: it would ask twice before the branch's word is here, and be told that it may not.
  }, [isSignedIn, readNowMs])
}
