import type { HostLog } from '#shared/host/host-log.ts'
import { type ButtonPlace, isButtonAct } from './buttons.ts'
import { asksFirst, type GlobalKey, type PressesState } from './global-keys.ts'
import { openButtons, type SerialButtons } from './serial-buttons.ts'

/** Everything that is pressed outside of the page goes to the page, which does it as if its own key had been pressed. */
export interface CallerPresses {
  /** @param tellPage - @returns false: no page is there */
  start(tellPage: (act: string) => boolean): void
  /** @returns false: nobody could do it */
  press(act: string): boolean
  /** Who brings the desk before whoever pressed something that asks first; a window is there later than its host. */
  onRaise(raise: () => void): void
  /** The keys that the window really got: another program may have one already. */
  setGlobalKeys(keys: readonly GlobalKey[]): void
  state(): PressesState
  close(): Promise<void>
}

interface PressesOptions {
  readonly buttons: ButtonPlace | null
  readonly monotonicMs: () => number
  readonly log: HostLog
}

export function createPresses({ buttons, monotonicMs, log }: PressesOptions): CallerPresses {
  let tellPage: (act: string) => boolean = () => false
  let globalKeys: readonly GlobalKey[] = []
  let raise = (): void => {}
  let serial: SerialButtons | null = null

  function press(act: string): boolean {
    if (!isButtonAct(act)) return false
    const isDone = tellPage(act)
    if (!isDone) log.warn({ act }, 'something was pressed, and no page is open that could do it')
    else if (asksFirst(act)) raise()
    return isDone
  }

  return {
    start(tell) {
      tellPage = tell
      if (buttons !== null) serial = openButtons(buttons, { monotonicMs, log, onPress: press })
    },
    press,
    onRaise(asked) {
      raise = asked
    },
    setGlobalKeys(keys) {
      globalKeys = keys
    },
    state: () => ({ globalKeys, isButtonThere: serial === null ? null : serial.isThere() }),
    close: async () => serial?.close(),
  }
}
