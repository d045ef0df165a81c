import type { Theme } from '#shared/ui/theme.ts'

/** What this one device is set to. */
export interface DeskSettings {
  /** A soft sound when somebody waits. */
  readonly isSoundOn: boolean
  readonly theme: Theme
}

/** Where a device keeps what it is told, as the browser's own storage. */
export interface KeptWords {
  readonly getItem: (name: string) => string | null
  readonly setItem: (name: string, value: string) => void
}

const SOUND_PLACE = 'smartqueue.caller.sound'
const THEME_PLACE = 'smartqueue.caller.theme'

/** @param prefersNight - what the machine is set to; it counts until somebody has chosen here */
export function readSettings(kept: KeptWords, prefersNight: boolean): DeskSettings {
  const theme = kept.getItem(THEME_PLACE)
  return {
    isSoundOn: kept.getItem(SOUND_PLACE) !== 'off',
    theme: theme === 'light' || theme === 'dark' ? theme : prefersNight ? 'dark' : 'light',
  }
}

export function keepSettings(kept: KeptWords, { isSoundOn, theme }: DeskSettings): void {
  kept.setItem(SOUND_PLACE, isSoundOn ? 'on' : 'off')
  kept.setItem(THEME_PLACE, theme)
}
