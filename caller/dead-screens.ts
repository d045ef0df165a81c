import type { KioskScreenState } from '#shared/wire/screens.ts'

/** A kiosk or a display that somebody must walk to, because nobody can use or hear it. */
export interface DeadScreen {
  readonly kiosk: string
  readonly screen: Exclude<KioskScreenState['screen'], 'shown'>
}

/** Reads what the branch says of its kiosks' screens; null = that was no answer. */
export function readDeadScreens(json: unknown): readonly DeadScreen[] | null {
  if (!Array.isArray(json)) return null
  return (json as readonly KioskScreenState[]).flatMap(({ name, screen }) =>
    screen === 'shown' ? [] : [{ kiosk: name, screen }],
  )
}
