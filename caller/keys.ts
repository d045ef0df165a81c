import type { Page, SideAct, Tool } from './model.ts'

/** Where an agent's key leads. `manage`: to the manager's pages and back. */
export type KeyAct = 'primary' | SideAct | Tool | 'manage' | Page

/** The key shown on each button. */
export const ACT_KEYS: Record<Exclude<KeyAct, 'primary' | Page>, string> = {
  recall: 'R',
  hold: 'H',
  return: 'B',
  'no-show': 'N',
  transfer: 'T',
  finish: 'O',
  note: 'W',
  'serve-now': 'S',
  adopt: 'A',
  issue: 'G',
  break: 'P',
  close: 'L',
  manage: 'M',
  setup: 'K',
}

/** On the manager's pages the desk's keys are asleep: nobody is called by accident. */
export const PAGE_KEYS: Record<Page, string> = {
  today: '1',
  floor: '2',
  steer: '3',
  voice: '4',
  media: '5',
  paper: 'E',
  desk: 'Esc',
}

const actByKey = new Map(Object.entries(ACT_KEYS).map(([act, key]) => [key, act as KeyAct]))
const pageByKey = new Map(Object.entries(PAGE_KEYS).map(([page, key]) => [key, page as Page]))

/**
 * The letter a key stands for: what it types, else what is printed at its place, as on an Arabic layout.
 * A key that types another Latin letter keeps that one, wherever it lies.
 */
const letterOf = (key: string, code: string): string =>
  (/^[a-z0-9]$/i.test(key) ? key : code.replace(/^(Key|Digit|Numpad)/, '')).toUpperCase()

/**
 * @param key, code - the character and the place of the key, as the browser names them
 * @param page - what stands on the screen
 */
export function actOfKey({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>, page: Page): KeyAct | null {
  const letter = letterOf(key, code)
  // There the digits say what became of somebody.
  if (page === 'paper') return key === 'Escape' ? 'desk' : null
  if (page !== 'desk') {
    if (key === 'Escape') return 'desk'
    return letter === ACT_KEYS.manage ? 'manage' : (pageByKey.get(letter) ?? null)
  }
  if (key === ' ' || key === 'Enter') return 'primary'
  return letter === PAGE_KEYS.paper ? 'paper' : (actByKey.get(letter) ?? null)
}
