/** A key as far as it matters here; a page and Electron name its modifiers differently. */
export interface PressedKey {
  readonly key: string
  readonly isControl: boolean
  readonly isMeta: boolean
  readonly isAlt: boolean
}

/** The staff menu of a kiosk. */
const STAFF_KEY = 'F9'
const MACHINE_KEYS = ['ContextMenu', 'Help', 'PrintScreen', 'Launch', 'Browser', 'Meta', 'OS']

/**
 * Whether a key is for the browser or the system, and so not for whoever stands before a screen. Alt with digits is how
 * some scanners type.
 */
export const isForMachine = ({ key, isControl, isMeta, isAlt }: PressedKey): boolean =>
  isControl ||
  isMeta ||
  (isAlt && !/^\d$/.test(key)) ||
  (/^F\d{1,2}$/.test(key) && key !== STAFF_KEY) ||
  MACHINE_KEYS.some((name) => key.startsWith(name))
