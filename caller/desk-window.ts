import type * as Electron from 'electron'
import type { Opened } from '#shared/shell/run-shell.ts'
import type { FaceWords } from '#shared/words/create-words.ts'
import { ACT_KEYS } from './keys.ts'
import { TRAY_ICON } from './tray-icon.ts'

/** What of Electron the caller needs beyond a window. */
export type DeskParts = Pick<typeof Electron, 'app' | 'globalShortcut' | 'Menu' | 'nativeImage' | 'Tray'>

const BAR_SIZE = { width: 440, height: 72 }

/**
 * Keys of the whole machine, and the key of the page that each stands for. Function keys with Control and Shift: with
 * Alt they switch the console on Linux, and letters with Control and Alt are signs on many a keyboard.
 */
export const HOT_KEYS: Readonly<Record<string, string>> = {
  'Control+Shift+F7': 'Return',
  'Control+Shift+F8': ACT_KEYS.recall,
  'Control+Shift+F9': ACT_KEYS['no-show'],
}
const SHOW_KEYS = 'Control+Shift+F10'

function show(window: Electron.BrowserWindow): void {
  window.show()
  window.focus()
}

/** The page hears the key as if it were typed into it, in sight or not: no page of ours has any other way to be told. */
function type(window: Electron.BrowserWindow, keyCode: string): void {
  window.webContents.sendInputEvent({ type: 'keyDown', keyCode })
  window.webContents.sendInputEvent({ type: 'keyUp', keyCode })
}

/** @returns the keys that another program has */
function listenToKeys({ globalShortcut, app }: DeskParts, window: Electron.BrowserWindow): readonly string[] {
  const acts = new Map<string, () => void>([
    ...Object.entries(HOT_KEYS).map(([keys, typed]): [string, () => void] => [keys, () => type(window, typed)]),
    [SHOW_KEYS, () => show(window)],
  ])
  app.on('will-quit', () => globalShortcut.unregisterAll())
  return [...acts].filter(([keys, act]) => !globalShortcut.register(keys, act)).map(([keys]) => keys)
}

/** A desk beyond its window: it goes on in the tray, has a bar over other programs, and keys of the whole machine. */
export function openDesk(parts: DeskParts, { window, openBeside }: Opened, words: FaceWords): void {
  const { app, Menu, nativeImage, Tray } = parts
  let isQuitting = false
  app.on('before-quit', () => {
    isQuitting = true
  })
  // Who closes the desk still hears when somebody waits; it ends from the tray.
  window.on('close', (event) => {
    if (isQuitting) return
    event.preventDefault()
    window.hide()
  })
  const bar = openBeside('/?bar', { title: 'SmartQueue', isBar: true, size: BAR_SIZE })
  bar.on('close', (event) => {
    if (isQuitting) return
    event.preventDefault()
    bar.hide()
  })
  const taken = listenToKeys(parts, window)
  const tray = new Tray(nativeImage.createFromDataURL(TRAY_ICON))
  tray.setToolTip('SmartQueue')
  tray.on('click', () => show(window))
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: words.say('tray.open'), click: () => show(window) },
      { label: words.say('tray.bar'), click: () => (bar.isVisible() ? bar.hide() : bar.show()) },
      ...taken.map((keys) => ({ label: words.say('tray.keyTaken', { keys }), enabled: false })),
      { type: 'separator' },
      { label: words.say('tray.quit'), click: () => app.quit() },
    ]),
  )
}
