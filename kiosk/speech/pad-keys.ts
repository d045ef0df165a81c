/** What a key of the pad means; the pad is a keyboard to the machine. */
export type PadKey = 'up' | 'down' | 'select' | 'back' | 'access' | 'louder' | 'quieter' | 'plugged' | 'unplugged'

/**
 * By `KeyboardEvent.code`. A pad is programmed to the function keys of this table, or types the plain keys;
 * nothing here is typed by a scanner but Enter, which begins nothing.
 */
const KEYS: Readonly<Record<string, PadKey>> = {
  ArrowUp: 'up',
  ArrowLeft: 'up',
  F13: 'up',
  ArrowDown: 'down',
  ArrowRight: 'down',
  F14: 'down',
  Enter: 'select',
  NumpadEnter: 'select',
  F15: 'select',
  Escape: 'back',
  F16: 'back',
  F17: 'access',
  AudioVolumeUp: 'louder',
  F18: 'louder',
  AudioVolumeDown: 'quieter',
  F19: 'quieter',
  F20: 'plugged',
  F21: 'unplugged',
}

export const padKeyOf = (code: string): PadKey | null => KEYS[code] ?? null

interface Stroke {
  readonly key: string
  /** When, by the event's own clock. */
  readonly atMs: number
}

/** A trembling hand presses twice. */
const SAME_AGAIN_MS = 500
/** Faster than any hand: a scanner types, and its Enter is part of what it read. */
const SCANNER_GAP_MS = 60
const TYPED = /^(Key|Digit|Numpad\d|Minus|Slash|Period|Comma)/

/** Whether a stroke is an accident of the one before it. Going up and down may be as quick as somebody likes. */
export function isAccident(before: Stroke | null, { key, atMs }: Stroke): boolean {
  if (before === null) return false
  const meaning = padKeyOf(key)
  if (meaning === 'select' && TYPED.test(before.key)) return atMs - before.atMs < SCANNER_GAP_MS
  const isAct = meaning === 'select' || meaning === 'back' || meaning === 'access'
  return isAct && before.key === key && atMs - before.atMs < SAME_AGAIN_MS
}

/** Where the screen was touched, in pixels, and when. */
export interface Touch {
  readonly x: number
  readonly y: number
  readonly atMs: number
}

/** The smallest key is as wide. */
const SAME_PLACE_PX = 64

/**
 * Whether a touch is the one before it again, by a hand that trembles: in the same place, whatever stands there now.
 * For the accessible mode; in the usual one people type double letters faster than that.
 */
export const isDoubleTouch = (before: Touch | null, { x, y, atMs }: Touch): boolean =>
  before !== null && atMs - before.atMs < SAME_AGAIN_MS && Math.hypot(x - before.x, y - before.y) < SAME_PLACE_PX
