import type { KioskScreenState } from '#shared/wire/screens.ts'

/** Nobody at a counter can do anything about it: `jumped` numbers are told to the manager. */
type Calm = 'shown' | 'jumped'

const isCalm = (screen: KioskScreenState['screen']): screen is Calm => screen === 'shown' || screen === 'jumped'

/** A kiosk or a display that somebody must walk to, because nobody can use or hear it. */
export interface DeadScreen {
  readonly kiosk: string
  readonly screen: Exclude<KioskScreenState['screen'], Calm>
}

/** Reads what the branch says of its kiosks' screens; null = that was no answer. */
export function readDeadScreens(json: unknown): readonly DeadScreen[] | null {
  if (!Array.isArray(json)) return null
  return (json as readonly KioskScreenState[]).flatMap(({ name, screen }) =>
    isCalm(screen) ? [] : [{ kiosk: name, screen }],
  )
}
