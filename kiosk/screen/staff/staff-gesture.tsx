import { useEffect, useRef } from 'react'

/** Long enough that no customer does it by chance. */
const HOLD_MS = 3_000
/** On a keyboard, which is only plugged in by somebody who opens the kiosk. */
const STAFF_KEY = 'F9'

interface BranchNameProps {
  readonly name: string
  readonly onStaff: () => void
}

/** Whose branch it is; held for a while it opens the staff menu, which asks who is there. */
export function BranchName({ name, onStaff }: BranchNameProps) {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const stop = (): void => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = null
  }
  useEffect(() => stop, [])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === STAFF_KEY) onStaff()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [onStaff])
  return (
    <p
      className="branch-name"
      onPointerDown={() => {
        stop()
        timer.current = setTimeout(onStaff, HOLD_MS)
      }}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
    >
      {name}
    </p>
  )
}
