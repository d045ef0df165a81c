import type { ButtonAct } from './buttons.ts'

/** A key of the whole machine: it acts while another program has the keyboard. */
export interface GlobalKey {
  /** As Electron names it, and as it is shown. */
  readonly accelerator: string
  readonly act: ButtonAct
}

/**
 * Function keys only: letters lie elsewhere on other keyboards, Control and Alt write signs on French ones, and on Linux
 * they change the screen.
 */
export const GLOBAL_KEYS: readonly GlobalKey[] = [
  { accelerator: 'Control+Shift+F9', act: 'primary' },
  { accelerator: 'Control+Shift+F10', act: 'recall' },
  { accelerator: 'Control+Shift+F8', act: 'no-show' },
  { accelerator: 'Control+Shift+F7', act: 'hold' },
  { accelerator: 'Control+Shift+F6', act: 'transfer' },
]

/** Shows the desk, or puts it away; the window's own affair, and no act. */
export const SHOW_DESK_KEY = 'Control+Shift+F12'

/** Acts that ask something first: whoever presses them elsewhere is led to the desk. */
const ASKING: ReadonlySet<ButtonAct> = new Set([
  'hold',
  'transfer',
  'finish',
  'note',
  'serve-now',
  'adopt',
  'issue',
  'break',
  'close',
] satisfies ButtonAct[])

export const asksFirst = (act: ButtonAct): boolean => ASKING.has(act)

/** What can be pressed outside of the page, as the page shows it. */
export interface PressesState {
  /** Keys of the whole machine that the window has got from it; none without Electron. */
  readonly globalKeys: readonly GlobalKey[]
  /** null: this desk has no push-button. */
  readonly isButtonThere: boolean | null
}
