import { isForMachine } from './machine-keys.ts'

/** Fingers that pinch. */
const FINGERS_MAX = 1
const MIDDLE_BUTTON = 1
/** The mouse's own keys for back and forward. */
const BACK_BUTTON = 3

const prevent = (event: Event): void => event.preventDefault()

/**
 * A screen before strangers is touched, not browsed: no menus, no links out, nothing dropped, zoomed, printed or opened.
 * It holds what the browser lets a page hold; who keeps the window (tools/keep-screen.ts, shared/shell) holds the rest.
 */
export function lockPage(page: Window & typeof globalThis): void {
  const { document } = page
  const hear = (name: string, act: (event: never) => void): void =>
    page.addEventListener(name, act as (event: Event) => void, { capture: true, passive: false })
  for (const name of ['contextmenu', 'dragstart', 'dragenter', 'dragover', 'drop', 'gesturestart']) hear(name, prevent)
  hear('keydown', (event: KeyboardEvent) => {
    const { key, ctrlKey: isControl, metaKey: isMeta, altKey: isAlt } = event
    // The third sign of a key is typed with both.
    if (event.getModifierState('AltGraph') && key.length === 1) return
    if (!isForMachine({ key, isControl, isMeta, isAlt })) return
    prevent(event)
    event.stopImmediatePropagation()
  })
  hear('wheel', (event: WheelEvent) => {
    if (event.ctrlKey) prevent(event)
  })
  hear('touchmove', (event: TouchEvent) => {
    if (event.touches.length > FINGERS_MAX) prevent(event)
  })
  for (const name of ['mousedown', 'mouseup', 'auxclick'])
    hear(name, (event: MouseEvent) => {
      if (event.button === MIDDLE_BUTTON || event.button >= BACK_BUTTON) prevent(event)
    })
  hear('click', (event: MouseEvent) => {
    // No screen of ours has a link; a key that looks like one does not lead away.
    if (event.target instanceof page.Element && event.target.closest('a[href], area[href]') !== null) prevent(event)
  })
  hear('submit', prevent)
  page.open = () => null
  page.print = () => {}
  for (const name of ['alert', 'confirm', 'prompt'] as const) Object.assign(page, { [name]: () => null })
  document.documentElement.style.touchAction = 'pan-x pan-y'
}
