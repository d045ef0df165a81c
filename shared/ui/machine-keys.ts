/** A key as far as it matters here; a page and Electron name its modifiers differently. */
export interface PressedKey {
  readonly key: string
  readonly isControl: boolean
  readonly isMeta: boolean
  readonly isAlt: boolean
}

/** Those that a browser or a system takes; F9 opens a kiosk's staff menu, and from F13 on a pad with four keys speaks. */
const FUNCTION_KEY = /^F([1-8]|1[0-2])$/
const MACHINE_KEYS = ['ContextMenu', 'Help', 'PrintScreen', 'Launch', 'Browser', 'Meta', 'OS']

/**
 * Whether a key is for the browser or the system, and so not for whoever stands before a screen. Alt with digits is how
 * some scanners type.
 */
export const isForMachine = ({ key, isControl, isMeta, isAlt }: PressedKey): boolean =>
  isControl ||
  isMeta ||
  (isAlt && !/^\d$/.test(key)) ||
  FUNCTION_KEY.test(key) ||
  MACHINE_KEYS.some((name) => key.startsWith(name))
